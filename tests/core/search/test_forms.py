"""The forms of a query: whatever is asked, they have the same words, and find each other."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.marketplace.filters import patterns_of

pytestmark = pytest.mark.django_db
_UNHURRIED = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_LETTERS = "بتسعمورقا"
_CARRIERS = "ؤئ"
_PARTS = st.text(_LETTERS, min_size=1, max_size=6)
_ANYTHING = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("ءؤئوي\u0654\u064f\u06dd\u0640 |%_"),
    max_size=30,
)


def finds(query: str, text: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_document(%s) LIKE ANY (search_patterns(%s))", [text, query])
        return bool(cursor.fetchone()[0])


@_UNHURRIED
@given(before=_PARTS, after=st.text(_LETTERS, max_size=6))
def test_b25_either_carrier_finds_the_other(before: str, after: str) -> None:
    for asked in _CARRIERS:
        for written in _CARRIERS:
            assert finds(f"{before}{asked}و{after}", f"x {before}{written}و{after} y")


@_UNHURRIED
@given(query=_ANYTHING)
def test_all_forms_of_a_query_have_as_many_words(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_forms(%s), search_document(%s)", [query, query])
        forms, document = cursor.fetchone()
    assert document in forms
    assert {len(form.split()) for form in forms} == {len(document.split())}
    assert all(pattern.strip("%|") for pattern in patterns_of(query))


@_UNHURRIED
@given(text=_ANYTHING)
def test_b25_a_word_is_found_by_itself(text: str) -> None:
    for word in text.split():
        assert finds(word, text)
