"""What no column can hold, sent to the list of every model in the admin."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from core.accounts.models import User
from tests.core.accounts.pages import LIST

pytestmark = pytest.mark.django_db

LISTS = sorted(
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in django_admin.site._registry
)
BAD_LOOKUPS = [
    {"account_status__exact": "a\x00b"},
    {"user_type__exact": "\x00"},
    {"id__exact": "not-uuid"},
    {"created_at__year": "99999999999999999999"},
    {"created_at__year": "10000"},
    {"q": "a\x00b"},
    {"o": "a\x00"},
    {"p": "\x00"},
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("selected", ["not-uuid", "a\x00b", "", "9" * 50])
def test_no_list_takes_what_is_no_id(admin: Client, name: str, selected: str) -> None:
    path = reverse(name)
    for action in ("suspend", "delete_selected", "retry", "nothing"):
        answer = admin.post(path, {"action": action, ACTION_CHECKBOX_NAME: selected, "index": "0"})
        assert answer.status_code in {302, 400, 403}
    assert admin.get(path).status_code == 200


def test_an_action_on_what_is_no_id_is_a_bad_request(admin: Client, client_user: User) -> None:
    for selected in (["not-uuid"], [str(client_user.id), "a\x00b"]):
        answer = admin.post(LIST, {"action": "suspend", ACTION_CHECKBOX_NAME: selected})
        assert (answer.status_code, answer.json()) == (400, {"detail": "Bad request."})
    client_user.refresh_from_db()
    assert client_user.account_status == "active"


def test_a_filter_by_what_no_text_holds_is_a_bad_request(admin: Client) -> None:
    answer = admin.get(LIST, {"account_status__exact": "a\x00b"})
    assert (answer.status_code, answer.json()) == (400, {"detail": "Bad request."})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", BAD_LOOKUPS, ids=urlencode)
def test_no_list_fails_over_a_strange_lookup(admin: Client, name: str, query: dict[str, str]) -> None:
    assert admin.get(reverse(name), query).status_code in {200, 302, 400}
