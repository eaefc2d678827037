"""`/services/browse/`: its order, pages and cursors."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.accounts.models import User
from core.marketplace.models import Service
from tests.browsing import PATH, feature, many, titles
from tests.cast import Api, make_user
from tests.services import make_service

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("page", ["1%00", "0", "-1", "x", "1.0", "1_0", "%d9%a1", "9" * 30])
def test_what_is_no_page_is_not_found(api: Api, client_user: User, page: str) -> None:
    response = api.get(f"{PATH}?page={page}", user=client_user)
    assert (response.status_code, response.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize("cursor", ["x", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_cursor_is_not_found(api: Api, client_user: User, cursor: str) -> None:
    response = api.get(f"{PATH}?cursor={cursor}", user=client_user)
    assert (response.status_code, response.json()) == (404, {"detail": "Invalid cursor."})


def test_where_a_service_stands_is_told_to_nobody_who_was_not_shown_it(api: Api, client_user: User) -> None:
    hidden = make_service(make_user("client"))
    assert api.get(f"{PATH}?cursor={hidden.id}", user=client_user).status_code == 404


def test_an_empty_list_has_a_first_page(api: Api, client_user: User) -> None:
    assert api.get(PATH, user=client_user).json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "next_cursor": None,
        "results": [],
    }
