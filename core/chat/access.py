"""Fetching and authorising in one: what a person may see or change of chat."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from core.accounts.models import User
from core.chat.errors import MessageNotFound, NotAMember
from core.chat.models import Membership, Message, Room
from core.errors import Forbidden, NotFound


def access_room(user_id: UUID, room_id: UUID) -> Room:
    """A room for one of its members. NotFound if there is none, NotAMember for others."""
    member = Membership.objects.filter(room=OuterRef("id"), user_id=user_id)
    found = Room.objects.filter(id=room_id, deleted_at=None).annotate(is_mine=Exists(member)).first()
    if found is None:
        raise NotFound
    if not found.is_mine:
        raise NotAMember
    return found


def is_member(user_id: UUID, room_id: UUID) -> bool:
    """Whether a person is in a room."""
    return Membership.objects.filter(room_id=room_id, user_id=user_id, room__deleted_at=None).exists()


def managed_group(actor: User, room_id: UUID) -> Room:
    """A group of the actor's making, locked until the transaction ends.

    Forbidden to its other members and for direct rooms, NotFound for everybody else.
    """
    room = lock_room(room_id)
    if not Membership.objects.filter(room=room, user=actor).exists():
        raise NotFound
    if room.is_dm or room.creator_id != actor.id:
        raise Forbidden
    return room


def lock_room(room_id: UUID) -> Room:
    """A room that wasn't deleted, locked until the transaction ends, or NotFound."""
    room = Room.objects.select_for_update(no_key=True).filter(id=room_id, deleted_at=None).first()
    if room is None:
        raise NotFound
    return room


def own_message(actor: User, message_id: UUID) -> Message:
    """A message of the actor's, locked. Forbidden to other members of its room, MessageNotFound."""
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("room")
        .filter(id=message_id, deleted_at=None)
        .first()
    )
    if message is None or not is_member(actor.id, message.room_id):
        raise MessageNotFound
    if message.sender_id != actor.id:
        raise Forbidden
    return message
