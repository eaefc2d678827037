"""What is common is counted in bits before anybody searched for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.accounts.models import User
from core.marketplace import browse as browsing
from core.marketplace import common_words, search_sets, search_upkeep
from core.marketplace.browse import browse
from core.marketplace.filters import Filters
from core.marketplace.models import SearchSet, Service
from core.marketplace.search_upkeep import KEPT_FOR, keep_sets
from tests.cast import make_user
from tests.services import make_service

# Committed: within one transaction, no snapshot would tell what came before it.
pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six services are a common word's; sets are used however few there are."""
    monkeypatch.setattr(common_words, "FEWEST_SERVICES", MANY - 1)
    monkeypatch.setattr(search_sets, "_LONGEST_WALK", 10_000_000)


@pytest.fixture
def market(accountant: User) -> list[Service]:
    """One word in all of them and one in each; the database knows its statistics."""
    services = [
        make_service(accountant, title=f"محاسبة rare{number}", description="bilan") for number in range(MANY)
    ]
    analyze()
    return services


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE marketplace_service")


def keep_until_nothing_is_new() -> int:
    """How many runs it took."""
    runs, before = 0, -1
    while SearchSet.objects.count() != before:
        before = SearchSet.objects.count()
        keep_sets()
        runs += 1
    return runs


def patterns() -> set[str]:
    return set(SearchSet.objects.exclude(bits=None).values_list("pattern", flat=True))


def count(actor: User, query: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """What is found by sets alone."""
    with monkeypatch.context() as patch:
        patch.setattr("core.marketplace.browse._read_anew", lambda *_: pytest.fail("was read anew"))
        return browse(actor=actor, filters=Filters(search=query)).count


def test_common_words_have_sets_though_nobody_searched(
    client_user: User, market: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_until_nothing_is_new()
    assert {"%bilan%", "%محاسبه%"} <= patterns()
    assert not {pattern for pattern in patterns() if "rare" in pattern}
    assert set(SearchSet.objects.values_list("service_type", "is_course")) == {("offered", False)}
    assert count(client_user, "bilan", monkeypatch) == MANY


def test_they_count_exactly_after_changes(
    client_user: User, accountant: User, market: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_until_nothing_is_new()
    market[0].delete()
    Service.objects.filter(id=market[1].id).update(description="")
    make_service(accountant, title="Bilans")
    make_service(make_user("accountant", status="suspended"), title="Bilan")
    assert count(client_user, "bilan", monkeypatch) == MANY - 1
    keep_sets()
    assert count(client_user, "bilan", monkeypatch) == MANY - 1


def test_what_many_words_have_a_part_of_is_common(accountant: User) -> None:
    for word in ("tax", "taxes", "taxation") * 2:
        make_service(accountant, title=word)
    analyze()
    keep_until_nothing_is_new()
    assert "%tax%" in patterns()
    assert "%taxes%" not in patterns()


def test_a_few_a_run_and_no_more_than_allowed(market: list[Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_upkeep, "FORESEEN_AT_ONCE", 1)
    monkeypatch.setattr(common_words, "MOST_COMMON", 2)
    keep_sets()
    assert SearchSet.objects.count() == 1
    keep_until_nothing_is_new()
    made = list(SearchSet.objects.order_by("id").values("id", "bits", "asked_at"))
    assert len(made) == 2
    keep_sets()
    assert list(SearchSet.objects.order_by("id").values("id", "bits", "asked_at")) == made


def test_those_who_wait_come_first(market: list[Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_upkeep, "FORESEEN_AT_ONCE", 1)
    SearchSet.objects.create(service_type="offered", is_course=False, pattern="%rare1%")
    keep_sets()
    assert patterns() == {"%rare1%"}


def test_none_are_added_to_a_full_market(market: list[Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_upkeep, "MOST_SETS", 0)
    monkeypatch.setattr(search_upkeep, "MOST_COMMON", 0)
    keep_sets()
    assert not SearchSet.objects.exists()


def test_they_stay_while_they_are_common(accountant: User, market: list[Service]) -> None:
    keep_until_nothing_is_new()
    made = dict(SearchSet.objects.values_list("pattern", "id"))
    old = timezone.now() - KEPT_FOR - timedelta(hours=1)
    SearchSet.objects.update(asked_at=old)
    keep_sets()
    assert dict(SearchSet.objects.values_list("pattern", "id")) == made
    Service.objects.filter(id__in=[one.id for one in market]).update(description="")
    analyze()
    SearchSet.objects.update(asked_at=old)
    keep_sets()
    assert dict(SearchSet.objects.values_list("pattern", "id")) == {
        pattern: number for pattern, number in made.items() if pattern != "%bilan%"
    }


def test_a_market_without_statistics_has_none(accountant: User) -> None:
    for _ in range(MANY):
        make_service(accountant, title="Bilan")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'marketplace_service'::regclass")
    keep_sets()
    assert not SearchSet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_upkeep_to_end(
    client_user: User, market: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "FEWEST_RESULTS", 1)
    SearchSet.objects.create(service_type="offered", is_course=False, pattern="%bilan%")
    upkeep = connection.copy()
    try:
        with upkeep.cursor() as other, connection.cursor() as cursor:
            other.execute("BEGIN")
            other.execute("UPDATE marketplace_searchset SET size = 8")
            cursor.execute("SET statement_timeout = '30s'")
            assert browse(actor=client_user, filters=Filters(search="bilan")).count == MANY
            cursor.execute("RESET statement_timeout")
    finally:
        upkeep.close()
