"""Two administrators at once: what the database alone can tell, the form tells still."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.accounts.models import User
from core.marketplace.models import Category
from tests.parallel import at_once
from tests.workers.notifications.begun import begun

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/marketplace/category/"
TAKEN = "Category with this Name already exists."
Step = Callable[[Client], tuple[int, bool]]


def browser(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def send(admin: Client, path: str, name: str) -> tuple[int, bool]:
    """The status, and whether the form says that the name is taken."""
    answer = admin.post(f"{LIST}{path}", {"name": name, "is_active": "on"})
    return answer.status_code, TAKEN in answer.content.decode()


def overtaken(admin: Client, step: Step, *, keeps: bool) -> tuple[int, bool]:
    """What a form comes to that was checked while another one takes its name, and keeps it or doesn't."""
    Category.objects.create(name="Payslips")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Category.objects.create(name="Zakat")
            late = begun(pool, lambda: step(admin))
            transaction.set_rollback(not keeps)
        return late.result()


def add(admin: Client) -> tuple[int, bool]:
    return send(admin, "add/", "zakat")


def rename(admin: Client) -> tuple[int, bool]:
    return send(admin, f"{Category.objects.get(name='Payslips').id}/change/", "zakat")


@pytest.mark.parametrize("step", [add, rename])
def test_a_name_taken_since_the_form_was_checked_is_its_fields_error(admin: Client, step: Step) -> None:
    assert overtaken(admin, step, keeps=True) == (200, True)
    assert Category.objects.filter(name="Payslips").exists()
    assert not Category.objects.filter(name="zakat").exists()


@pytest.mark.parametrize("step", [add, rename])
def test_a_name_that_was_not_taken_after_all_is_saved(admin: Client, step: Step) -> None:
    assert overtaken(admin, step, keeps=False) == (302, False)


def test_of_two_at_once_one_is_saved(admin_user: User) -> None:
    admins = [browser(admin_user) for _ in range(2)]
    answers = at_once(*[partial(add, admin) for admin in admins])
    assert sorted(answers) == [(200, True), (302, False)]
    assert Category.objects.filter(name__iexact="zakat").count() == 1


def test_a_form_that_the_database_refuses_for_good_is_a_fault(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(category: Category) -> None:
        raise IntegrityError("whatever is sent")

    monkeypatch.setattr("core.marketplace.admin.save_category", refuse)
    with pytest.raises(IntegrityError, match="whatever"):
        add(admin)
