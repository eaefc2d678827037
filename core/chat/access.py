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


def require_manager(actor: User, room_id: UUID) -> None:
    """As managed_group, but nothing is locked."""
    room = Room.objects.filter(id=room_id, deleted_at=None).first()
    if room is None:
        raise NotFound
    _require_managed(actor, room)


def managed_group(actor: User, room_id: UUID) -> Room:
    """A group of the actor's making, locked until the transaction ends.

    Forbidden to its other members and for direct rooms, NotFound for everybody else.
    """
    room = lock_room(room_id)
    _require_managed(actor, room)
    return room


def _require_managed(actor: User, room: Room) -> None:
    if not Membership.objects.filter(room=room, user=actor).exists():
        raise NotFound
    if room.is_dm or room.creator_id != actor.id:
        raise Forbidden


def lock_room(room_id: UUID) -> Room:
    """A room that wasn't deleted, locked until the transaction ends, or NotFound."""
    room = Room.objects.select_for_update(no_key=True).filter(id=room_id, deleted_at=None).first()
    if room is None:
        raise NotFound
    return room


def require_sender(actor: User, message_id: UUID) -> None:
    """As own_message, but nothing is locked."""
    _require_own(actor, Message.objects.filter(id=message_id, deleted_at=None).first())


def own_message(actor: User, message_id: UUID) -> Message:
    """A message of the actor's, locked. Forbidden to other members of its room, MessageNotFound."""
    found = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("room")
        .filter(id=message_id, deleted_at=None)
        .first()
    )
    return _require_own(actor, found)


def _require_own(actor: User, message: Message | None) -> Message:
    if message is None or not is_member(actor.id, message.room_id):
        raise MessageNotFound
    if message.sender_id != actor.id:
        raise Forbidden
    return message
