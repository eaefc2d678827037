"""Sessions and what ends them: decisions A11, A20 to A22, and what E3 says of their sockets."""

import time
from typing import Any

import httpx
import pytest

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.identity.account import DEAD, INACTIVE, NO_LOGIN, Account, Admin, close_code, minted, rows
from tests.e2e.people import PATIENCE, Socket
from tests.expiring import in_time
from tests.local.running import until
from tests.samples import picture


def test_a11_logout_without_a_body_ends_its_own_session(account: Account) -> None:
    first = account.refresh
    account.log_in()
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        assert account.call("POST", "/auth/logout/").status_code == 200
        # Access tokens live to their expiry, and so do the sockets that they opened.
        phone.send({"type": "still there?"})
        assert phone.wait("error")
    assert account.is_let_in()
    assert [account.renew(token).status_code for token in (account.refresh, first)] == [401, 200]


def test_a11_another_s_token_stays_alive_and_one_s_own_dead_one_is_fine(
    product: Product, account: Account
) -> None:
    with Account(product) as other:
        other.join()
        stolen = account.post("/auth/logout/", {"refresh": other.refresh})
        assert (stolen.status_code, stolen.json()) == (401, DEAD)
        assert other.renew().status_code == 200
    for _ in range(2):
        assert account.post("/auth/logout/", {"refresh": account.refresh}).status_code == 200


def test_a20_a_refresh_token_is_replaced_and_a_retry_gets_the_same(account: Account) -> None:
    first = account.renew().json()
    assert set(first) == {"access", "refresh"}
    assert first["refresh"] != account.refresh
    assert account.renew().json()["refresh"] == first["refresh"]
    assert account.renew(first["refresh"]).status_code == 200


def test_a20_a_token_used_again_after_the_grace_ends_the_session(product: Product, account: Account) -> None:
    successor = account.renew().json()["refresh"]
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        until(lambda: account.renew().status_code == 401, why="the grace passes")
        assert close_code(phone) == 4001
    assert account.renew(successor).status_code == 401
    assert not account.is_let_in()
    notice = product.next_mail(account.email, after=1)
    assert notice.subject == "A device was signed out of your account"


def sessions_of(account: Account) -> list[dict[str, Any]]:
    return list(account.get("/auth/sessions/").json())


def test_a21_sessions_are_listed_and_ended_one_by_one(product: Product, account: Account) -> None:
    old_access, old_refresh = account.access, account.refresh
    account.http.headers["User-Agent"] = "Pixel 9"
    account.log_in()
    current, lost = sorted(sessions_of(account), key=lambda session: not session["current"])
    assert set(current) == {"id", "created_at", "last_used_at", "user_agent", "ip", "current"}
    assert [each["current"] for each in (current, lost)] == [True, False]
    assert (current["user_agent"], current["ip"]) == ("Pixel 9", "127.0.0.1")
    with Account(product) as other:
        assert other.join().call("DELETE", f"/auth/sessions/{lost['id']}/").status_code == 404
    with Socket(f"{product.ws_url}?token={old_access}") as phone:
        phone.wait("presence_snapshot")
        assert account.call("DELETE", f"/auth/sessions/{lost['id']}/").status_code == 204
        assert close_code(phone) == 4001
    assert account.call("GET", "/auth/user/", token=old_access).status_code == 401
    assert account.renew(old_refresh).status_code == 401
    assert [each["id"] for each in sessions_of(account)] == [current["id"]]
    assert account.call("DELETE", f"/auth/sessions/{lost['id']}/").status_code == 404


def with_a_past(account: Account, other: Account) -> str:
    """A room with a message of the account's, whose profile shows a picture; the room's id."""
    files = {"profile_picture": ("me.jpg", picture(), "image/jpeg")}
    headers = {"Authorization": f"Bearer {account.access}"}
    assert account.http.patch("/profiles/me/", files=files, headers=headers).status_code == 200
    room = account.post("/chat/chatrooms/direct/", {"target_user_id": other.id}).json()
    with account.socket() as phone:
        phone.send({"type": "join_room", "room_id": room["room_id"]})
        phone.send({"type": "send_message", "room_id": room["room_id"], "content": "Bonjour"})
        assert phone.wait("message_sent")
    return str(room["room_id"])


def test_a22_a_deleted_account_is_gone_but_for_its_messages(product: Product) -> None:
    with Account(product, "accountant") as account, Account(product) as other:
        room_id = with_a_past(account.join(), other.join())
        url = httpx.URL(account.get("/profiles/me/").json()["profile_picture"])
        assert account.call("DELETE", "/auth/user/", {"password": "wrong"}).status_code == 400
        with account.socket() as phone:
            phone.wait("presence_snapshot")
            assert account.call("DELETE", "/auth/user/", {"password": PASSWORD}).status_code == 204
            assert close_code(phone) == 4001
        assert (account.is_let_in(), account.renew().status_code) == (False, 401)
        assert account.log_in().json() == NO_LOGIN
        [message] = other.get(f"/chat/chatrooms/{room_id}/messages/").json()["results"]
        assert (message["sender"]["full_name"], message["content"]) == ("Deleted user", "Bonjour")
        assert account.email not in str(message)
        path = url.raw_path.decode()
        until(lambda: other.http.get(path).status_code == 404, why="a job removes the picture")
        assert account.register().status_code == 201
        assert not rows(product, "SELECT 1 FROM accounts_attempt WHERE identity LIKE %s", "%@%")


def test_a22_a_mailed_code_deletes_too(account: Account) -> None:
    sent = account.post("/auth/send-deletion-otp/", {})
    assert (sent.status_code, sent.json()) == (200, {"detail": "OTP sent to your email"})
    code = account.mailed_code(after=1)
    assert account.call("DELETE", "/auth/user/", {}).status_code == 400
    assert account.call("DELETE", "/auth/user/", {"otp_code": code}).status_code == 204
    assert not account.is_let_in()


def test_a_suspension_shuts_out_at_once_until_it_is_lifted(account: Account, admin: Admin) -> None:
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        admin.act("suspend", account)
        assert close_code(phone) == 4001
    for answer in (account.get("/profiles/me/"), account.renew()):
        assert (answer.status_code, answer.json()) == (401, INACTIVE)
    assert not account.opens_a_socket()
    admin.act("activate", account)
    assert not account.is_let_in()
    assert account.log_in().status_code == 200
    assert account.is_let_in()


def test_an_admin_ends_all_sessions(account: Account, admin: Admin) -> None:
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        admin.act("end_sessions", account)
        assert close_code(phone) == 4001
    assert (account.is_let_in(), account.renew().status_code) == (False, 401)
    assert account.log_in().status_code == 200


def test_e3_a_socket_is_warned_renewed_and_closed_at_the_end_of_its_token(account: Account) -> None:
    real = account.access

    def outlive(seconds: int) -> None:
        soon = int(time.time()) + seconds
        account.access = minted(real, exp=soon)
        with account.socket() as renewed, account.socket() as forgotten:
            warning = renewed.wait("token_expiring")
            assert warning["expires_at"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(soon))
            renewed.send({"type": "authenticate", "token": real})
            assert set(renewed.wait("authenticated")) == {"type", "expires_at"}
            assert forgotten.wait("token_expiring")
            assert close_code(forgotten) == 4001
            renewed.send({"type": "still there?"})
            assert renewed.wait("error")

    in_time(outlive)
    assert account.get("/auth/user/").status_code == 401


FORGERIES: list[dict[str, Any]] = [
    {"exp": 1_700_000_000}, {"exp": None}, {"iss": "another"}, {"aud": "another"}, {"aud": None},
    {"token_type": "refresh"}, {"sid": None}, {"jti": None}, {"kid": "removed", "key": b"k" * 32},
    {"key": b"a key that nobody of ours has ever seen"}, {"kid": "old", "key": b"x" * 32},
    {"user_id": "5f0b3c0e-3f0b-4a58-9d3c-6f2c2f5a3f10"}, {"sid": "5f0b3c0e-3f0b-4a58-9d3c-6f2c2f5a3f10"},
]  # fmt: skip


def test_forged_tokens_open_nothing(account: Account) -> None:
    real = account.access
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + real.split(".")[1] + "."
    forged = [unsigned, account.refresh, real[:-2], *(minted(real, **forgery) for forgery in FORGERIES)]
    for token in forged:
        answer = account.call("GET", "/auth/user/", token=token)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")
        account.access = token
        assert not account.opens_a_socket()
    for token in (real, unsigned, *(minted(account.refresh, **forgery) for forgery in FORGERIES[:5])):
        assert account.renew(token).json() == DEAD
    assert account.renew(minted(account.refresh, kid="old")).status_code == 200
    assert account.call("GET", "/auth/user/", token=minted(real, kid="old")).status_code == 200


@pytest.mark.parametrize("path", ["/auth/user/", "/auth/sessions/", "/profiles/me/"])
def test_without_a_token_nothing_is_read(product: Product, path: str) -> None:
    answer = httpx.get(f"{product.base_url}{path}", timeout=PATIENCE)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}
