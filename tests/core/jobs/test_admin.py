"""An administrator finds dead jobs, reads why, and retries or discards them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from core.accounts.models import User
from core.jobs.models import Job, State

pytestmark = pytest.mark.django_db
LIST = "/admin/jobs/job/"


@pytest.fixture
def dead() -> Job:
    return make(State.DEAD, name="accounts.send_otp_email", error="Traceback\nSMTPError: <no>")


def make(state: State, **fields: str) -> Job:
    fields = {"name": "files.process_file", "queue": "files", **fields}
    return Job.objects.create(state=state, finished_at=timezone.now(), attempts=3, **fields)


def do(admin: Client, action: str, *jobs: Job) -> str:
    form = {"action": action, "_selected_action": [str(job.id) for job in jobs]}
    return admin.post(LIST, form, follow=True, secure=True).content.decode()


@pytest.mark.parametrize("query", ["state__exact=dead", "name=accounts.send_otp_email"])
def test_filters(admin: Client, dead: Job, query: str) -> None:
    make(State.DONE)
    page = admin.get(f"{LIST}?{query}", secure=True).content.decode()
    assert str(dead.id) in page
    assert "1 job" in page
    assert "SMTPError: &lt;no&gt;" in page


def test_search_by_id(admin: Client, dead: Job) -> None:
    other = make(State.DEAD)
    page = admin.get(f"{LIST}?q={dead.id}", secure=True).content.decode()
    assert str(dead.id) in page
    assert str(other.id) not in page


def test_the_page_of_a_job_shows_its_trace_and_changes_nothing(admin: Client, dead: Job) -> None:
    page = admin.get(f"{LIST}{dead.id}/change/", secure=True).content.decode()
    assert "Traceback" in page
    assert 'name="_save"' not in page
    assert admin.post(f"{LIST}{dead.id}/change/", {"state": "done"}, secure=True).status_code == 403
    dead.refresh_from_db()
    assert dead.state == State.DEAD


@pytest.mark.parametrize(("action", "state"), [("retry", State.PENDING), ("discard", State.DISCARDED)])
def test_many_at_once(admin: Client, dead: Job, action: str, state: State) -> None:
    second, done = make(State.DEAD), make(State.DONE)
    page = do(admin, action, dead, second, done)
    states = dict(Job.objects.values_list("id", "state"))
    assert states == {dead.id: state, second.id: state, done.id: State.DONE}
    assert "2 dead jobs" in page
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(dead.id), str(second.id)}
    assert "1 weren&#x27;t dead" in page


@pytest.mark.parametrize("path", ["add/", "{id}/delete/"])
def test_nothing_is_added_or_deleted_by_hand(admin: Client, dead: Job, path: str) -> None:
    assert admin.get(LIST + path.format(id=dead.id), secure=True).status_code == 403


def test_strangers_are_sent_to_the_login(client: Client, client_user: User, dead: Job) -> None:
    client.force_login(client_user)
    assert do(client, "discard", dead)
    dead.refresh_from_db()
    assert dead.state == State.DEAD
