"""Words together with other filters: what search sets answer is what the services themselves say."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core import pages
from core.accounts.models import User
from core.marketplace import browse as browsing
from core.marketplace import search_sets
from core.marketplace.browse import NEWEST, ORDERINGS, Page, Place, browse
from core.marketplace.filters import Filters, patterns_of
from core.marketplace.models import SearchSet, Service
from core.marketplace.search_upkeep import keep_sets
from core.marketplace.visibility import browsed_by
from tests.services import category, make_service

# Each change commits: within one transaction, no snapshot would tell what came before it.
pytestmark = pytest.mark.django_db(transaction=True)
QUERY = "declaration audit"
FILTERS: dict[str, Filters] = {
    "location": Filters(location=("16", "31")),
    "lowest price": Filters(min_price=Decimal(3)),
    "highest price": Filters(max_price=Decimal(3)),
    "unit": Filters(duration_unit=("weeks",)),
    "shortest": Filters(min_duration=2),
    "longest": Filters(max_duration=2),
    "featured": Filters(is_featured=True),
    "from a day on": Filters(created_after=date(2025, 6, 15)),
    "to a day": Filters(created_before=date(2025, 6, 15)),
    "all": Filters(location=("16",), min_price=Decimal(1), min_duration=1, is_featured=False),
}


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets are used however few services there are."""
    monkeypatch.setattr(search_sets, "_LEAST_SHARE", 10_000_000)
    monkeypatch.setattr(browsing, "FEWEST_RESULTS", 1)


@pytest.fixture
def market(accountant: User) -> list[Service]:
    """Twenty-five that differ in whatever a list is narrowed by, and sets of what is asked."""
    made = [_made(accountant, number) for number in range(25)]
    for pattern in patterns_of(QUERY):
        SearchSet.objects.create(service_type="offered", is_course=False, pattern=pattern)
    keep_sets()
    return made


def _made(owner: User, number: int) -> Service:
    made = make_service(
        owner,
        title="Audit" if number % 4 else "Bilan",
        price=None if number % 5 == 0 else number % 7,
        location=("16", "31", "online")[number % 3],
        estimated_duration=1 + number % 3,
        duration_unit=("days", "weeks")[number % 2],
        categories=[category(("Cost Accounting", "Bookkeeping")[number % 2])],
    )
    created_at = datetime(2025, 6, 1 + number, 12, tzinfo=UTC)
    Service.objects.filter(id=made.id).update(is_featured=number % 6 == 0, created_at=created_at)
    return made


def narrowed(actor: User, filters: Filters, ordering: str = NEWEST, **place: Any) -> Page:
    """The page that search sets give, which is that of the index of words."""
    sort = browsed_by(actor)
    assert sort is not None
    asked = Place(filters, ordering, place.get("page", 1), place.get("cursor"), patterns_of(filters.search))
    found = browsing._narrowed_by_sets(sort, asked)
    assert found is not None
    assert found == browsing._read_anew(sort, asked)
    return found


def asked(filters: Filters) -> Filters:
    return Filters(**{**{name: getattr(filters, name) for name in filters.__slots__}, "search": QUERY})


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_every_filter_narrows_what_sets_find(client_user: User, filters: Filters) -> None:
    alone = browse(actor=client_user, filters=Filters(search=QUERY)).count
    assert 0 < narrowed(client_user, asked(filters)).count < alone


def test_categories_narrow_what_sets_find(client_user: User, market: list[Service]) -> None:
    costs, bookkeeping = category("Cost Accounting").id, category("Bookkeeping").id
    one, both = (costs,), (costs, bookkeeping)
    assert narrowed(client_user, asked(Filters(categories=one))).count == 6
    assert narrowed(client_user, asked(Filters(categories=both))).count == 18


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_and_cursors_in_every_order(
    client_user: User, monkeypatch: pytest.MonkeyPatch, ordering: str
) -> None:
    filters = asked(Filters(max_duration=2))
    for module in (browsing, pages):
        monkeypatch.setattr(module, "PAGE_SIZE", 5)
    first, second = (narrowed(client_user, filters, ordering, page=page) for page in (1, 2))
    assert first.count == second.count == 12
    assert narrowed(client_user, filters, ordering, cursor=first.last_id).results == second.results


def test_each_change_counts_at_once_and_after_upkeep(
    client_user: User, accountant: User, market: list[Service]
) -> None:
    filters = asked(Filters(location=("31",)))
    before = narrowed(client_user, filters).count
    make_service(accountant, title="Audit", location="31")
    make_service(accountant, title="Bilan", location="31")
    Service.objects.filter(id=market[3].id).update(location="31")
    Service.objects.filter(id=market[1].id).update(title="Bilan")
    Service.objects.get(id=market[7].id).delete()
    Service.objects.filter(id=market[10].id).update(location="16")
    changed = narrowed(client_user, filters)
    assert changed.count == before + 2 - 3
    keep_sets()
    assert narrowed(client_user, filters) == changed


def test_what_few_are_found_by_is_left_to_the_index_of_words(
    client_user: User, market: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = asked(Filters(location=("16",)))
    count = narrowed(client_user, filters).count
    monkeypatch.setattr(search_sets, "_LEAST_SHARE", 1)
    sort = browsed_by(client_user)
    assert sort is not None
    place = Place(filters, NEWEST, 1, None, patterns_of(QUERY))
    assert browsing._narrowed_by_sets(sort, place) is None
    assert browse(actor=client_user, filters=filters).count == count


def test_sets_are_asked_for_whatever_else_narrows(client_user: User, accountant: User) -> None:
    make_service(accountant, title="Audit", location="16")
    assert browse(actor=client_user, filters=asked(Filters(location=("16",)))).count == 1
    assert set(SearchSet.objects.values_list("pattern", flat=True)) == {"%declaration%", "%audit%"}
