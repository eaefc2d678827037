"""`/services/browse/`: who sees what, filters, search, order, pages."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest

from core.accounts.actions.status import activate_account, suspend_account
from core.accounts.models import User
from core.marketplace.models import SearchWord, Service
from tests.cast import Api, make_user, tokens_of
from tests.services import category, make_service
from web.marketplace.routes import BrowsePage
from web.marketplace.schemas import OwnServiceCard, ServiceCard

PATH = "/services/browse/"
CARD = {
    "id",
    "user",
    "service_type",
    "title",
    "description",
    "categories",
    "price",
    "location",
    "delivery_method",
    "is_featured",
    "created_at",
    "is_course",
}

pytestmark = pytest.mark.django_db


def titles(api: Api, user: User, query: str = "", **params: Any) -> list[str]:
    response = api.get(f"{PATH}?{query}", user=user)
    assert response.status_code == 200, response.content
    shown = response.json()
    assert shown["count"] == len(shown["results"])
    return [one["title"] for one in shown["results"]]


def feature(service: Service, **columns: Any) -> None:
    Service.objects.filter(id=service.id).update(**columns)


def test_each_role_sees_its_own(
    api: Api, client_user: User, accountant: User, academic: User, admin_user: User
) -> None:
    make_service(accountant, title="offered")
    make_service(accountant, title="course", is_course=True)
    make_service(client_user, title="needed")
    assert titles(api, client_user) == ["offered"]
    assert titles(api, accountant) == ["needed"]
    assert titles(api, academic) == ["course"]
    assert titles(api, admin_user) == []


def test_contract_of_the_lists(api: Api, client_user: User, accountant: User) -> None:
    """What PostgreSQL makes is what the OpenAPI says, key by key."""
    make_service(
        accountant, price=400, location="16", categories=[category("Auditing"), category("Accounting")]
    )
    page = api.get(PATH, user=client_user).json()
    assert page.keys() == BrowsePage.model_fields.keys()
    (card,) = page["results"]
    assert card.keys() == CARD == ServiceCard.model_json_schema(mode="serialization")["properties"].keys()
    assert card["price"] == "400.00"
    assert [one["name"] for one in card["categories"]] == ["Accounting", "Auditing"]
    assert card["user"].keys() == {"pk", "email", "full_name", "user_type"}
    assert card["created_at"].endswith("Z")
    datetime.fromisoformat(card["created_at"])
    card["user"]["id"] = card["user"]["pk"]
    ServiceCard.model_validate(card)
    (own,) = api.get("/services/my/", user=accountant).json()
    assert own.keys() == OwnServiceCard.model_json_schema(mode="serialization")["properties"].keys()


def test_anonymous(api: Api) -> None:
    assert api.get(PATH).status_code == 401
    assert api.get(f"{PATH}{uuid4()}/").status_code == 401


@pytest.fixture
def market(accountant: User) -> list[Service]:
    """Three offered services that differ in everything that can be filtered."""
    one = make_service(
        accountant,
        title="one",
        location="16",
        price=100,
        estimated_duration=1,
        duration_unit="hours",
        categories=[category("Auditing")],
    )
    two = make_service(
        accountant,
        title="two",
        location="31",
        price=500,
        estimated_duration=5,
        duration_unit="days",
        categories=[category("Accounting"), category("Auditing")],
    )
    three = make_service(
        accountant,
        title="three",
        location="online",
        estimated_duration=9,
        duration_unit="weeks",
        categories=[category("Bookkeeping")],
    )
    feature(two, is_featured=True, created_at=datetime(2025, 6, 15, 23, 59, 59, 999999, UTC))
    feature(one, created_at=datetime(2025, 6, 15, tzinfo=UTC))
    feature(three, created_at=datetime(2025, 6, 16, tzinfo=UTC))
    return [one, two, three]


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("location=16", {"one"}),
        ("location=16,31", {"one", "two"}),
        ("location=16&location=31", {"one", "two"}),
        ("location=16,31&location=online", {"one", "two", "three"}),
        ("location=online", {"three"}),
        ("location=", {"one", "two", "three"}),
        ("min_price=100", {"one", "two"}),
        ("max_price=499.99", {"one"}),
        ("min_price=100&max_price=100", {"one"}),
        ("duration_unit=hours,days", {"one", "two"}),
        ("duration_unit=hours&duration_unit=weeks", {"one", "three"}),
        ("min_duration=5", {"two", "three"}),
        ("max_duration=5", {"one", "two"}),
        ("is_featured=true", {"two"}),
        ("is_featured=false", {"one", "three"}),
        ("created_after=2025-06-16", {"three"}),
        ("created_before=2025-06-15", {"one", "two"}),
        ("created_after=2025-06-15&created_before=2025-06-15", {"one", "two"}),
        ("location=16,31&min_price=200&duration_unit=days&is_featured=true&search=two", {"two"}),
        ("location=16&min_price=200", set()),
    ],
)
def test_b9_b18_filters(api: Api, client_user: User, query: str, found: set[str]) -> None:
    assert set(titles(api, client_user, query)) == found


def test_b9_categories(api: Api, client_user: User, market: list[Service]) -> None:
    auditing, bookkeeping = category("Auditing").id, category("Bookkeeping").id
    assert set(titles(api, client_user, f"categories={auditing}")) == {"one", "two"}
    assert len(titles(api, client_user, f"categories={auditing},{bookkeeping}")) == 3
    assert len(titles(api, client_user, f"categories={auditing}&categories={bookkeeping}")) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("location=59", "location"),
        ("location=16,Alger", "location"),
        ("location=16&location=1", "location"),
        ("categories=nonsense", "categories"),
        ("categories=00000000-0000-4000-8000-000000000000", "categories"),
        ("duration_unit=years", "duration_unit"),
        ("min_price=cheap", "min_price"),
        ("min_price=-1", "min_price"),
        ("max_price=-0.01", "max_price"),
        ("min_price=1_000", "min_price"),
        ("min_duration=1_0", "min_duration"),
        ("max_price=NaN", "max_price"),
        ("max_price=Infinity", "max_price"),
        ("min_duration=1.5", "min_duration"),
        ("max_duration=99999999999999999999", "max_duration"),
        ("is_featured=maybe", "is_featured"),
        ("created_after=01/02/2025", "created_after"),
        ("created_before=2025-02-30", "created_before"),
        ("ordering=title", "ordering"),
        ("search=%00", "search"),
        (f"search={'a' * 501}", "search"),
    ],
)
def test_b9_an_unknown_value_is_told_under_its_name(
    api: Api, client_user: User, query: str, field: str
) -> None:
    response = api.get(f"{PATH}?{query}", user=client_user)
    assert response.status_code == 400
    assert list(response.json()) == [field]


@pytest.mark.parametrize("page", ["1%00", "0", "-1", "x", "1.0", "1_0", "%d9%a1", "9" * 30])
def test_what_is_no_page_is_not_found(api: Api, client_user: User, page: str) -> None:
    response = api.get(f"{PATH}?page={page}", user=client_user)
    assert (response.status_code, response.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize("query", ["search=%ff%fe", "page=%ff", "location=%00", "ordering=%f0%9f"])
def test_bytes_that_are_no_text_are_no_failure(api: Api, client_user: User, query: str) -> None:
    assert api.get(f"{PATH}?{query}", user=client_user).status_code in {200, 400, 404}


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


def test_search_follows_renames(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant, title="x", categories=[category("Auditing")])
    assert titles(api, client_user, "search=newname") == []
    accountant.full_name = "Newname"
    accountant.save()
    assert titles(api, client_user, "search=newname") == ["x"]


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", ["three", "two", "one"]),
        ("-created_at", ["three", "two", "one"]),
        ("created_at", ["one", "two", "three"]),
        ("price", ["one", "two", "three"]),
        ("-price", ["two", "one", "three"]),
        ("estimated_duration", ["one", "two", "three"]),
        ("-estimated_duration", ["three", "two", "one"]),
    ],
)
def test_ordering(api: Api, client_user: User, ordering: str, expected: list[str]) -> None:
    assert titles(api, client_user, f"ordering={ordering}") == expected
    assert titles(api, client_user, f"ordering={ordering}&min_duration=1") == expected


def many(owner: User, count: int) -> None:
    for number in range(count):
        make_service(owner, title=f"t{number}", price=7)


@pytest.mark.parametrize("query", ["", "search=declarations", "ordering=price", "ordering=-price&location="])
def test_pages_hold_everything_once(api: Api, client_user: User, accountant: User, query: str) -> None:
    many(accountant, 45)
    seen, url, numbers = [], f"{PATH}?{query}", 0
    while url:
        page = api.get(url, user=client_user).json()
        assert page["count"] == 45
        seen += [one["id"] for one in page["results"]]
        numbers += 1
        url = page["next"] and page["next"].removeprefix("http://testserver")
    assert numbers == 3
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "price", "-price", "estimated_duration"])
@pytest.mark.parametrize("query", ["", "&search=declarations"])
def test_cursors_give_what_pages_give(
    api: Api, client_user: User, accountant: User, ordering: str, query: str
) -> None:
    many(accountant, 43)
    feature(Service.objects.all()[0], price=None)
    by_page = [
        one["id"]
        for number in (1, 2, 3)
        for one in api.get(f"{PATH}?ordering={ordering}{query}&page={number}", user=client_user).json()[
            "results"
        ]
    ]
    page = api.get(f"{PATH}?ordering={ordering}{query}", user=client_user).json()
    by_cursor = [one["id"] for one in page["results"]]
    while page["next_cursor"]:
        page = api.get(
            f"{PATH}?ordering={ordering}{query}&cursor={page['next_cursor']}", user=client_user
        ).json()
        assert page["count"] == 43
        by_cursor += [one["id"] for one in page["results"]]
    assert by_cursor == by_page


def test_links_are_absolute_and_keep_the_other_parameters(
    api: Api, client_user: User, accountant: User
) -> None:
    many(accountant, 41)
    page = api.get(f"{PATH}?page=2&search=declarations&ordering=price", user=client_user).json()
    following, previous = urlsplit(page["next"]), urlsplit(page["previous"])
    assert (following.scheme, following.netloc, following.path) == ("http", "testserver", PATH)
    assert parse_qs(following.query) == {"page": ["3"], "search": ["declarations"], "ordering": ["price"]}
    assert parse_qs(previous.query) == {"search": ["declarations"], "ordering": ["price"]}
    assert api.get(PATH, user=client_user).json()["previous"] is None
    assert api.get(f"{PATH}?page=3", user=client_user).json()["next"] is None


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.5", "999999999999999999999", "٢"])
def test_a_page_out_of_range_is_not_found(api: Api, client_user: User, accountant: User, page: str) -> None:
    make_service(accountant)
    response = api.get(f"{PATH}?page={page}", user=client_user)
    assert response.status_code == 404
    assert response.json() == {"detail": "Invalid page."}


@pytest.mark.parametrize("cursor", ["x", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_cursor_is_not_found(api: Api, client_user: User, cursor: str) -> None:
    response = api.get(f"{PATH}?cursor={cursor}", user=client_user)
    assert (response.status_code, response.json()) == (404, {"detail": "Invalid cursor."})


def test_an_empty_list_has_a_first_page(api: Api, client_user: User) -> None:
    assert api.get(PATH, user=client_user).json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "next_cursor": None,
        "results": [],
    }


def test_b21_services_of_a_suspended_owner_are_hidden(api: Api, client_user: User, accountant: User) -> None:
    service = make_service(accountant)
    suspend_account(user_id=accountant.id)
    assert titles(api, client_user) == titles(api, client_user, "search=declaration") == []
    assert api.get(f"{PATH}{service.id}/", user=client_user).status_code == 404
    activate_account(user_id=accountant.id)
    assert len(titles(api, client_user)) == 1


def test_b27_deleted_services_are_not_counted(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant)
    service = make_service(accountant)
    api.delete(f"/services/{service.id}/delete/", user=accountant)
    assert len(titles(api, client_user)) == 1


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("query", ["", "?search=declaration&location=&min_duration=1"])
def test_queries_do_not_grow_with_the_page(
    api: Api, client_user: User, accountant: User, django_assert_num_queries: Any, count: int, query: str
) -> None:
    many(accountant, count)
    token = tokens_of(client_user).access
    with django_assert_num_queries(3):  # who asks, the stamp or the words, and the page
        api.get(PATH + query, token=token)


class TestDetail:
    def test_b17_only_what_one_browses(
        self, api: Api, client_user: User, accountant: User, academic: User, admin_user: User
    ) -> None:
        offered, needed = make_service(accountant), make_service(client_user)
        course = make_service(accountant, is_course=True)
        seen = {client_user: offered, accountant: needed, academic: course}
        for user in (client_user, accountant, academic, admin_user):
            for service in (offered, needed, course):
                status = api.get(f"{PATH}{service.id}/", user=user).status_code
                assert status == (200 if seen.get(user) == service else 404)

    def test_b15_shapes(self, api: Api, client_user: User, accountant: User) -> None:
        offered = api.get(f"{PATH}{make_service(accountant).id}/", user=client_user).json()
        needed = api.get(f"{PATH}{make_service(client_user).id}/", user=accountant).json()
        assert needed.keys() - offered.keys() == {"tasks_and_responsibilities", "conditions_requirements"}
        assert offered.keys() <= needed.keys()
        assert "updated_at" in offered

    def test_b16_deleted(self, api: Api, client_user: User, accountant: User) -> None:
        service = make_service(accountant)
        api.delete(f"/services/{service.id}/delete/", user=accountant)
        assert api.get(f"{PATH}{service.id}/", user=client_user).json() == {"detail": "Not found."}

    @pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "nonsense"])
    def test_missing(self, api: Api, client_user: User, identifier: str) -> None:
        assert api.get(f"{PATH}{identifier}/", user=client_user).status_code == 404


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


def test_b18_the_last_day_there_is_limits_nothing(api: Api, client_user: User) -> None:
    answer = api.get("/services/browse/?created_before=9999-12-31&created_after=0001-01-01", user=client_user)
    assert answer.status_code == 200
