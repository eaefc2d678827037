"""Who may go on to a body: the others hear so before anything of it is read."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

from core.accounts.models import User
from core.chat import access
from core.chat.rules import require_may_create_group
from core.errors import NotFound
from web.auth import BearerAuth, Identity


class Gate(BearerAuth):
    """A bearer token, and then what `require` says of its account and of the id in the path."""

    def __init__(self, parameter: str, require: Callable[[User, UUID], object]) -> None:
        super().__init__()
        self._parameter = parameter
        self._require = require

    def __call__(self, request: HttpRequest) -> Identity:
        identity = super().__call__(request)
        self._require(identity.user, _id_in_path(request, self._parameter))
        return identity


class GroupMakerAuth(BearerAuth):
    """Those who may create groups."""

    def __call__(self, request: HttpRequest) -> Identity:
        identity = super().__call__(request)
        require_may_create_group(identity.user)
        return identity


def members_only() -> Gate:
    """The members of the room in the path. NotFound, NotAMember."""
    return Gate("room_id", lambda user, room_id: access.access_room(user.id, room_id))


def makers_only() -> Gate:
    """The creator of the group in the path. NotFound, Forbidden."""
    return Gate("room_id", access.require_manager)


def senders_only() -> Gate:
    """The sender of the message in the path. MessageNotFound, Forbidden."""
    return Gate("message_id", access.require_sender)


def _id_in_path(request: HttpRequest, name: str) -> UUID:
    matched = request.resolver_match
    try:
        return UUID(str(matched.kwargs[name] if matched else ""))
    except ValueError:
        raise NotFound from None
