"""Categories in the admin: no two whose names differ by case alone."""

import pytest
from django.test import Client

from core.accounts.models import User
from core.marketplace.models import Category

pytestmark = pytest.mark.django_db
ADD = "/admin/marketplace/category/add/"


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    client.force_login(admin_user)
    return client


def test_a_name_in_another_case_is_refused(admin: Client) -> None:
    Category.objects.create(name="Payslips")
    answer = admin.post(ADD, {"name": "PAYSLIPS", "is_active": "on"})
    assert answer.status_code == 200
    assert "Category with this Name already exists." in answer.content.decode()
    assert Category.objects.filter(name__iexact="payslips").count() == 1


def test_its_own_name_may_change_its_case(admin: Client) -> None:
    category = Category.objects.create(name="Payslips")
    path = f"/admin/marketplace/category/{category.id}/change/"
    assert admin.post(path, {"name": "PaySlips", "is_active": "on"}).status_code == 302
    category.refresh_from_db()
    assert category.name == "PaySlips"
