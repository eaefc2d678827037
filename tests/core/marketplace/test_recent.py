"""A kept page is served only while it is the same."""

from collections.abc import Callable
from typing import Any

import pytest

from core.accounts.models import User
from core.marketplace.browse import browse
from core.marketplace.categories import save_category
from core.marketplace.filters import Filters
from core.marketplace.maintenance import add_up_tallies
from core.marketplace.models import Category, Service
from core.marketplace.recent import Recent
from tests.services import category, make_service


def page(actor: User) -> str:
    return browse(actor=actor, filters=Filters()).results


def rename_category(service: Service) -> None:
    chosen = Category.objects.get(name="Auditing")
    chosen.name = "Audit of accounts"
    save_category(chosen)


CHANGES: list[Callable[[Service], Any]] = [
    lambda service: Service.objects.filter(id=service.id).update(title="New"),
    lambda service: Service.objects.filter(id=service.id).update(is_featured=True),
    lambda service: Service.objects.filter(id=service.id).update(price=1),
    lambda service: Service.objects.filter(id=service.id).update(is_active=False),
    lambda service: service.categories.set([category("Bookkeeping")]),
    lambda service: User.objects.filter(id=service.user_id).update(full_name="New"),
    lambda service: User.objects.filter(id=service.user_id).update(email="new@example.com"),
    lambda service: User.objects.filter(id=service.user_id).update(account_status="suspended"),
    lambda service: make_service(service.user),
    lambda service: service.delete(),
    rename_category,
]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_that_a_list_shows_is_shown_at_once(
    client_user: User, accountant: User, change: Callable[[Service], Any]
) -> None:
    service = make_service(accountant, categories=[category("Auditing")])
    before = page(client_user)
    add_up_tallies()
    assert page(client_user) == before
    change(service)
    changed = page(client_user)
    assert changed != before
    add_up_tallies()
    assert page(client_user) == changed


@pytest.mark.django_db
def test_an_unchanged_page_costs_its_stamp(
    client_user: User, accountant: User, django_assert_num_queries: Any
) -> None:
    make_service(accountant)
    with django_assert_num_queries(2):
        first = page(client_user)
    with django_assert_num_queries(1):
        assert page(client_user) == first


def test_a_change_while_reading_is_read_again() -> None:
    """The value is newer than its stamp: whoever has the new stamp doesn't get it for granted."""
    kept: Recent[str, str] = Recent(size=2)
    assert kept.get("a", stamp=(1, 1), read=lambda: "new already") == "new already"
    assert kept.get("a", stamp=(2, 2), read=lambda: "read again") == "read again"
    assert kept.get("a", stamp=(2, 2), read=lambda: "not read") == "read again"


def test_only_the_last_few_are_kept() -> None:
    kept: Recent[int, int] = Recent(size=2)
    for key in (1, 2, 3):
        kept.get(key, stamp=(0, 0), read=lambda key=key: key)  # type: ignore[misc]
    assert kept.get(3, stamp=(0, 0), read=lambda: 0) == 3
    assert kept.get(1, stamp=(0, 0), read=lambda: 0) == 0
