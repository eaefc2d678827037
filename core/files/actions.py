"""Taking, attaching and processing files. deletion.py has their end."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import realtime
from core.accounts.models import User
from core.errors import Conflict, PermanentError
from core.files.acceptance import CheckedUpload
from core.files.events import FileProcessed, UploadRejected
from core.files.models import FileState, Purpose, StoredFile
from core.files.processing import Hopeless, process
from core.files.purposes import RULES
from core.files.signals import file_settled
from core.files.urls import signed_path
from core.jobs import files as jobs
from core.realtime.events import Event

NOT_PROCESSED = "The file could not be processed."


def store_upload(*, owner: User, upload: CheckedUpload) -> StoredFile:
    """A new file of the owner's, its bytes in storage. Outside of any transaction.

    Its row is committed before its bytes are written, so that whatever dies now, a file that
    attach_files isn't called for is found and deleted.
    """
    file_id = uuid4()
    folder = RULES[upload.purpose].folder(owner)
    stored_file = StoredFile.objects.create(
        id=file_id,
        owner=owner,
        purpose=upload.purpose,
        key=f"{folder}/{file_id.hex}.{upload.kind.extension}",
        original_name=upload.name,
        content_type=upload.kind.content_type,
        size=upload.size,
    )
    upload.content.seek(0)
    default_storage.save(stored_file.incoming_key, upload.content)
    return stored_file


def attach_files(stored_files: Sequence[StoredFile]) -> None:
    """Keep files that a row now refers to, and have them processed. In that row's transaction."""
    ids = [stored_file.id for stored_file in stored_files]
    kept = StoredFile.objects.filter(id__in=ids, condemned_at=None)
    if kept.update(attached_at=timezone.now()) != len(ids):
        raise Conflict("The file was sent too long ago. Send it again.")
    jobs.process_file.many({"file_id": file_id} for file_id in ids)


def process_file(*, file_id: UUID) -> None:
    """Make a pending file ready or rejected, and tell its owner. In a worker's transaction.

    PermanentError for a file that was given up: its owner was asked for another.
    """
    stored_file = (
        StoredFile.objects.select_for_update(no_key=True).filter(id=file_id, state=FileState.PENDING).first()
    )
    if stored_file is None:
        _require_not_given_up(file_id)
        return
    try:
        processed = process(stored_file)
    except Hopeless as refusal:
        reject_file(stored_file=stored_file, reason=str(refusal))
        return
    stored_file.size, stored_file.sha256 = processed.size, processed.sha256
    stored_file.thumbnail_sizes = processed.thumbnail_sizes
    _settle(stored_file, FileState.READY)


def _require_not_given_up(file_id: UUID) -> None:
    """A job that is retried too late says so, rather than pass for done."""
    given_up = StoredFile.objects.filter(id=file_id, state=FileState.REJECTED, reason=NOT_PROCESSED)
    if given_up.exists():
        raise PermanentError("The file was rejected meanwhile: its owner has to send it again.")


def reject_file(*, stored_file: StoredFile, reason: str) -> None:
    """Refuse a locked pending file for good, for a reason its owner is shown."""
    stored_file.reason = reason
    _settle(stored_file, FileState.REJECTED)


def _settle(stored_file: StoredFile, state: FileState) -> None:
    stored_file.state = state
    stored_file.processed_at = timezone.now()
    stored_file.save()
    file_settled.send(StoredFile, stored_file=stored_file)
    event = _event(stored_file)
    if event is not None and stored_file.owner_id is not None:
        audience = realtime.Users.of(stored_file.owner_id)
        transaction.on_commit(partial(realtime.publish, event, to=audience), robust=True)


def _event(stored_file: StoredFile) -> Event | None:
    """None for what chat tells itself, of the message."""
    facts = {
        "file_id": stored_file.id,
        "purpose": stored_file.purpose,
        "filename": stored_file.original_name,
    }
    if stored_file.state == FileState.READY:
        return FileProcessed(**facts, url=signed_path(stored_file))
    if stored_file.purpose == Purpose.CHAT_FILE:
        return None
    return UploadRejected(**facts, reason=stored_file.reason)
