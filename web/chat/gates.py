"""Who may go on to a body of chat's."""

from core.chat import access
from core.chat.rules import require_may_create_group
from web.gates import ActorGate, Gate


def group_makers_only() -> ActorGate:
    """Those who may create groups."""
    return ActorGate(require_may_create_group)


def members_only() -> Gate:
    """The members of the room in the path. NotFound, NotAMember."""
    return Gate("room_id", lambda user, room_id: access.access_room(user.id, room_id))


def makers_only() -> Gate:
    """The creator of the group in the path. NotFound, Forbidden."""
    return Gate("room_id", access.require_manager)


def senders_only() -> Gate:
    """The sender of the message in the path. MessageNotFound, Forbidden."""
    return Gate("message_id", access.require_sender)
