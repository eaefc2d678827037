"""What can go wrong in chat."""

from core.errors import DomainError, Forbidden, Invalid, NotFound


class NotAMember(Forbidden):
    """The room exists, but not for those who aren't in it."""

    default = "You do not have permission to access this room."


class MayNotMessage(Forbidden):
    """The roles of the two don't allow it, or the other isn't active."""

    default = "You cannot message this user"


class MessageNotFound(NotFound):
    """There is no such message, or no more, or it isn't the actor's to know of."""

    default = "Message not found or already deleted."


class CannotJoin(DomainError):
    """This person can't be added to the room; the message says why."""


class CreatorStays(DomainError):
    """A room keeps its creator."""

    default = "The creator of a room cannot be removed."


class BlankContent(Invalid):
    """A message of white space alone."""

    def __init__(self) -> None:
        super().__init__(content="This field may not be blank.")
