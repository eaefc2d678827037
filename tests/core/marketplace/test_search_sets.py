"""What search sets answer is what the services themselves say, whatever happened since."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.accounts.models import User
from core.marketplace import browse as browsing
from core.marketplace import search_sets
from core.marketplace.browse import NEWEST, ORDERINGS, Page, Place, browse
from core.marketplace.filters import Filters, patterns_of
from core.marketplace.models import SearchSet, Service, ServiceGone
from core.marketplace.search_upkeep import KEPT_FOR, keep_sets
from core.marketplace.visibility import browsed_by
from tests.cast import make_user
from tests.services import category, make_service

# Each change commits: within one transaction, no snapshot would tell what came before it.
pytestmark = pytest.mark.django_db(transaction=True)
QUERY = "declaration audit"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets are used however few services there are."""
    monkeypatch.setattr(search_sets, "_LONGEST_WALK", 10_000_000)
    monkeypatch.setattr(browsing, "FEWEST_RESULTS", 1)


def by_sets(actor: User, query: str = QUERY, ordering: str = NEWEST, **place: Any) -> Page:
    """The page that search sets give; there must be one."""
    seen = Place(
        Filters(search=query),
        ordering,
        place.get("page", 1),
        place.get("cursor"),
        patterns_of(query),
    )
    sort = browsed_by(actor)
    assert sort is not None
    found = browsing._by_sets(sort, seen)
    assert found is not None
    assert found == browsing._read_anew(sort, seen)
    return found


def make_sets(actor: User, query: str = QUERY) -> None:
    browse(actor=actor, filters=Filters(search=query))
    keep_sets()
    assert not SearchSet.objects.filter(bits=None).exists()


def found_services(accountant: User, count: int = 3) -> list[Service]:
    return [make_service(accountant, title=f"Audit {number}") for number in range(count)]


def update(**columns: object) -> Callable[[Service], object]:
    return lambda service: Service.objects.filter(id=service.id).update(**columns)


def update_owner(**columns: object) -> Callable[[Service], object]:
    return lambda service: User.objects.filter(id=service.user_id).update(**columns)


# Of the second of three services.
CHANGES: dict[str, Callable[[Service], object]] = {
    "retitled": update(title="Bilan"),
    "described": update(description="Audit declaration bilan"),
    "made a course": update(is_course=True),
    "inactive": update(is_active=False),
    "featured": update(is_featured=True),
    "dearer": update(price=7),
    "deleted": lambda service: service.delete(),
    "another made": lambda service: make_service(service.user, title="Audit of a declaration"),
    "an unlike one made": lambda service: make_service(service.user, title="Bilan", description="Bilan"),
    "owner suspended": update_owner(account_status="suspended"),
    "owner renamed": update_owner(full_name="Audit Declaration"),
    "category chosen": lambda service: service.categories.set([category("Bookkeeping")]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_each_change_counts_at_once_and_after_upkeep(
    client_user: User, accountant: User, change: Callable[[Service], object]
) -> None:
    services = found_services(accountant)
    make_service(make_user("accountant"), title="Audit")
    make_sets(client_user)
    assert by_sets(client_user).count == 4
    change(services[1])
    changed = by_sets(client_user)
    keep_sets()
    assert by_sets(client_user) == changed


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_and_cursors_in_every_order(client_user: User, accountant: User, ordering: str) -> None:
    for number in range(45):
        price = None if number % 5 == 0 else number % 7
        make_service(accountant, title="Audit", price=price, estimated_duration=1 + number % 3)
    make_sets(client_user)
    make_service(accountant, title="Audit", price=3, estimated_duration=2)
    pages = [by_sets(client_user, ordering=ordering, page=page) for page in (1, 2, 3)]
    assert [page.count for page in pages] == [46] * 3
    assert by_sets(client_user, ordering=ordering, cursor=pages[0].last_id).results == pages[1].results


def test_what_many_are_found_by_is_asked_for_once(client_user: User, accountant: User) -> None:
    found_services(accountant)
    for _ in range(2):
        assert browse(actor=client_user, filters=Filters(search=QUERY)).count == 3
    assert set(SearchSet.objects.values_list("pattern", flat=True)) == {"%declaration%", "%audit%"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_job WHERE name = 'marketplace.keep_search_sets'")
        assert cursor.fetchone() == (1,)


def test_each_role_has_its_own_sets(client_user: User, academic: User, accountant: User) -> None:
    found_services(accountant, 2)
    make_service(accountant, title="Audit", is_course=True)
    make_sets(client_user)
    make_sets(academic)
    assert (by_sets(client_user).count, by_sets(academic).count) == (2, 1)


def test_few_results_and_too_many_changes_are_left_to_the_index(
    client_user: User, accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_services(accountant)
    make_sets(client_user)
    monkeypatch.setattr(search_sets, "_LONGEST_WALK", 1)
    assert browse(actor=client_user, filters=Filters(search=QUERY)).count == 3
    monkeypatch.setattr(search_sets, "_LONGEST_WALK", 10_000_000)
    monkeypatch.setattr(search_sets, "_MOST_CHANGES", 1)
    Service.objects.update(title="Audits")
    assert browse(actor=client_user, filters=Filters(search=QUERY)).count == 3


def test_a_set_grows_with_the_numbers(client_user: User, accountant: User) -> None:
    found_services(accountant)
    make_sets(client_user)
    before = SearchSet.objects.values_list("size", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('marketplace_service_number')")
        (last,) = cursor.fetchone()
        cursor.execute("SELECT setval('marketplace_service_number', %s)", [before + 5])
        try:
            make_service(accountant, title="Audit")
            assert by_sets(client_user).count == 4
            keep_sets()
            assert SearchSet.objects.values_list("size", flat=True)[0] > before
            assert by_sets(client_user).count == 4
        finally:
            cursor.execute("SELECT setval('marketplace_service_number', %s)", [last])


def test_there_are_no_more_sets_than_allowed(
    client_user: User, accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_services(accountant)
    monkeypatch.setattr(search_sets, "MOST_SETS", 0)
    browse(actor=client_user, filters=Filters(search=QUERY))
    assert not SearchSet.objects.exists()


def test_what_is_not_asked_for_any_more_goes(client_user: User, accountant: User) -> None:
    services = found_services(accountant)
    make_sets(client_user)
    services[0].delete()
    SearchSet.objects.update(asked_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    keep_sets()
    assert not SearchSet.objects.exists()


def test_sets_of_another_cluster_say_nothing(client_user: User, accountant: User) -> None:
    """A dump keeps them, but its transactions were counted elsewhere."""
    found_services(accountant)
    make_sets(client_user)
    SearchSet.objects.update(snapshot="9000000000000:9000000000000:")
    make_service(accountant, title="Audit")
    assert browse(actor=client_user, filters=Filters(search=QUERY)).count == 4
    keep_sets()
    assert not SearchSet.objects.exclude(bits=None).exists()


@pytest.mark.django_db(transaction=True)
def test_committed_changes_are_told_from_those_a_set_has_seen(client_user: User, accountant: User) -> None:
    services = found_services(accountant)
    make_sets(client_user)
    assert by_sets(client_user).count == 3
    services[0].delete()
    make_service(accountant, title="Audit")
    make_service(accountant, title="Audit")
    assert by_sets(client_user).count == 4
    keep_sets()
    assert by_sets(client_user).count == 4
    # A transaction of another database of the cluster may be older than the snapshot: it ends.
    deadline = time.monotonic() + 60
    while ServiceGone.objects.exists() and time.monotonic() < deadline:
        keep_sets()
    assert not ServiceGone.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_commits_after_a_set_was_made_but_began_before_it(client_user: User, accountant: User) -> None:
    """Its transaction is older than the set's snapshot, and yet not in it."""
    services = found_services(accountant)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE marketplace_service SET is_active = false WHERE id = %s", [services[0].id])
            make_service(accountant, title="Audit")
            make_sets(client_user)
            assert by_sets(client_user).count == 4
            cursor.execute("COMMIT")
        assert by_sets(client_user).count == 3
        keep_sets()
        assert by_sets(client_user).count == 3
    finally:
        other.close()
