"""Decision B25: what search takes for the same."""

import pytest
from django.db import connection

from core.search.expressions import all_words

pytestmark = pytest.mark.django_db


def found(word: str, text: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_document(%s) LIKE ANY (search_patterns(%s))", [text, word])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("محاسب", "مُحاسِب"),
        ("مُحاسِب", "المحاسب القانوني"),
        ("declaration", "Déclaration fiscale"),
        ("DÉCLARATION", "la declaration"),
        ("احمد", "أحمد"),
        ("إحمد", "احمد"),
        ("اسيا", "آسيا"),
        ("مدرسة", "مدرسه"),
        ("مصطفي", "مصطفى"),
        ("محاســـب", "محاسب"),
        ("مسؤول", "مسوول"),
        ("شيء", "شي"),
        ("مسؤول", "مسئول"),
        ("مسئول", "مسؤول"),
        ("مسئول", "مَسْؤُول"),
        ("مَسْئُول", "المسؤولون"),
        ("شؤون", "شئون"),
        ("شئون", "الشؤون الاجتماعية"),
        ("ﺷﺌﻮﻥ", "شؤون"),
        ("رءوس", "رؤوس"),
        ("مبتدئ", "مبتدئون"),
        ("مبتديون", "مبتدئون"),
        ("2026", "سنة ٢٠٢٦"),
        ("coeur", "cœur de métier"),
        ("ﻣﺤﺎﺳﺐ", "محاسب"),
        ("tax-filing", "(Tax) filing"),
        ("100%", "over 100 % sure"),
    ],
)
def test_b25_case_accents_marks_and_letter_variants_do_not_matter(word: str, text: str) -> None:
    assert found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("محاسب", "طبيب"),
        ("دائرة", "إدارة"),
        ("فئات", "فواتير"),
        ("رؤوس", "دروس"),
        ("مديون", "مدوون"),
        ("a_b", "axb"),
        ("%zzz%", "anything"),
        ("it", "audit"),
        ("tva", "tv a"),
    ],
)
def test_other_texts_are_not_found(word: str, text: str) -> None:
    assert not found(word, text)


def test_two_letters_begin_a_word() -> None:
    assert found("it", "We do (IT) audits")
    assert found("ta", "tax")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("%", False),
        ("_", False),
        ("\\", False),
        ("@ !!", False),
        ("any %", True),
        ("thing any", True),
        ("x any", False),
    ],
)
def test_signs_find_nothing_and_among_words_narrow_nothing(query: str, is_found: bool) -> None:
    condition, params = all_words("search_document('anything')", query)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {condition}", params)
        assert cursor.fetchone() == (is_found,)
