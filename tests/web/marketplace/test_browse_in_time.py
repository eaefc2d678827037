"""A page that takes too long isn't waited for: 503, and a search is counted for the next."""

import pytest
from django.db import connection

from core.accounts.models import User
from core.marketplace import browse, limits
from core.marketplace.models import SearchSet
from core.marketplace.search_upkeep import keep_sets
from tests.browsing import PATH
from tests.cast import Api
from tests.services import make_service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a page takes half a minute, and nobody has as much time."""

    def sleep(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    monkeypatch.setattr(browse, "_read_anew", sleep)
    monkeypatch.setattr(limits, "LONGEST_READ_MS", 50)


@pytest.mark.parametrize("query", ["search=audit", "search=audit&location=16", "min_price=1"])
@pytest.mark.usefixtures("slow")
def test_too_long_is_503(api: Api, client_user: User, query: str) -> None:
    response = api.get(f"{PATH}?{query}", user=client_user)
    assert response.status_code == 503
    assert response.json() == {"detail": "The service is temporarily unavailable. Please try again later."}
    assert response["Retry-After"]


def test_a_search_that_took_too_long_is_answered_once_its_set_is_made(
    api: Api, client_user: User, accountant: User, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_service(accountant, title="Audit")
    assert api.get(f"{PATH}?search=audit", user=client_user).status_code == 503
    assert list(SearchSet.objects.values_list("pattern", "bits")) == [("%audit%", None)]
    keep_sets()
    monkeypatch.setattr("core.marketplace.search_sets._LONGEST_WALK", 10_000_000)
    assert api.get(f"{PATH}?search=audit", user=client_user).json()["count"] == 1


def test_a_page_is_looked_for_in_memory_enough_for_exact_bitmaps() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW work_mem")
        before = cursor.fetchone()
        with limits.read_in_time():
            cursor.execute("SHOW work_mem")
            assert cursor.fetchone() == ("64MB",)
        cursor.execute("SHOW work_mem")
        assert cursor.fetchone() == before != ("64MB",)


def test_the_limit_ends_with_the_page(api: Api, client_user: User) -> None:
    assert api.get(f"{PATH}?search=audit", user=client_user).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
