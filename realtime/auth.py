"""Who a socket belongs to."""

from typing import Any
from urllib.parse import parse_qs

from core.accounts import tokens
from core.accounts.tokens import Claims
from core.errors import BadToken


def claims_of(scope: dict[str, Any]) -> Claims:
    """The verified claims of `?token=` or `Authorization: Bearer`. BadToken without good ones."""
    token = _parameter(scope["query_string"], "token") or _from_headers(scope["headers"])
    if not token:
        raise BadToken
    return tokens.read_access_token(token)


def last_event_id_of(scope: dict[str, Any]) -> str | None:
    """The last event the client had before it was cut off, if it says so."""
    return _parameter(scope["query_string"], "last_event_id")


def _parameter(query: bytes, name: str) -> str | None:
    values = parse_qs(query.decode("latin-1")).get(name)
    return values[0] if values else None


def _from_headers(headers: list[tuple[bytes, bytes]]) -> str | None:
    for name, value in headers:
        scheme, _, token = value.decode("latin-1").partition(" ")
        if name == b"authorization" and scheme.lower() == "bearer":
            return token.strip()
    return None
