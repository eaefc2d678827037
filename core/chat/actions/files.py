"""Files in rooms: taken at once, said once they are ready."""

from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from core.accounts.locks import lock_account
from core.accounts.models import User
from core.chat.access import access_room
from core.chat.actions.send import Draft, NotStored, store
from core.chat.errors import NotAMember
from core.chat.models import PendingFile, Room
from core.files.acceptance import CheckedUpload
from core.files.actions import attach_files, reject_file, store_upload
from core.files.models import FileState, StoredFile
from core.files.urls import signed_path
from core.jobs import chat as jobs

ROOM_GONE = "Room not found"
"""Why a file isn't shown whose room was deleted meanwhile."""


class Posted(NamedTuple):
    """The id of the message to come, and the address of its file."""

    message_id: UUID
    file_url: str


def post_file(*, actor: User, room_id: UUID, upload: CheckedUpload) -> Posted:
    """Take a file for a room; its message follows once it is processed.

    NotFound, NotAMember, InactiveAccount.
    """
    access_room(actor.id, room_id)
    stored_file = store_upload(owner=actor, upload=upload)
    with transaction.atomic():
        lock_account(actor)
        pending = PendingFile.objects.create(room_id=room_id, sender=actor, file=stored_file)
        attach_files([stored_file])
    return Posted(pending.id, signed_path(stored_file))


def settle_file(*, stored_file: StoredFile) -> None:
    """A file of a room's is ready or refused. In the transaction that settles it."""
    pending = PendingFile.objects.select_for_update().filter(file=stored_file).first()
    if pending is None:
        return
    if stored_file.state == FileState.REJECTED:
        jobs.announce_refusal(pending_id=pending.id)
    elif _say(pending, stored_file):
        pending.delete()
    else:
        # Settles it anew: the sender is told why it will never be seen.
        reject_file(stored_file=stored_file, reason=_why_not(pending))


def _say(pending: PendingFile, stored_file: StoredFile) -> bool:
    """False if the sender has left, or the room is gone."""
    name = stored_file.original_name
    draft = Draft(pending.id, pending.room_id, pending.sender_id, name, file=stored_file)
    try:
        with transaction.atomic():
            store(draft)
    except NotStored:
        return False
    return True


def _why_not(pending: PendingFile) -> str:
    is_there = Room.objects.filter(id=pending.room_id, deleted_at=None).exists()
    return NotAMember.default if is_there else ROOM_GONE
