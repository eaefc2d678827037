"""Who may go on to a body: the others hear so before anything of it is read."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

from core.accounts.models import User
from core.errors import NotFound
from web.auth import BearerAuth, Identity


class ActorGate(BearerAuth):
    """A bearer token, and then what `require` says of its account."""

    def __init__(self, require: Callable[[User], object]) -> None:
        super().__init__()
        self._require_actor = require

    def __call__(self, request: HttpRequest) -> Identity:
        identity = super().__call__(request)
        self._require_actor(identity.user)
        return identity


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


def _id_in_path(request: HttpRequest, name: str) -> UUID:
    matched = request.resolver_match
    try:
        return UUID(str(matched.kwargs[name] if matched else ""))
    except ValueError:
        raise NotFound from None
