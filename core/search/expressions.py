"""The SQL functions of search as Django expressions.

A column of documents is made with `Document`, indexed with gin_trgm_ops, and asked with
`all_words("search_text", query)` or the lookup `search_text__has_word`.
"""

from typing import Any

from django.db.models import CharField, Func, Lookup, Q, TextField

MAX_WORDS = 12


class Document(Func):
    """Texts as they are searched: search_document(concatenation). Immutable, so indexable."""

    function = "search_document"
    output_field = TextField()


@TextField.register_lookup
@CharField.register_lookup
class HasWord(Lookup):
    """Whether a document contains the word; one of one or two letters must begin a word."""

    lookup_name = "has_word"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        document, document_params = self.process_lhs(compiler, connection)
        word, word_params = self.process_rhs(compiler, connection)
        return f"{document} LIKE search_pattern({word})", (*document_params, *word_params)


def words_of(query: str) -> list[str]:
    """The words of a query that count: the first twelve different ones."""
    return list(dict.fromkeys(query.split()))[:MAX_WORDS]


def all_words(document: str, query: str) -> Q:
    """The document (a field or alias by name) contains every word of the query."""
    found = Q()
    for word in words_of(query):
        found &= Q(**{f"{document}__has_word": word})
    return found
