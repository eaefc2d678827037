"""What can go wrong, as facts. web/errors.py and realtime/errors.py give them a shape."""


class DomainError(Exception):
    """A rule of the product was not met; the class says which kind, the message says what."""

    default = "The request could not be carried out."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default
        super().__init__(self.message)


class Invalid(DomainError):
    """What was sent breaks a rule; fields maps each field to its messages."""

    def __init__(self, fields: dict[str, list[str]] | None = None, /, **by_field: str) -> None:
        self.fields = fields or {name: [message] for name, message in by_field.items()}
        super().__init__("; ".join(f"{name}: {texts[0]}" for name, texts in self.fields.items()))

    @classmethod
    def general(cls, message: str) -> "Invalid":
        """The rule belongs to no single field."""
        return cls(non_field_errors=message)


class NotFound(DomainError):
    """It doesn't exist, or the actor may not know that it does."""

    default = "Not found."


class Forbidden(DomainError):
    """The actor knows of it but may not do this."""

    default = "You do not have permission to perform this action."


class Conflict(DomainError):
    """The state of things doesn't allow it."""

    default = "The request conflicts with an earlier one."


class NotAuthenticated(DomainError):
    """No credentials came with the request."""

    default = "Authentication credentials were not provided."


class BadToken(DomainError):
    """The token is malformed, forged, expired, of another kind or its session has ended."""

    default = "Token is invalid or expired"


class InactiveAccount(DomainError):
    """The token is good but its account isn't active."""

    default = "User is inactive"


class TooMany(DomainError):
    """A cap was reached; retry_after is in seconds."""

    default = "Too many requests. Please try again later."

    def __init__(self, *, retry_after: int, message: str | None = None) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(message)


class Unavailable(DomainError):
    """A party this depends on doesn't answer; trying again later may work."""

    default = "The service is temporarily unavailable. Please try again later."


class TransientError(Exception):
    """For jobs: a fault that may pass, so the job is tried again later."""


class PermanentError(Exception):
    """For jobs: trying again can't help, so the job is dead at once."""
