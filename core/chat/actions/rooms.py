"""Group rooms: made, changed and deleted."""

from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.locks import lock_account
from core.accounts.models import User
from core.chat.access import lock_room, managed_group
from core.chat.models import Membership, Room
from core.chat.queries import unread_in_room
from core.chat.rules import require_may_create_group
from core.errors import Forbidden
from core.jobs import chat as jobs
from core.notifications.queries import told_about


class RoomChanges(TypedDict, total=False):
    """What is to change; what is left out stays."""

    name: str
    description: str
    is_private: bool


@transaction.atomic
def create_group(*, actor: User, name: str, description: str, is_private: bool) -> UUID:
    """A room of the actor alone; its id. Forbidden, InactiveAccount."""
    require_may_create_group(actor)
    lock_account(actor)
    room = Room.objects.create(
        name=name,
        description=description,
        is_private=is_private,
        creator=actor,
        members_count=1,
    )
    Membership.objects.create(room=room, user=actor)
    jobs.announce_room(room_id=room.id)
    return room.id


@transaction.atomic
def change_room(*, actor: User, room_id: UUID, changes: RoomChanges) -> None:
    """Change a group of one's own making. Forbidden, NotFound."""
    room = managed_group(actor, room_id)
    for name, value in changes.items():
        setattr(room, name, value)
    room.save(update_fields=list(changes))


@transaction.atomic
def delete_room(*, actor: User, room_id: UUID) -> None:
    """Delete a group of one's own making for all of its members. Forbidden, NotFound."""
    _close(managed_group(actor, room_id))


@transaction.atomic
def close_room(*, room_id: UUID) -> None:
    """Delete anybody's group: for administrators. NotFound; Forbidden for direct rooms."""
    room = lock_room(room_id)
    if room.is_dm:
        raise Forbidden
    _close(room)


def _close(room: Room) -> None:
    """Its messages stay for administrators; nobody else can reach them."""
    members = Membership.objects.filter(room=room)
    behind = members.alias(unread=unread_in_room()).filter(unread__gt=0).values_list("user_id", flat=True)
    concerned = {*behind, *told_about(room.id, among=members.values("user_id"))}
    jobs.forget_room.many({"user_id": user_id, "room_id": room.id} for user_id in concerned)
    room.untold = list(members.values_list("user_id", flat=True))
    members.delete()
    room.deleted_at = timezone.now()
    room.members_count = 0
    room.save(update_fields=["deleted_at", "members_count", "untold"])
    jobs.announce_room_deleted(room_id=room.id)
