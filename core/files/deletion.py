"""The end of files that nothing refers to.

Two steps, each a transaction of its own: condemned first, deleted later. A condemned file can't
be attached any more, so between the steps nothing can begin to need it; and a crash after the
bytes went leaves a row that says so, from which the second step goes on.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from core.files.actions import NOT_PROCESSED, reject_file
from core.files.models import FileState, Purpose, StoredFile
from core.files.purposes import RULES
from core.jobs import files as jobs
from core.jobs.queries import given_up_ids

UNATTACHED_AGE = timedelta(hours=1)
# Longer than any request: an attachment made now is not yet seen by a statement begun before.
ATTACHED_AGE = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(hours=24)
_BATCH = 500


def unreferenced() -> QuerySet[StoredFile]:
    """Files that no row of any model refers to."""
    found = StoredFile.objects.all()
    for relation in StoredFile._meta.get_fields(include_hidden=True):  # noqa: SLF001 — Django's public API
        if isinstance(relation, ForeignObjectRel):
            rows: QuerySet[Model] = QuerySet(relation.related_model).filter(
                **{relation.field.name: OuterRef("pk")}
            )
            found = found.filter(~Exists(rows))
    return found


def condemn_unreferenced() -> int:
    """First step: mark what was replaced or never used; how many."""
    now = timezone.now()
    settled = Q(attached_at__lt=now - ATTACHED_AGE) | Q(attached_at=None, created_at__lt=now - UNATTACHED_AGE)
    return unreferenced().filter(settled, condemned_at=None).update(condemned_at=now)


def delete_condemned() -> int:
    """Second step: delete the bytes, then the row, of what was condemned; how many."""
    condemned = StoredFile.objects.select_for_update(skip_locked=True).filter(
        id__in=unreferenced().filter(condemned_at__isnull=False).values("id")[:_BATCH]
    )
    with transaction.atomic():
        files = list(condemned)
        for stored_file in files:
            _delete_bytes(stored_file)
        StoredFile.objects.filter(id__in=[stored_file.id for stored_file in files]).delete()
    return len(files)


def delete_incoming() -> int:
    """Delete what was sent once its processed form is ready or it was rejected; how many."""
    with transaction.atomic():
        settled = (
            StoredFile.objects.select_for_update(no_key=True, skip_locked=True)
            .exclude(state=FileState.PENDING)
            .filter(has_incoming=True)[:_BATCH]
        )
        files = list(settled)
        for stored_file in files:
            default_storage.delete(stored_file.incoming_key)
        ids = [stored_file.id for stored_file in files]
        return StoredFile.objects.filter(id__in=ids).update(has_incoming=False)


def reject_stuck() -> int:
    """Give up on files whose job died or was discarded, or wasn't done for a day; how many."""
    before = timezone.now() - GIVEN_UP_AFTER
    late = Q(attached_at__lt=before)
    given_up = given_up_ids(jobs.process_file, "file_id", since=before)
    with transaction.atomic():
        stuck = list(
            StoredFile.objects.select_for_update(no_key=True, skip_locked=True).filter(
                late | Q(id__in=given_up, attached_at__isnull=False), state=FileState.PENDING
            )[:_BATCH]
        )
        for stored_file in stuck:
            reject_file(stored_file=stored_file, reason=NOT_PROCESSED)
    return len(stuck)


def _delete_bytes(stored_file: StoredFile) -> None:
    sizes = RULES[Purpose(stored_file.purpose)].thumbnails
    thumbnails = [stored_file.thumbnail_key(size) for size in sizes]
    for key in (stored_file.incoming_key, stored_file.key, *thumbnails):
        default_storage.delete(key)
