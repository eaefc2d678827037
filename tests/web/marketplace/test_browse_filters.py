"""`/services/browse/`: what narrows the list."""

import pytest

from core.accounts.models import User
from core.marketplace.models import Service
from tests.browsing import PATH, titles
from tests.cast import Api
from tests.services import category

pytestmark = pytest.mark.django_db


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
        ("created_before=1735689600", "created_before"),
        ("created_before=2025-01-01T00:00:00Z", "created_before"),
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


@pytest.mark.parametrize("query", ["search=%ff%fe", "page=%ff", "location=%00", "ordering=%f0%9f"])
def test_bytes_that_are_no_text_are_no_failure(api: Api, client_user: User, query: str) -> None:
    assert api.get(f"{PATH}?{query}", user=client_user).status_code in {200, 400, 404}


def test_b18_the_last_day_there_is_limits_nothing(api: Api, client_user: User) -> None:
    answer = api.get("/services/browse/?created_before=9999-12-31&created_after=0001-01-01", user=client_user)
    assert answer.status_code == 200
