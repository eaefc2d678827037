"""What happens to jobs that are no more: dead ones are handled, old ones deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from core.jobs import policy
from core.jobs.models import Job, State


def retry_dead(*, job_ids: Sequence[UUID]) -> int:
    """Give dead jobs all their attempts again, at once; how many there were."""
    return Job.objects.filter(id__in=job_ids, state=State.DEAD).update(
        state=State.PENDING, run_at=Now(), attempts=0, finished_at=None
    )


def discard_dead(*, job_ids: Sequence[UUID]) -> int:
    """Close dead jobs without carrying them out; how many there were."""
    return Job.objects.filter(id__in=job_ids, state=State.DEAD).update(
        state=State.DISCARDED, finished_at=Now()
    )


def delete_finished() -> int:
    """Delete what was done or discarded long ago; how many.

    The latest of each schedule stays, or beat would take its period for one never served.
    """
    later = Job.objects.filter(schedule=OuterRef("schedule"), period__gt=OuterRef("period"))
    deleted, _ = (
        Job.objects.filter(
            state__in=[State.DONE, State.DISCARDED], finished_at__lt=Now() - policy.KEEP_FINISHED
        )
        .filter(Q(schedule=None) | Exists(later))
        .delete()
    )
    return deleted
