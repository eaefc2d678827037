"""Tasks of core.chat."""

from uuid import UUID

from core import jobs, unread
from core.chat.actions import announce, reading, upkeep
from workers.task import task


@task(jobs.chat.announce_message)
def announce_message(*, message_id: UUID) -> None:
    unread.push_counts_after_commit(announce.announce_message(message_id=message_id))


@task(jobs.chat.announce_edit)
def announce_edit(*, message_id: UUID) -> None:
    announce.announce_edit(message_id=message_id)


@task(jobs.chat.announce_deletion)
def announce_deletion(*, message_id: UUID) -> None:
    announce.announce_deletion(message_id=message_id)


@task(jobs.chat.announce_refusal)
def announce_refusal(*, pending_id: UUID) -> None:
    announce.announce_refusal(pending_id=pending_id)


@task(jobs.chat.announce_room)
def announce_room(*, room_id: UUID) -> None:
    announce.announce_room(room_id=room_id)


@task(jobs.chat.announce_room_deleted)
def announce_room_deleted(*, room_id: UUID) -> None:
    announce.announce_room_deleted(room_id=room_id)


@task(jobs.chat.forget_room)
def forget_room(*, user_id: UUID, room_id: UUID) -> None:
    reading.forget_room(user_id=user_id, room_id=room_id)


@task(jobs.chat.announce_member_added)
def announce_member_added(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    announce.announce_member_added(room_id=room_id, user_id=user_id, by_id=by_id)


@task(jobs.chat.announce_member_removed)
def announce_member_removed(*, room_id: UUID, user_id: UUID, by_id: UUID) -> None:
    announce.announce_member_removed(room_id=room_id, user_id=user_id, by_id=by_id)


@task(jobs.chat.recount)
def recount(*, membership_id: int) -> None:
    upkeep.recount(membership_id=membership_id)


@task(jobs.chat.check_counts)
def check_counts() -> None:
    upkeep.check_counts()
