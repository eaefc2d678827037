"""The admin's pages of accounts, as the tests use them."""

from typing import Any

from django.test import Client

from core.accounts.models import User
from tests.cast import PASSWORD

LIST = "/admin/accounts/user/"
LOGIN = "/admin/login/?next=/admin/"
NEW = "Another-Dune-7788"
WRONG = "Please enter the correct email and password for a staff account."


def page_of(user: User) -> str:
    return f"{LIST}{user.id}/change/"


def facts_of(user: User) -> dict[str, Any]:
    return {**User.objects.filter(id=user.id).values().get()}


def act(admin: Client, action: str, *users: User) -> str:
    """The page after an action on the selected users."""
    body = {"action": action, "_selected_action": [str(user.id) for user in users]}
    return admin.post(LIST, body, follow=True).content.decode()


def try_login(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": email, "password": password})
