"""The people of the tests, and a client that speaks the API for them."""

import json
from random import randrange
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.accounts.actions.sessions import Device, TokenPair, open_session
from core.accounts.models import AccountStatus, User

PASSWORD = "Sahara-Tax-2931"


def make_user(
    user_type: str = "client",
    *,
    status: str = AccountStatus.ACTIVE,
    email: str | None = None,
    password: str | None = PASSWORD,
    **fields: Any,
) -> User:
    """A saved account, active and verified unless said otherwise."""
    fields.setdefault("full_name", f"{user_type.title()} Benali")
    fields.setdefault("phone", "+213796269301")
    fields.setdefault("is_email_verified", status != AccountStatus.INACTIVE)
    user = User(
        email=email or f"{user_type}-{uuid4().hex[:12]}@example.com",
        user_type=user_type,
        account_status=status,
        **fields,
    )
    user.set_password(password)
    user.save()
    return user


def tokens_of(user: User) -> TokenPair:
    """A new session's tokens."""
    return open_session(user=user, device=Device(user_agent="tests"))


class Api:
    """Requests as a phone makes them: JSON bodies (forms when files are in them), bearer tokens."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        # Each test comes from an address of its own: rates per address don't add up.
        self.address = f"10.{randrange(256)}.{randrange(256)}.{randrange(1, 255)}"

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: User | None = None,
        token: str | None = None,
        raw: bytes | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """The response; headers are keyword arguments with _ for -."""
        if user is not None:
            token = tokens_of(user).access
        sent = {"X-Forwarded-For": self.address} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if raw is not None:
            data: Any = raw
        elif _has_file(body):
            data, content_type = _form(body)
        else:
            data = b"" if body is None else body
        return self.client.generic(method, path, _encoded(data), content_type=content_type, headers=sent)

    def get(self, path: str, **options: Any) -> Any:
        return self.request("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.request("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.request("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.request("PATCH", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.request("DELETE", path, body, **options)


def _encoded(data: Any) -> bytes:
    return data if isinstance(data, bytes) else json.dumps(data).encode()


def _has_file(body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    values = [item for value in body.values() for item in _as_list(value)]
    return any(isinstance(value, UploadedFile) for value in values)


def _form(body: dict[str, Any]) -> tuple[bytes, str]:
    return encode_multipart(BOUNDARY, body), MULTIPART_CONTENT


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
