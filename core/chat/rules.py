"""Who may do what in chat, and what a message may hold: for REST, sockets and the admin alike."""

from core.accounts.models import User, UserType
from core.chat.errors import BlankContent, CannotJoin, MayNotMessage
from core.errors import Forbidden, Invalid

_EVERYONE = frozenset(UserType.values)
_MESSAGED_BY: dict[str, frozenset[str]] = {
    UserType.CLIENT: frozenset({UserType.ACCOUNTANT}),
    UserType.ACCOUNTANT: _EVERYONE,
    UserType.ACADEMIC: frozenset({UserType.ACCOUNTANT, UserType.ACADEMIC}),
    UserType.ADMIN: _EVERYONE,
}
_CREATE_GROUPS = frozenset({UserType.ACCOUNTANT})
_ENTER_GROUPS = frozenset({UserType.ACCOUNTANT, UserType.ACADEMIC, UserType.ADMIN})

LONGEST_MESSAGE = 10_000
LONGEST_CLIENT_ID = 64
_NO_NULL = "Null characters are not allowed."
_TOO_LONG = f"Ensure this field has no more than {LONGEST_MESSAGE} characters."
CONTENT_ERRORS = (_NO_NULL, _TOO_LONG)


def messaged_by(user: User) -> frozenset[str]:
    """The roles of those whom the person may message."""
    return _MESSAGED_BY[user.user_type]


def is_reachable(user: User) -> bool:
    """Whether an account may be messaged or added to rooms."""
    return user.is_active and user.is_email_verified


def require_may_message(actor: User, target: User) -> None:
    """MayNotMessage unless the actor may write to the target in a direct room."""
    if target.user_type not in messaged_by(actor) or not is_reachable(target):
        raise MayNotMessage


def require_may_create_group(actor: User) -> None:
    """Forbidden unless the actor may make group rooms."""
    if actor.user_type not in _CREATE_GROUPS:
        raise Forbidden


def require_may_enter_groups(user: User) -> None:
    """CannotJoin unless the person may be in group rooms."""
    if user.user_type not in _ENTER_GROUPS:
        raise CannotJoin(f"You cannot add a {user.user_type} to this room.")
    if not is_reachable(user):
        raise CannotJoin("You cannot add an inactive user to this room.")


def require_content(content: str) -> None:
    """Invalid under content unless a message may say this; BlankContent for white space."""
    if "\x00" in content:
        raise Invalid(content=_NO_NULL)
    if not content.strip():
        raise BlankContent
    if len(content) > LONGEST_MESSAGE:
        raise Invalid(content=_TOO_LONG)
