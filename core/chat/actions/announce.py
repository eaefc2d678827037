"""What workers tell of chat: to sockets, and as notifications."""

import logging
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.accounts.models import User
from core.chat.live import tell
from core.chat.models import Membership, Message, PendingFile, Room
from core.chat.posts import Post
from core.jobs import unread as unread_jobs
from core.notifications.actions.notify import Notice, notify
from core.notifications.actions.reword import reword, withdraw
from core.notifications.models import NotificationType
from core.realtime import Joined, Members, Users, listened_to, may_hear, publish, publish_each
from core.realtime.bus import BusUnavailable
from core.realtime.control import RoomsChanged
from core.realtime.events import (
    FileRejected,
    MemberAdded,
    MemberRemoved,
    MessageDeleted,
    MessageEdited,
    RoomDeleted,
)

logger = logging.getLogger(__name__)
_PREVIEW = 50
TITLE = "New message from "
"""What the title of a message's notification says before the sender's name."""


def announce_message(*, message_id: UUID) -> list[UUID]:
    """Notify the other members, those who have read it already excepted; who didn't know.

    In a transaction. Sockets were told by the sender's process, unless it died; of a file's
    message by nobody. Whoever changes the message meanwhile waits, and finds who was notified.
    """
    unchanging = _messages().select_for_update(of=("self",), no_key=True)
    message = unchanging.filter(id=message_id, room__deleted_at=None).first()
    if message is None:
        return []
    try:
        tell(Post.of(message))
    except BusUnavailable as fault:
        # Who listens is told to look again once the bus is back.
        logger.warning("Message %s was told to nobody: %s", message_id, fault)
    if message.deleted_at is not None:
        return []
    behind = Membership.objects.filter(
        room_id=message.room_id, read_seq__lt=message.seq, user__deleted_at=None
    )
    others = behind.exclude(user=message.sender_id).values("user_id")
    return notify(_notice(message), recipients=others, passing=True)


def _notice(message: Message) -> Notice:
    sender = message.sender.full_name
    where = "" if message.room.is_dm else f" in {message.room.name}"
    return Notice(
        event_key=f"message:{message.id}",
        notification_type=NotificationType.MESSAGE,
        title=f"{TITLE}{sender}",
        message=f"{sender}{where}: {preview(message.content)}",
        related_object_id=message.room_id,
        happened_at=message.sent_at,
        actor_id=message.sender_id,
    )


def preview(content: str) -> str:
    """The first fifty characters, and whether there is more."""
    return content if len(content) <= _PREVIEW else f"{content[:_PREVIEW]}..."


def announce_edit(*, message_id: UUID) -> None:
    """Tell the sockets in the room what a message says now, and let its notifications say it."""
    message = _messages().filter(id=message_id, deleted_at=None).first()
    if message is None or message.edited_at is None:
        return
    reword(_notice(message), among=_others(message))
    tell(Post.of(message))
    event = MessageEdited(
        message_id=message.id,
        content=message.content,
        edited_at=message.edited_at,
        room_id=message.room_id,
    )
    publish(event, to=Joined(message.room_id))


def announce_deletion(*, message_id: UUID) -> None:
    """Tell the sockets in the room, and those who hadn't read it how much is unread now.

    Its notifications are as good as read, and don't say any more what it said.
    """
    message = _messages().filter(id=message_id).first()
    if message is None:
        return
    relieved = withdraw(_notice(message), among=_others(message))
    tell(Post.of(message))
    publish(MessageDeleted(message_id=message.id, room_id=message.room_id), to=Joined(message.room_id))
    behind = Membership.objects.filter(room_id=message.room_id, read_seq__lt=message.seq)
    concerned = {*behind.exclude(user=message.sender_id).values_list("user_id", flat=True), *relieved}
    unread_jobs.push_counts.many({"user_id": user_id} for user_id in listened_to(concerned))


def _others(message: Message) -> QuerySet[Membership, Any]:
    """Whoever may have been notified of it, as a query of ids."""
    members = Membership.objects.filter(room_id=message.room_id)
    return members.exclude(user=message.sender_id).values("user_id")


def announce_refusal(*, pending_id: UUID) -> None:
    """Tell the sender, and nobody else, that a file was refused; then it is forgotten."""
    pending = PendingFile.objects.select_related("file").filter(id=pending_id).first()
    if pending is None:
        return
    event = FileRejected(message_id=pending.id, room_id=pending.room_id, reason=pending.file.reason)
    publish(event, to=Users.of(pending.sender_id))
    pending.delete()


def announce_room(*, room_id: UUID) -> None:
    """Let the sockets of a room's members hear it."""
    members = Membership.objects.filter(room_id=room_id).values_list("user_id", flat=True)
    publish(RoomsChanged(), to=Users(tuple(members)))


def announce_room_deleted(*, room_id: UUID) -> None:
    """Tell those who were members, by name: who comes back later isn't in it. Their sockets leave."""
    rooms = Room.objects.filter(id=room_id)
    untold = rooms.values_list("untold", flat=True).first() or []
    publish_each(
        [
            (RoomDeleted(room_id=room_id), Users(tuple(may_hear(untold)))),
            (RoomsChanged(left=room_id), Members(room_id)),
        ]
    )
    rooms.update(untold=None)


def announce_member_added(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    """Tell the members, and the new one, whose sockets hear the room from now on."""
    names = _names(user_id, by_id)
    event = MemberAdded(
        user_id=user_id,
        full_name=names[user_id],
        room_id=room_id,
        added_by=by_id,
        added_by_name=names[by_id],
    )
    new = Users.of(user_id)
    publish_each([(RoomsChanged(), new), (event, new), (event, Members(room_id, but=user_id))])


def announce_member_removed(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    """Tell the members, and the removed one, whose sockets leave the room first."""
    names = _names(user_id, by_id)
    event = MemberRemoved(
        user_id=user_id,
        full_name=names[user_id],
        room_id=room_id,
        removed_by=by_id,
        removed_by_name=names[by_id],
    )
    removed = Users.of(user_id)
    is_back = Membership.objects.filter(room_id=room_id, user_id=user_id).exists()
    change = RoomsChanged() if is_back else RoomsChanged(left=room_id)
    publish_each([(change, removed), (event, removed), (event, Members(room_id, but=user_id))])


def _messages() -> QuerySet[Message]:
    return Message.objects.select_related("room", "sender", "file")


def _names(*user_ids: UUID) -> dict[UUID, str]:
    return dict(User.objects.filter(id__in=user_ids).values_list("id", "full_name"))
