"""The admin's lists are narrowed by their filters alone."""

import pytest
from django.contrib import admin as admin_app
from django.test import Client

from core.accounts.models import User
from core.operations.models import Sample
from tests.cast import tokens_of
from tests.core.accounts.pages import LIST

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "lookup",
    [
        "password__startswith",
        "password",
        "login_epoch",
        "sessions__id__startswith",
        "sessions__refresh_jti__startswith",
        "otp_requests__id__startswith",
        "social_identities__subject__startswith",
    ],
)
def test_secrets_of_accounts_are_no_filters(admin: Client, admin_user: User, lookup: str) -> None:
    tokens_of(admin_user)
    assert admin.get(LIST, {lookup: "1"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "lookup"),
    [
        ("files/storedfile", "key__startswith"),
        ("files/storedfile", "owner__password__startswith"),
        ("marketplace/service", "user__password__startswith"),
        ("bookings/booking", "client__sessions__id__startswith"),
        ("chat/message", "sender__password__startswith"),
        ("notifications/notification", "user__password__startswith"),
    ],
)
def test_nor_are_those_behind_other_rows(admin: Client, path: str, lookup: str) -> None:
    assert admin.get(f"/admin/{path}/", {lookup: "a"}).status_code == 400


def test_every_list_refuses_what_it_does_not_offer(admin: Client) -> None:
    lists = [model for model in admin_app.site._registry if model is not Sample]
    for model in lists:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert admin.get(path, {"pk__gt": "0"}).status_code == 400, path


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("accounts/user", {"user_type__exact": "client", "created_at__year": "2026"}),
        ("accounts/user", {"deleted_at__isempty": "1"}),
        ("bookings/booking", {"service__is_course__exact": "1"}),
        ("chat/message", {"sent_at__gte": "2026-01-01 00:00:00+00:00"}),
        ("jobs/job", {"queue": "files", "name": "files.process_file", "state__exact": "dead"}),
    ],
)
def test_filters_are_taken(admin: Client, path: str, query: dict[str, str]) -> None:
    assert admin.get(f"/admin/{path}/", query).status_code == 200
