"""Who is in a group room: its creator decides."""

from uuid import UUID

from django.db import transaction

from core.accounts.models import User
from core.chat.access import managed_group
from core.chat.errors import CannotJoin, CreatorStays
from core.chat.models import Membership, Room
from core.chat.rules import require_may_enter_groups
from core.errors import Invalid, NotFound
from core.jobs import chat as jobs


@transaction.atomic
def add_member(*, actor: User, room_id: UUID, user_id: UUID) -> None:
    """Let somebody into a group of one's own making; nothing said before is unread to them.

    Forbidden, NotFound, Invalid under user_id, CannotJoin.
    """
    room = managed_group(actor, room_id)
    # Locked, as by whoever deletes the account: afterwards nobody would take it out again.
    user = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
    if user is None:
        raise Invalid(user_id=f'Invalid pk "{user_id}" - object does not exist.')
    require_may_enter_groups(user)
    if Membership.objects.filter(room=room, user=user).exists():
        raise CannotJoin("User is already a member of this room.")
    Membership.objects.create(room=room, user=user, joined_seq=room.last_seq, read_seq=room.last_seq)
    room.members_count += 1
    room.save(update_fields=["members_count"])
    jobs.announce_member_added(room_id=room.id, user_id=user.id, by_id=actor.id)


@transaction.atomic
def remove_member(*, actor: User, room_id: UUID, user_id: UUID) -> Room:
    """Take somebody out of a group of one's own making; the room as it is then.

    Forbidden, NotFound (a stranger to the room too), CreatorStays.
    """
    room = managed_group(actor, room_id)
    if user_id == room.creator_id:
        raise CreatorStays
    if not take_out(room, user_id=user_id, by_id=actor.id):
        raise NotFound
    return room


def take_out(room: Room, *, user_id: UUID, by_id: UUID) -> bool:
    """End a membership of a locked room; whether there was one."""
    removed, _ = Membership.objects.filter(room=room, user_id=user_id).delete()
    if not removed:
        return False
    room.members_count -= 1
    room.save(update_fields=["members_count"])
    jobs.announce_member_removed(room_id=room.id, user_id=user_id, by_id=by_id)
    jobs.forget_room(user_id=user_id, room_id=room.id)
    return True
