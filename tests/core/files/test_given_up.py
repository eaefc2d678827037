"""A file whose job ended without it: its owner hears of it, and may send it again."""

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.errors import PermanentError
from core.files import actions, deletion
from core.files.acceptance import check_upload
from core.files.models import FileState, Purpose, StoredFile
from core.jobs.actions import discard_dead, retry_dead
from core.jobs.models import Job, State
from core.profiles.actions import update_profile
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(accountant: User) -> Job:
    """The dead job of a file that was sent."""
    checked = check_upload(upload("a.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)
    update_profile(actor=accountant, changes={"attachments": [checked]})
    Job.objects.filter(name="files.process_file").update(state=State.DEAD, finished_at=timezone.now())
    return Job.objects.get(name="files.process_file")


def test_a_job_that_died_or_was_discarded_rejects_its_file(job: Job, told: list[object]) -> None:
    assert deletion.reject_stuck() == 1
    rejected = StoredFile.objects.get()
    assert (rejected.state, rejected.reason) == (FileState.REJECTED, "The file could not be processed.")
    assert [getattr(event, "type", None) for event in told] == ["file_rejected"]
    assert deletion.reject_stuck() == 0


def test_a_discarded_job_rejects_its_file(job: Job) -> None:
    assert discard_dead(job_ids=[job.id]) == 1
    assert deletion.reject_stuck() == 1


def test_a_job_that_is_retried_in_time_makes_it_ready(job: Job) -> None:
    assert retry_dead(job_ids=[job.id]) == 1
    assert deletion.reject_stuck() == 0
    actions.process_file(file_id=StoredFile.objects.get().id)
    assert StoredFile.objects.get().state == FileState.READY


def test_a_job_that_is_retried_too_late_says_so(job: Job) -> None:
    deletion.reject_stuck()
    with pytest.raises(PermanentError, match="send it again"):
        actions.process_file(file_id=StoredFile.objects.get().id)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the sockets are told."""
    events: list[object] = []
    monkeypatch.setattr("core.realtime.publish", lambda event, **_: events.append(event))
    monkeypatch.setattr("core.files.actions.transaction.on_commit", lambda call, **_: call())
    return events
