"""From an upload over the API to what is served, by the job's own task."""

from collections.abc import Callable

import pytest

from core.accounts.models import User
from core.files.models import FileState, StoredFile
from core.jobs.catalogue import CATALOGUE
from core.jobs.models import Job
from tests.cast import Api
from tests.samples import pdf, picture, upload
from tests.stores import file_system
from workers import files, marketplace
from workers.running import Outcome
from workers.task import RUNS

__all__ = ["file_system"]


@pytest.mark.django_db
@pytest.mark.usefixtures("file_system")
def test_an_upload_becomes_ready_once_however_often_it_is_delivered(api: Api, accountant: User) -> None:
    sent = {"profile_picture": upload("me.jpg", picture()), "upload_files": upload("a.pdf", pdf())}
    shown = api.patch("/profiles/me/", sent, user=accountant).json()
    url = shown["profile_picture"].removeprefix("http://testserver")
    assert api.get(url)["Retry-After"] == "1"
    jobs = list(Job.objects.filter(name="files.process_file"))
    assert len(jobs) == 2
    Job.objects.update(state="sent")
    run = RUNS["files.process_file"]
    assert [run.deliver(str(job.id)) for job in jobs] == [Outcome.DONE] * 2
    assert [run.deliver(str(job.id)) for job in jobs] == [Outcome.DROPPED] * 2
    assert set(StoredFile.objects.values_list("state", flat=True)) == {FileState.READY}
    response = api.get(url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("module", [files, marketplace])
def test_every_job_has_its_task(module: object) -> None:
    domain = module.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    declared = {name for name in CATALOGUE if name.startswith(f"{domain}.")}
    assert declared
    assert declared <= RUNS.keys()


@pytest.mark.django_db
@pytest.mark.usefixtures("file_system")
@pytest.mark.parametrize(
    "task",
    [
        files.condemn_unreferenced_files,
        files.delete_condemned_files,
        files.delete_incoming_files,
        files.reject_stuck_files,
        marketplace.add_up_tallies,
    ],
)
def test_periodic_tasks_have_nothing_to_do_on_an_empty_day(task: Callable[[], None]) -> None:
    task()
