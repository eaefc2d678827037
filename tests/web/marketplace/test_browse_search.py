"""`/services/browse/?search=`: decision B25."""

from urllib.parse import urlencode

import pytest

from core.accounts.models import User
from core.marketplace.models import SearchWord
from tests.browsing import PATH, titles
from tests.cast import Api, make_user
from tests.services import category, make_service

pytestmark = pytest.mark.django_db


SEARCHES = [
    "declaration",
    "DÉCLARATION",
    "مُحاسِب",
    "محاسب",
    "المحاسبه",
    "الجزائر",
    "alger",
    "Algiers",
    "16",
    "auditing",
    "benali",
    "declaration benali",
    "tva محاسب alger",
    "ta",
    "audit comptes",
    "التدقيق",
]


@pytest.mark.parametrize("words", SEARCHES)
def test_b25_search_looks_in_every_field(api: Api, client_user: User, words: str) -> None:
    provider = make_user("accountant", full_name="Amel BENALI")
    make_service(
        provider,
        title="Déclaration fiscale TVA",
        description="خدمات المُحاسَبَة و محاسب معتمد, tax",
        location="16",
        categories=[category("Auditing")],
    )
    make_service(
        provider,
        title="Else",
        description="Other",
        location="31",
        categories=[category("Payroll and Social Security")],
    )
    assert titles(api, client_user, f"search={words}") == (
        ["Déclaration fiscale TVA"] if words != "benali" else ["Else", "Déclaration fiscale TVA"]
    )


def test_b25_all_words_must_match(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant, title="tax filing", description="monthly")
    assert titles(api, client_user, "search=monthly+filing") == ["tax filing"]
    assert titles(api, client_user, "search=monthly+yearly") == []
    assert titles(api, client_user, "search=100%25") == []


@pytest.mark.parametrize("signs", ["%", "_", "\\", "@", "%  _", "...", "'", "()", "ـ", "َ"])
def test_signs_alone_find_nothing_and_beside_words_narrow_nothing(
    api: Api, client_user: User, accountant: User, signs: str
) -> None:
    make_service(accountant, title="100 % sure_thing @ home", location="16")
    for filters in ({}, {"location": "16"}):
        assert titles(api, client_user, urlencode({"search": signs, **filters})) == []
        found = titles(api, client_user, urlencode({"search": f"sure {signs}", **filters}))
        assert found == ["100 % sure_thing @ home"]
    past = api.get(f"{PATH}?{urlencode({'search': signs, 'page': 2})}", user=client_user)
    assert past.status_code == 404


@pytest.mark.parametrize("words", ["مسئول", "مسؤول", "مَسْئُول", "الشئون", "شؤون", "مسئول شؤون"])
def test_b25_a_hamza_before_a_waw_is_on_either_letter(
    api: Api, client_user: User, accountant: User, words: str
) -> None:
    make_service(accountant, title="مسؤول عن الشئون الجبائية")
    make_service(accountant, title="مسلول شجون")
    assert titles(api, client_user, f"search={words}") == ["مسؤول عن الشئون الجبائية"]


def test_search_follows_renames(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant, title="x", categories=[category("Auditing")])
    assert titles(api, client_user, "search=newname") == []
    accountant.full_name = "Newname"
    accountant.save()
    assert titles(api, client_user, "search=newname") == ["x"]


def test_a_word_of_ten_thousand_letters_harms_nothing(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant, title="long", description="ab" * 5000)
    assert titles(api, client_user, f"search={'ab' * 20}") == ["long"]
    assert titles(api, client_user, f"search={'ab' * 200}") == ["long"]


def test_a_word_that_is_listed_twice_finds_once(api: Api, client_user: User, accountant: User) -> None:
    """Two writers of the same new word don't wait for each other."""
    SearchWord.objects.create(word="declaration")
    make_service(accountant, title="declaration")
    SearchWord.objects.create(word="declaration")
    assert titles(api, client_user, "search=declaration") == ["declaration"]
