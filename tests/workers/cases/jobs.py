"""Tasks of the ledger."""

from django.utils import timezone

from core.jobs.models import Job, State
from tests.workers.cases import LONG_AGO, Cases, Params


def old_job() -> Params:
    Job.objects.create(name="x.y", queue="email", state=State.DONE, finished_at=timezone.now() - LONG_AGO)
    return {}


CASES: Cases = {
    "jobs.delete_finished": old_job,
}
