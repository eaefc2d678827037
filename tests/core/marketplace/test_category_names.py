"""Categories: no two whose names differ by case, or by how a letter is encoded, alone."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from core.marketplace.models import Category

pytestmark = pytest.mark.django_db
ADD = "/admin/marketplace/category/add/"


# The same but for case, for an accent of its own, for a wide letter, for blanks.
SAME = ["Déclarations", "DÉCLARATIONS", "De\u0301clarations", "\uff24éclarations", " Déclarations "]


@pytest.mark.parametrize("name", SAME)
def test_a_name_that_looks_alike_is_refused(admin: Client, name: str) -> None:
    Category.objects.create(name="Déclarations")
    answer = admin.post(ADD, {"name": name, "is_active": "on"})
    assert answer.status_code == 200
    assert "Category with this Name already exists." in answer.content.decode()
    assert Category.objects.filter(name="Déclarations").count() == 1


@pytest.mark.parametrize("name", SAME)
def test_the_database_refuses_it_whoever_writes(name: str) -> None:
    Category.objects.create(name="Déclarations")
    with pytest.raises(IntegrityError, match="category_name"), transaction.atomic():
        Category.objects.create(name=name)


def test_others_are_not_alike() -> None:
    for name in ("Déclarations", "Declarations", "C", "C++"):
        Category.objects.create(name=name)


def test_what_was_alike_before_is_told_apart_and_kept() -> None:
    migration = import_module("core.marketplace.migrations.0008_category_names")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX category_name")
    oldest = Category.objects.create(name="Payslips")
    later = [Category.objects.create(name=name) for name in ("PAYSLIPS", "payslips")]
    other = Category.objects.create(name="x" * 255)
    long = Category.objects.create(name="X" * 255)
    with connection.cursor() as cursor:
        cursor.execute(migration._TELL_APART)
    for category in (oldest, *later, other, long):
        category.refresh_from_db()
    assert [oldest.name, later[0].name] == ["Payslips", f"PAYSLIPS ({later[0].id})"]
    assert later[1].name == f"payslips ({later[1].id})"
    assert [other.name, long.name] == ["x" * 255, f"{'X' * 215} ({long.id})"]


def test_its_own_name_may_change_its_case(admin: Client) -> None:
    category = Category.objects.create(name="Payslips")
    path = f"/admin/marketplace/category/{category.id}/change/"
    assert admin.post(path, {"name": "PaySlips", "is_active": "on"}).status_code == 302
    category.refresh_from_db()
    assert category.name == "PaySlips"
