"""Somebody with a phone: the API by HTTP, the mailbox, the socket."""

import json
import re
from typing import Any, Self
from uuid import uuid4

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.cast import PASSWORD
from tests.e2e.harness import Product

PATIENCE = 30.0


class Person:
    """A new account of a role; every step goes through the front door."""

    def __init__(self, product: Product, user_type: str = "client") -> None:
        self.product = product
        self.user_type = user_type
        self.email = f"{user_type}-{uuid4().hex[:12]}@example.com"
        self.http = httpx.Client(base_url=product.base_url, timeout=PATIENCE)
        self.access = self.refresh = self.id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def register(self) -> httpx.Response:
        """POST /auth/registration/; keeps the tokens."""
        answer = self.http.post(
            "/auth/registration/",
            json={
                "email": self.email,
                "password1": PASSWORD,
                "password2": PASSWORD,
                "full_name": "Nadia Haddad",
                "phone": "+213796269301",
                "user_type": self.user_type,
            },
        )
        body = answer.json()
        self.access, self.refresh = body["access_token"], body["refresh_token"]
        self.id = body["user"]["pk"]
        return answer

    def ask_code(self) -> httpx.Response:
        """POST /auth/send-email-otp/."""
        return self.http.post("/auth/send-email-otp/", json={"email": self.email})

    def mailed_code(self, *, after: int = 0) -> str:
        """The six digits of the mail that follows the first `after`."""
        mail = self.product.next_mail(self.email, after=after, seconds=PATIENCE)
        return str(re.findall(r"^\s*(\d{6})\s*$", mail.text, re.MULTILINE)[0])

    def verify(self) -> httpx.Response:
        """Ask for a code, read the mail, send the code."""
        assert self.ask_code().status_code == 200
        body = {"email": self.email, "otp_code": self.mailed_code()}
        return self.http.post("/auth/verify-email-otp/", json=body)

    def join(self) -> Self:
        """Register and verify."""
        self.register()
        assert self.verify().status_code == 200
        return self

    def get(self, path: str) -> httpx.Response:
        """A GET with the access token."""
        return self.http.get(path, headers={"Authorization": f"Bearer {self.access}"})

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """A POST with the access token."""
        return self.http.post(path, json=body, headers={"Authorization": f"Bearer {self.access}"})

    def socket(self, token: str | None = None) -> "Socket":
        """The open WebSocket of this account, or with any token."""
        return Socket(f"{self.product.ws_url}?token={self.access if token is None else token}")


class Socket:
    """Frames as they come; what was read while waiting for one kind is kept for the next."""

    connection: ClientConnection

    def __init__(self, url: str) -> None:
        self._opening = connect(url, open_timeout=PATIENCE)
        self.seen: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self.connection = self._opening.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, frame: object) -> None:
        """A frame: text as it is, anything else as JSON."""
        self.connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    def wait(self, kind: str) -> dict[str, Any]:
        """The next frame of a type, or the next error frame for "error"."""
        for frame in self.seen:
            if frame.get("type") == kind or (kind == "error" and "error" in frame):
                self.seen.remove(frame)
                return frame
        while True:
            frame = json.loads(self.connection.recv(timeout=PATIENCE))
            if frame.get("type") == kind or (kind == "error" and "error" in frame):
                return dict(frame)
            self.seen.append(frame)
