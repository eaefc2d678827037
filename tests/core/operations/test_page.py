"""The page is for staff who may see it, holds no script of its own, and says what is not known."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from core.accounts.models import User
from core.jobs.models import Job, State
from core.operations.models import Sample
from tests.cast import make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/operations/sample/"


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(PAGE + query, secure=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def sample(minutes_ago: int = 1, **fields: object) -> Sample:
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    return Sample.objects.create(
        **{"at": at, "taken_at": at, "queues": {"email": [3, 61.0]}, "sockets": 5, **fields}
    )


def staff(*permissions: str) -> User:
    user = make_user("admin")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_strangers_are_sent_to_the_login(client: Client, client_user: User) -> None:
    assert client.get(PAGE, secure=True).status_code == 302
    client.force_login(client_user)
    assert client.get(PAGE, secure=True).status_code == 302


def test_staff_need_the_permission(client: Client) -> None:
    client.force_login(staff("view_user"))
    assert client.get(PAGE, secure=True).status_code == 403
    assert "Jobs waiting" in page(client, staff("view_sample"))


@pytest.mark.parametrize("path", ["add/", "x/change/", "x/delete/"])
def test_nothing_is_written_by_hand(client: Client, admin_user: User, path: str) -> None:
    client.force_login(admin_user)
    assert client.get(PAGE + path, secure=True).status_code in {302, 403}
    assert client.post(PAGE, {"action": "delete_selected"}, secure=True).status_code in {200, 403}


def test_the_short_address_leads_there(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    assert client.get("/admin/operations/", secure=True)["Location"] == PAGE


def test_the_history_is_drawn(client: Client, admin_user: User) -> None:
    for minutes in range(1, 5):
        sample(minutes, mails=2, mail_median=0.1, mail_slowest=0.4, done=7)
    text = page(client, admin_user)
    assert text.count("<svg viewBox") == 5
    assert "email: 3" in text
    assert "median: 100 ms" in text
    assert "Nothing in this time" not in text
    assert "Do they run?" not in text


def test_it_works_without_scripts_or_styles_of_its_own(client: Client, admin_user: User) -> None:
    sample()
    content = re.search(r'<div id="content-main">.*</div>', page(client, admin_user), re.DOTALL)
    assert content
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", content[0])


def test_an_empty_history_says_so(client: Client, admin_user: User) -> None:
    text = page(client, admin_user)
    assert text.count("Nothing in this time") == 5
    assert "No sample has been taken yet" in text


def test_a_history_that_stopped_says_so(client: Client, admin_user: User) -> None:
    sample(30)
    assert "The last sample is of" in page(client, admin_user)


@pytest.mark.parametrize(
    ("query", "chosen"), [("", "3 hours"), ("?hours=24", "24 hours"), ("?hours=x", "3 hours")]
)
def test_the_span_is_chosen(client: Client, admin_user: User, query: str, chosen: str) -> None:
    sample()
    assert f"<strong>{chosen}</strong>" in page(client, admin_user, query)


def test_a_longer_span_keeps_the_highest(client: Client, admin_user: User) -> None:
    sample(1, sockets=10)
    sample(2, sockets=990)
    text = page(client, admin_user, "?hours=24")
    assert "open: 990" in text
    assert "the highest of 6 minutes" in text


def test_failed_jobs_lead_to_their_pages(client: Client, admin_user: User, settings: LazySettings) -> None:
    settings.FLOWER_URL = "http://flower.example/"
    error = "Traceback\nPermanentError: <refused>"
    job = Job.objects.create(
        name="x.y", queue="email", state=State.DEAD, error=error, finished_at=timezone.now()
    )
    text = page(client, admin_user)
    assert f"/admin/jobs/job/{job.id}/change/" in text
    assert "PermanentError: &lt;refused&gt;" in text
    assert "state__exact=dead" in text
    assert 'href="http://flower.example/"' in text


def test_jobs_are_shown_to_those_who_may_see_jobs(client: Client) -> None:
    job = Job.objects.create(name="x.y", queue="email", state=State.DEAD, finished_at=timezone.now())
    text = page(client, staff("view_sample"))
    assert str(job.id) not in text
    assert "Failed jobs" not in text


def test_times_are_of_the_operators_zone(client: Client, admin_user: User, settings: LazySettings) -> None:
    settings.OPERATIONS_TIME_ZONE = "Asia/Kathmandu"
    made = sample(30)
    shown = (made.at + timedelta(minutes=1) + timedelta(hours=5, minutes=45)).strftime("%H:%M")
    text = page(client, admin_user)
    assert shown in text
    assert "Asia/Kathmandu" in text
