"""Jobs of core.chat."""

from datetime import timedelta
from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.NOTIFICATIONS)
def announce_message(*, message_id: UUID) -> None:
    """Notify the other members of a message, and make sure that sockets were told of it."""


@job(Queue.REALTIME)
def announce_edit(*, message_id: UUID) -> None:
    """Tell the sockets in the room what a message says now."""


@job(Queue.REALTIME)
def announce_deletion(*, message_id: UUID) -> None:
    """Tell the sockets in the room that a message is gone, and who hadn't read it, their counts."""


@job(Queue.REALTIME)
def announce_refusal(*, pending_id: UUID) -> None:
    """Tell the sender that a file was refused, and forget it."""


@job(Queue.REALTIME)
def announce_room(*, room_id: UUID) -> None:
    """Let the sockets of a new room's members hear it."""


@job(Queue.REALTIME)
def announce_room_deleted(*, room_id: UUID) -> None:
    """Tell the sockets of a deleted room's members, and make them leave."""


@job(Queue.UNREAD)
def forget_room(*, user_id: UUID, room_id: UUID) -> None:
    """Mark what a person was told about a room they are no longer in as read; tell them the counts."""


@job(Queue.REALTIME)
def announce_member_added(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    """Tell the members, the new one too, whose sockets hear the room from now on."""


@job(Queue.REALTIME)
def announce_member_removed(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    """Tell the members and the removed one, whose sockets leave the room."""


@job(Queue.UNREAD)
def recount(*, membership_id: int) -> None:
    """Count anew what a membership's unread count is made of."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=5))
def check_counts() -> None:
    """Compare a sample of unread counts with the messages; report and repair what differs."""
