"""Google and Facebook as a login sees them: one local HTTP server that speaks both protocols."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

GOOGLE_CLIENT_ID = "our-client.apps.googleusercontent.com"
FACEBOOK_APP_ID = "1234567890"
FACEBOOK_APP_SECRET = "facebook-secret-of-ours"
TOKEN = "ya29.good-token_of-the/person"


@dataclass(slots=True)
class Reply:
    """What a path answers; raw replaces the JSON. While hold isn't set, nothing is answered."""

    body: Any = None
    status: int = 200
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None

    def encoded(self) -> bytes:
        return json.dumps(self.body).encode() if self.raw is None else self.raw


@dataclass(slots=True)
class Request:
    path: str
    query: dict[str, str]
    authorization: str


class Providers:
    """The server's state: the reply of each path, and the requests that came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replies: dict[str, Reply] = {}
        self.requests: list[Request] = []
        self.google_person()
        self.facebook_person()

    def google_person(self, **facts: Any) -> None:
        """The person behind TOKEN at Google; facts replace or (None) remove what is told."""
        person = {
            "sub": "108204268033311374519",
            "email": "amina.benali@gmail.com",
            "email_verified": True,
            "name": "Amina Benali",
            "picture": "https://lh3.googleusercontent.com/a/photo",
        } | facts
        told = {name: value for name, value in person.items() if value is not None}
        shared: dict[str, Any] = {name: told[name] for name in ("sub", "email") if name in told}
        if "email_verified" in told:
            shared["email_verified"] = str(told["email_verified"]).lower()
        self.replies["/google/userinfo"] = Reply(told)
        self.replies["/google/tokeninfo"] = Reply(
            {"azp": GOOGLE_CLIENT_ID, "aud": GOOGLE_CLIENT_ID, "scope": "openid email profile"}
            | {"exp": "4102444800", "expires_in": "3599", "access_type": "online"}
            | shared
        )

    def facebook_person(self, **facts: Any) -> None:
        """The person behind TOKEN at Facebook."""
        person = {"id": "10158", "name": "Yacine Haddad", "email": "yacine@example.com"} | facts
        told = {name: value for name, value in person.items() if value is not None}
        self.replies["/facebook/me"] = Reply(told)
        self.replies["/facebook/debug_token"] = Reply(
            {
                "data": {
                    "app_id": FACEBOOK_APP_ID,
                    "type": "USER",
                    "application": "My Accountant",
                    "expires_at": 0,
                    "is_valid": True,
                    "scopes": ["email", "public_profile"],
                    "user_id": told["id"],
                }
            }
        )

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        reply = self.replies.get(request.path, Reply({"error": "not found"}, status=404))
        if reply.status == 200 and not self._knows(request):
            return self._refusal(request.path)
        return reply

    @staticmethod
    def _knows(request: Request) -> bool:
        """Whether the call shows what the real provider would ask for."""
        match request.path:
            case "/google/tokeninfo":
                return request.query.get("access_token") == TOKEN
            case "/google/userinfo":
                return request.authorization == f"Bearer {TOKEN}"
            case "/facebook/debug_token":
                ours = f"{FACEBOOK_APP_ID}|{FACEBOOK_APP_SECRET}"
                return request.query == {"input_token": TOKEN, "access_token": ours}
            case _:
                return request.query.get("access_token") == TOKEN

    @staticmethod
    def _refusal(path: str) -> Reply:
        if path.startswith("/google/"):
            refused = {"error": "invalid_token", "error_description": "Invalid Value"}
            return Reply(refused, status=400 if path.endswith("tokeninfo") else 401)
        error = {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}
        if path.endswith("debug_token"):
            return Reply({"data": {"error": error, "is_valid": False, "scopes": []}})
        return Reply({"error": error}, status=400)


@contextmanager
def running_providers() -> Iterator[Providers]:
    """The server on a port of its own, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            request = Request(parts.path, query, self.headers.get("Authorization", ""))
            reply = providers.answer(request)
            if reply.hold is not None:
                reply.hold.wait()
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            body = reply.encoded()
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
            for name, value in (headers | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    providers = Providers(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield providers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
