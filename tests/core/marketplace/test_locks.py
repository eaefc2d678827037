"""Services and their owners are locked in one order, so nobody waits for who waits for them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import transaction

from core.accounts.actions.status import suspend_account
from core.accounts.models import User
from core.jobs.models import Job
from core.marketplace import maintenance
from core.marketplace.actions import (
    deactivate_service,
    delete_service,
    erase_for,
    feature_services,
    update_service,
)
from core.marketplace.categories import save_category
from core.marketplace.models import Service
from tests.services import category, make_service
from tests.workers.notifications.begun import begun


@transaction.atomic
def _refresh(service: Service) -> None:
    maintenance.refresh_category(category_id=service.categories.get().id)


WRITES: dict[str, Callable[[Service], object]] = {
    "updated": lambda it: update_service(actor=it.user, service_id=it.id, details={"title": "New"}),
    "deleted": lambda it: delete_service(actor=it.user, service_id=it.id),
    "featured": lambda it: feature_services(ids=[it.id], is_featured=True),
    "taken off the market": lambda it: deactivate_service(service_id=it.id),
    "erased": lambda it: erase_for(user_id=it.user_id),
    "refreshed": _refresh,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_service_is_written_while_its_owner_is_suspended(
    accountant: User, write: Callable[[Service], object]
) -> None:
    service = Service.objects.select_related("user").get(id=make_service(accountant).id)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(id=accountant.id)
            late = begun(pool, lambda: write(service))
            assert suspend_account(user_id=accountant.id)
        late.result()
    service.refresh_from_db()
    assert not service.is_listed


def refreshed() -> int:
    return Service.objects.filter(search_words__contains=["zakat"]).count()


@pytest.mark.django_db
def test_the_services_of_a_renamed_category_are_refreshed_some_at_a_time(
    accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_REFRESHED_AT_ONCE", 2)
    chosen = category("Auditing")
    for _ in range(5):
        make_service(accountant, categories=[chosen])
    chosen.name = "Zakat"
    save_category(chosen)
    steps = []
    while job := Job.objects.filter(name="marketplace.refresh_category").order_by("id").first():
        maintenance.refresh_category(**{name: UUID(value) for name, value in job.params.items()})
        job.delete()
        steps.append(refreshed())
    assert steps == [2, 4, 5]
