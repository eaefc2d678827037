"""People of these tests, and tokens as nobody but the product should make them."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import httpx
import jwt
import psycopg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.people import PATIENCE, Person, Socket

JWT_KEYS = "now:the-secret-that-signs,old:the-secret-that-signed"
_KEYS = {kid: hashlib.sha256(secret.encode()).digest() for kid, secret in
         (pair.split(":") for pair in JWT_KEYS.split(","))}  # fmt: skip

ANONYMOUS = {"detail": "Authentication credentials were not provided."}
INACTIVE = {"detail": "User is inactive", "code": "user_inactive"}
DEAD = {"detail": "Token is invalid or expired", "code": "token_not_valid"}
NO_LOGIN = {"non_field_errors": ["Unable to log in with provided credentials."]}
WRONG_CODE = {"otp_code": ["Invalid OTP."]}
TOO_MANY = {"detail": "Too many requests. Please try again later."}


class Account(Person):
    """A person, and every step of an identity's life."""

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> httpx.Response:
        """A request with the access token, or with another one; anonymous for ""."""
        token = self.access if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, path, json=body, headers=headers)

    def log_in(self, password: str = PASSWORD) -> httpx.Response:
        """POST /auth/login/; keeps the tokens of a success."""
        answer = self.call("POST", "/auth/login/", {"email": self.email, "password": password}, token="")
        if answer.status_code == 200:
            self.access, self.refresh = answer.json()["access_token"], answer.json()["refresh_token"]
        return answer

    def renew(self, refresh: str | None = None) -> httpx.Response:
        """POST /api/token/refresh/ with the refresh token, or another one."""
        return self.call("POST", "/api/token/refresh/", {"refresh": refresh or self.refresh}, token="")

    def verify_with(self, code: str) -> httpx.Response:
        """POST /auth/verify-email-otp/."""
        return self.call("POST", "/auth/verify-email-otp/", {"email": self.email, "otp_code": code}, token="")

    def ask_reset(self) -> str:
        """Request a reset, and the code of its mail."""
        before = len(self.product.mails(self.email))
        self.call("POST", "/auth/password-reset/request/", {"email": self.email}, token="")
        return self.mailed_code(after=before)

    def reset(self, code: str, new_password: str) -> httpx.Response:
        """POST /auth/password-reset/verify/."""
        body = {"email": self.email, "otp_code": code, "new_password": new_password}
        return self.call("POST", "/auth/password-reset/verify/", body, token="")

    def is_let_in(self) -> bool:
        """Whether the access token opens a protected path; a refusal must be a 401."""
        status = self.get("/auth/user/").status_code
        assert status in (200, 401)
        return status == 200

    def opens_a_socket(self) -> bool:
        """Whether the socket takes the access token; it closes 4001 otherwise."""
        with connect(f"{self.product.ws_url}?token={self.access}", open_timeout=PATIENCE) as connection:
            try:
                connection.recv(timeout=PATIENCE)
            except ConnectionClosed:
                assert connection.close_code == 4001
                return False
        return True


class Admin:
    """The pages of Django's admin, as a browser uses them."""

    def __init__(self, product: Product, email: str) -> None:
        self.email = email
        self.http = httpx.Client(base_url=product.base_url, timeout=PATIENCE, follow_redirects=True)

    def __enter__(self) -> Self:
        page = self.send("/admin/login/?next=/admin/", username=self.email, password=PASSWORD)
        assert "Administration" in page
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(self, path: str, **fields: str) -> str:
        """The page that answers a form."""
        self.http.get(path)
        token = self.http.cookies["csrftoken"]
        answer = self.http.post(path, data={**fields, "csrfmiddlewaretoken": token})
        assert answer.status_code == 200
        return answer.text

    def act(self, action: str, account: Account) -> None:
        """An action of the list of users, on one of them."""
        page = self.send("/admin/accounts/user/", action=action, _selected_action=account.id)
        assert "Accounts changed: 1." in page


def minted(like: str, *, kid: str = "now", key: bytes | None = None, **claims: Any) -> str:
    """A token signed by the product's key (or another), like a real one but for some claims."""
    real = jwt.decode(like, options={"verify_signature": False})
    kept = {name: value for name, value in (real | claims).items() if value is not None}
    return jwt.encode(kept, key or _KEYS[kid], algorithm="HS256", headers={"kid": kid})


def close_code(socket: Socket) -> int | None:
    """Read to the end of a socket that the server closes."""
    try:
        while True:
            socket.connection.recv(timeout=PATIENCE)
    except ConnectionClosed:
        return socket.connection.close_code


def in_parallel(http: httpx.Client, count: int, path: str, body: object) -> list[httpx.Response]:
    """The answers to one POST from many connections at once."""
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(http.post, path, json=body) for _ in range(count)]]


def rows(product: Product, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the product's database says."""
    with psycopg.connect(product.servers()["DATABASE_URL"]) as database:
        return database.execute(query.encode(), values).fetchall()


def code_in(text: str) -> str:
    """The six digits that stand on a line of their own."""
    return str(re.findall(r"^\s*(\d{6})\s*$", text, re.MULTILINE)[0])
