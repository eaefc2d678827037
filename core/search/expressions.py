"""The SQL functions of search as Django expressions.

A column of documents is made with `Document`, indexed with gin_trgm_ops, and asked with `all_words`.
"""

from django.db.models import Func, TextField

MAX_WORDS = 12


class Document(Func):
    """Texts as they are searched: search_document(concatenation). Immutable, so indexable."""

    function = "search_document"
    output_field = TextField()


def words_of(query: str) -> list[str]:
    """The words of a query that count: the first twelve different ones."""
    return list(dict.fromkeys(query.split()))[:MAX_WORDS]


def all_words(document: str, query: str) -> tuple[str, dict[str, str]]:
    """SQL that a document contains every word of the query, and its parameters; "" for no words.

    Signs among words narrow nothing; a query of signs alone finds nothing.
    """
    words = {f"word{number}": word for number, word in enumerate(words_of(query))}
    if not words:
        return "", {}
    found = [f"{document} LIKE ANY (search_patterns(%({name})s))" for name in words]
    return " AND ".join([*found, "search_document(%(search)s) <> '  '"]), {**words, "search": query}
