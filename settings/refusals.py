"""What production refuses to start on: each function answers what is wrong with a value, or None."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

_MIN_SECRET_LENGTH = 50
_MIN_KEY_LENGTH = 32
_MIN_VARIETY = 12
_PLACEHOLDER = re.compile(
    r"insecure|change.?(me|it|this)|local.only|your.?secret|replace.?(me|this)|placeholder", re.IGNORECASE
)
_PLACEHOLDER_PASSWORDS = {"password", "passwd", "changeme", "change-me", "secret", "postgres", "example"}
_HOST = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)


def secret(value: str, *, least: int = _MIN_SECRET_LENGTH) -> str | None:
    """Short, monotonous or copied from an example."""
    if len(value) < least:
        return f"is too weak: it has {len(value)} characters, not {least} or more"
    if len(set(value)) < _MIN_VARIETY:
        return "is too weak: it repeats a few characters"
    if _PLACEHOLDER.search(value):
        return "is too weak: it reads like an example"
    return None


def keys(value: str) -> str | None:
    """A ring of keys in which one would be guessed, or two have one name."""
    given = [key.strip().partition(":") for key in value.split(",")]
    weak = (secret(text, least=_MIN_KEY_LENGTH) for kid, colon, text in given if (kid, colon) != ("main", ""))
    names = [kid for kid, _, _ in given]
    twice = (f"names {kid!r} twice" for kid in names if names.count(kid) > 1)
    return next(filter(None, (*weak, *twice)), None)


def hosts(names: Sequence[str]) -> str | None:
    """None at all, all at once, or what no Host header says."""
    if not names:
        return "is not set"
    if "*" in names:
        return "may not contain *"
    strange = next((name for name in names if not _HOST.fullmatch(name)), None)
    return None if strange is None else f"holds {strange!r}, which is no host name"


def origins(given: Sequence[str]) -> str | None:
    """Anything but https://host[:port]."""
    for origin in given:
        parts = urlsplit(origin)
        if parts.scheme != "https" or f"https://{parts.netloc}" != origin or not parts.hostname:
            return f"holds {origin!r}"
        if "*" in origin:
            return "may not contain *"
    return None


def address(value: str, schemes: Sequence[str]) -> str | None:
    """No address of a server of ours, or one with the password of an example."""
    if not value:
        return "is not set"
    parts = _parts(value)
    if parts is None or parts.scheme not in schemes:
        return f"must begin with {schemes[0]}://"
    if (parts.password or "").lower() in _PLACEHOLDER_PASSWORDS:
        return "still has the password of an example"
    return None


def endpoint(value: str, schemes: Sequence[str]) -> str | None:
    """An address that may be left out, but is none of a server."""
    if not value:
        return None
    parts = _parts(value)
    if parts is None or parts.scheme not in schemes:
        return f"must begin with {schemes[0]}://"
    return None if (parts.path and parts.scheme == "unix") or parts.hostname else "names no host"


def dsn(value: str) -> str | None:
    """What Sentry's library would fail on."""
    if not value:
        return None
    from sentry_sdk.utils import BadDsn, Dsn  # noqa: PLC0415 - 0.1 s, for those who use it

    try:
        Dsn(value)
    except (BadDsn, ValueError):
        return "is none"
    return None


def _parts(value: str) -> SplitResult | None:
    """None for what is no address at all, for its port or brackets."""
    try:
        parts = urlsplit(value)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None
