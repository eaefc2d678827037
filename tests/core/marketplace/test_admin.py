"""What administrators see of the market, and do: decisions B20 and B22."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.marketplace.actions import feature_services
from core.marketplace.models import Category, Service
from tests.services import make_service

pytestmark = pytest.mark.django_db
CATEGORIES = "/admin/marketplace/category/"
SERVICES = "/admin/marketplace/service/"


def act(admin: Client, action: str, service: Service, query: str = "") -> None:
    sent = {"action": action, "_selected_action": [str(service.id)]}
    assert admin.post(f"{SERVICES}{query}", sent).status_code == 302
    service.refresh_from_db()


def test_b22_categories_are_created_renamed_and_deactivated(admin: Client) -> None:
    sent = {"name": "Zakat", "name_ar": "الزكاة", "name_fr": "", "is_active": "on"}
    assert admin.post(f"{CATEGORIES}add/", sent).status_code == 302
    made = Category.objects.get(name="Zakat")
    admin.post(f"{CATEGORIES}{made.id}/change/", {**sent, "name": "Zakat and taxes", "is_active": ""})
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Zakat and taxes", False)
    assert admin.post(f"{CATEGORIES}{made.id}/delete/", {"post": "yes"}).status_code == 403


def test_b20_services_are_featured_by_administrators_alone(admin: Client, accountant: User) -> None:
    service = make_service(accountant)
    act(admin, "feature", service)
    assert service.is_featured
    act(admin, "deactivate", service)
    assert not service.is_active


def test_b20_services_cease_to_be_featured(admin: Client, accountant: User) -> None:
    service = make_service(accountant)
    feature_services(ids=[service.id], is_featured=True)
    act(admin, "unfeature", service)
    assert not service.is_featured


def test_only_what_was_not_so_before_is_featured(accountant: User) -> None:
    service = make_service(accountant)
    assert feature_services(ids=[service.id], is_featured=True) == [service.id]
    assert feature_services(ids=[service.id], is_featured=True) == []


def test_what_was_done_to_a_service_is_in_the_log(admin: Client, accountant: User) -> None:
    service = make_service(accountant)
    for action in ("feature", "feature", "deactivate", "deactivate"):
        act(admin, action, service, "?is_active__exact=1" if service.is_active else "")
    logged = LogEntry.objects.filter(object_id=str(service.id)).order_by("id")
    assert [entry.get_change_message() for entry in logged] == ["Featured.", "Off the market."]


@pytest.mark.parametrize("path", [CATEGORIES, SERVICES, "/admin/files/storedfile/"])
def test_lists_open_without_reading_a_column_through(admin: Client, path: str, accountant: User) -> None:
    make_service(accountant)
    with CaptureQueriesContext(connection) as asked:
        assert admin.get(path).status_code == 200
    assert not [query["sql"] for query in asked if "DISTINCT" in query["sql"]]


def test_services_are_narrowed_by_their_place(admin: Client, accountant: User) -> None:
    make_service(accountant, title="In Alger", location="16")
    make_service(accountant, title="In Oran", location="31")
    shown = admin.get(f"{SERVICES}?location=16").content.decode()
    assert "In Alger" in shown
    assert "In Oran" not in shown


def test_a_service_is_shown_but_not_changed(admin: Client, accountant: User) -> None:
    path = f"{SERVICES}{make_service(accountant).id}/change/"
    assert admin.get(path).status_code == 200
    assert admin.post(path, {"title": "x"}).status_code == 403
