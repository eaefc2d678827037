"""Tasks of the operations page."""

from django.utils import timezone

from core.operations.models import Sample
from tests.workers.cases import LONG_AGO, Cases, Params


def old_sample() -> Params:
    Sample.objects.create(at=timezone.now() - LONG_AGO, taken_at=timezone.now() - LONG_AGO)
    return {}


CASES: Cases = {
    "operations.take_sample": old_sample,
}
