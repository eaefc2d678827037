"""The columns and the tally that triggers keep, whoever writes."""

import pytest
from django.db import connection

from core.accounts.models import User
from core.marketplace.actions import deactivate_service, erase_for
from core.marketplace.browse import browse
from core.marketplace.categories import save_category
from core.marketplace.filters import Filters
from core.marketplace.maintenance import add_up_tallies, refresh_category
from core.marketplace.models import Category, Service, ServiceTally
from tests.services import category, make_service

pytestmark = pytest.mark.django_db


def counted(actor: User) -> tuple[int, int]:
    """By the tally, and one by one."""
    listed = Service.objects.filter(service_type="offered", is_course=False, is_listed=True)
    return browse(actor=actor, filters=Filters()).count, listed.count()


def test_the_tally_is_exact_whatever_happens(client_user: User, accountant: User) -> None:
    services = [make_service(accountant) for _ in range(5)]
    make_service(accountant, is_course=True)
    assert counted(client_user) == (5, 5)
    deactivate_service(service_id=services[0].id)
    assert counted(client_user) == (4, 4)
    User.objects.filter(id=accountant.id).update(account_status="suspended")
    assert counted(client_user) == (0, 0)
    User.objects.filter(id=accountant.id).update(account_status="active")
    assert counted(client_user) == (4, 4)
    Service.objects.filter(id=services[1].id).delete()
    assert counted(client_user) == (3, 3)
    Service.objects.filter(id=services[2].id).update(is_listed=False)
    assert counted(client_user) == (3, 3)
    erase_for(user_id=accountant.id)
    assert counted(client_user) == (0, 0)


def test_adding_up_changes_no_count(client_user: User, accountant: User) -> None:
    services = [make_service(accountant) for _ in range(4)]
    deactivate_service(service_id=services[0].id)
    assert ServiceTally.objects.count() > 4
    add_up_tallies()
    add_up_tallies()
    assert ServiceTally.objects.count() == 1
    assert counted(client_user) == (3, 3)


def test_what_the_application_writes_there_is_replaced(accountant: User) -> None:
    service = make_service(accountant, title="Bilan")
    Service.objects.update(search_words=["spam"], is_listed=False)
    service.refresh_from_db()
    assert service.is_listed
    assert "bilan" in service.search_words
    assert "spam" not in service.search_words


def test_a_renamed_category_is_found_by_its_new_name(accountant: User) -> None:
    chosen = category("Auditing")
    service = make_service(accountant, categories=[chosen])
    chosen.name_fr = "Vérification"
    save_category(chosen)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT params->>'category_id' FROM jobs_job WHERE name = 'marketplace.refresh_category'"
        )
        assert cursor.fetchall() == [(str(chosen.id),)]
    refresh_category(category_id=chosen.id)
    service.refresh_from_db()
    assert "verification" in service.search_words


def test_a_renamed_category_costs_one_row_of_the_tally(accountant: User, client_user: User) -> None:
    chosen = category("Auditing")
    for _ in range(3):
        make_service(accountant, categories=[chosen])
    before = ServiceTally.objects.count()
    refresh_category(category_id=chosen.id)
    assert ServiceTally.objects.count() == before + 1
    assert counted(client_user) == (3, 3)


def test_a_category_saved_without_a_new_name_costs_nothing() -> None:
    save_category(Category(name="New"))
    chosen = category("New")
    chosen.is_active = False
    save_category(chosen)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_job")
        assert cursor.fetchone() == (0,)
