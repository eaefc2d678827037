"""Putting a message into a room: one statement takes its place, stores it and counts it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from core.chat import rules
from core.chat.access import access_room
from core.chat.errors import NotAMember
from core.chat.models import Message, MessageType, pair_of
from core.chat.posts import Post, facts_of
from core.files.models import StoredFile
from core.jobs import chat as jobs
from core.jobs.ids import uuid7


class NotStored(Exception):
    """The room is gone or the sender isn't in it: the transaction has to be rolled back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message without its place. The content of a file's is the file's name."""

    id: UUID
    room_id: UUID
    sender_id: UUID
    content: str
    client_message_id: str | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message by its id; post is None if an earlier request under the same id stored it."""

    message_id: UUID
    post: Post | None


def send_message(
    *, sender_id: UUID, room_id: UUID, content: str, client_message_id: str | None = None
) -> Sent:
    """Say something in a room. Once it returns, it is committed.

    The same client_message_id of the same sender in the same room is stored once. Invalid,
    NotFound, NotAMember.
    """
    rules.require_content(content)
    text = Draft(uuid7(), room_id, sender_id, content, client_message_id)
    try:
        with transaction.atomic():
            post = store(text)
    except NotStored:
        access_room(sender_id, room_id)
        raise NotAMember from None
    except IntegrityError:
        if client_message_id is None:
            raise
        return Sent(_said_before(text), None)
    return Sent(post.message_id, post)


def _said_before(text: Draft) -> UUID:
    return Message.objects.values_list("id", flat=True).get(
        room_id=text.room_id, sender_id=text.sender_id, client_message_id=text.client_message_id
    )


# The room's row first, then the membership's: whoever changes both locks in this order. A clock
# that is read under the room's lock never contradicts the order of places. An older snapshot may
# miss a removal, but then counts no membership: no row, and the place is rolled back.
_STORE = """
WITH place AS (
    UPDATE chat_room SET last_seq = last_seq + 1, last_message_at = clock_timestamp()
    WHERE id = %(room_id)s AND deleted_at IS NULL
        AND EXISTS (SELECT FROM chat_membership WHERE room_id = %(room_id)s AND user_id = %(sender_id)s)
    RETURNING name, dm_key, last_seq, last_message_at
), counted AS (
    UPDATE chat_membership SET own_count = own_count + 1
    FROM place WHERE room_id = %(room_id)s AND user_id = %(sender_id)s
    RETURNING user_id
), stored AS (
    INSERT INTO chat_message
        (id, room_id, seq, sender_id, message_type, content, file_id, client_message_id, sent_at)
    SELECT %(id)s, %(room_id)s, last_seq, user_id, %(message_type)s, %(content)s, %(file_id)s,
        %(client_message_id)s, last_message_at
    FROM place, counted
    RETURNING id
)
SELECT place.last_seq, place.name, place.dm_key, place.last_message_at, sender.full_name
FROM place, stored, accounts_user AS sender WHERE sender.id = %(sender_id)s
"""


def store(draft: Draft) -> Post:
    """Give a message its place, in the caller's transaction. NotStored; IntegrityError if said before."""
    file = facts_of(draft.file) if draft.file else None
    with connection.cursor() as cursor:
        cursor.execute(_STORE, _params(draft))
        row = cursor.fetchone()
    if row is None:
        raise NotStored
    seq, room_name, dm_key, sent_at, sender_name = row
    jobs.announce_message(message_id=draft.id)
    return Post(
        message_id=draft.id,
        room_id=draft.room_id,
        seq=seq,
        room_name=room_name,
        pair=pair_of(dm_key),
        sender_id=draft.sender_id,
        sender_name=sender_name,
        content=file.file if file else draft.content,
        sent_at=sent_at,
        client_message_id=draft.client_message_id,
        file=file,
    )


def _params(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "room_id": draft.room_id,
        "sender_id": draft.sender_id,
        "message_type": (MessageType.FILE if draft.file else MessageType.TEXT).value,
        "content": draft.content,
        "file_id": draft.file and draft.file.id,
        "client_message_id": draft.client_message_id,
    }
