"""Messages as sockets hear of them, in the order of the room's history."""

import logging
from datetime import timedelta
from uuid import UUID

from core.chat.models import Message
from core.chat.posts import Post
from core.realtime import Audience, Joined, Members, Users
from core.realtime.events import (
    MessageBody,
    MessagePosted,
    RoomListUpdated,
    RoomMessageBody,
    Sender,
)
from core.realtime.order import UNKNOWN, Said, say

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
"""What was sent this long before a message, and isn't told yet, is told with it; nothing older."""
BLIND_WINDOW = timedelta(seconds=5)
"""The same when the bus doesn't remember what it told: most of what is older was."""


def tell(post: Post) -> None:
    """Tell sockets of a committed message, once whoever else does. BusUnavailable."""
    behind = say(post.room_id, [said_of(post)])
    if behind is not None:
        say(post.room_id, missing(post, behind), all_of_them=True)


def missing(post: Post, behind: int) -> list[Said]:
    """The messages after a place, up to this one."""
    window = BLIND_WINDOW if behind == UNKNOWN else WINDOW
    found = (
        Message.objects.select_related("room", "sender", "file")
        .filter(
            room_id=post.room_id,
            seq__gt=behind,
            seq__lte=post.seq,
            sent_at__gte=post.sent_at - window,
        )
        .order_by("seq")
    )
    return [said_of(Post.of(message)) for message in found]


def said_of(post: Post) -> Said:
    """A text to the sockets in the room, a file to every member's; the list update to all."""
    body = _body(post)
    message = RoomMessageBody(**body, room_id=post.room_id)
    to = _everyone(post) if post.file else Joined(post.room_id)
    return Said(
        post.seq,
        [
            (MessagePosted(message=message), to),
            (_update(post, body, has_unread=True), _everyone(post, but=post.sender_id)),
            (_update(post, body, has_unread=False), Users.of(post.sender_id)),
        ],
    )


def _everyone(post: Post, but: UUID | None = None) -> Audience:
    """Both of a direct room are told by name: one of them may not know of the room yet."""
    if post.pair:
        return Users(tuple(user_id for user_id in post.pair if user_id != but))
    return Members(post.room_id, but=but)


def _update(post: Post, body: dict[str, object], *, has_unread: bool) -> RoomListUpdated:
    return RoomListUpdated(
        room_id=post.room_id,
        room_name=post.room_name,
        is_dm=bool(post.pair),
        has_unread=has_unread,
        latest_message=MessageBody(**body),
    )


def _body(post: Post) -> dict[str, object]:
    file = post.file
    return {
        "message_id": post.message_id,
        "content": post.content,
        "sender": Sender(id=post.sender_id, full_name=post.sender_name),
        "sent_at": post.sent_at,
        "edited_at": post.edited_at,
        "is_deleted": post.is_deleted,
        "is_edited": post.edited_at is not None,
        "message_type": post.message_type,
        "file": file.file if file else None,
        "filename": file.filename if file else None,
        "thumbnail": file.thumbnail if file else None,
        "client_message_id": post.client_message_id,
    }
