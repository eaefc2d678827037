"""E1-E4: who may connect, and how the others are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.accounts import tokens
from core.accounts.models import AccountStatus, Session, User
from core.realtime import Users, publish
from core.realtime.events import UnreadCounted
from tests.cast import make_user, tokens_of
from tests.chatting import work_off
from tests.realtime.processes import Phone, Realtime


def expired_token(user: User, monkeypatch: pytest.MonkeyPatch) -> str:
    session = Session.objects.create(user=user)
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    monkeypatch.setattr("core.accounts.tokens.timezone.now", lambda: long_ago)
    token = tokens.access_token(session)
    monkeypatch.undo()
    return token


def test_e7_active_account_is_let_in_and_told_who_is_online(realtime: Realtime) -> None:
    with realtime.client(make_user()) as phone:
        snapshot = phone.wait("presence_snapshot")
    assert snapshot["online"] == []
    assert snapshot["event_id"]


def test_e4_token_may_come_in_a_header(realtime: Realtime) -> None:
    token = tokens_of(make_user()).access
    url = f"ws://127.0.0.1:{realtime.port}/ws/global/"
    with Phone(url, Authorization=f"Bearer {token}") as phone:
        assert phone.wait("presence_snapshot")


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "%00", "é"])
def test_e2_bad_token_is_accepted_then_closed(realtime: Realtime, token: str) -> None:
    with realtime.client(token=token) as phone:
        assert phone.close_code() == 4001


@pytest.mark.parametrize("length", [8_300, 30_000])
def test_e2_very_long_token_is_accepted_then_closed(realtime: Realtime, length: int) -> None:
    with realtime.client(token="x" * length) as phone:
        assert phone.close_code() == 4001


def test_a_handshake_that_cannot_be_read_is_refused(realtime: Realtime) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{realtime.port}/ws/global/?token={'x' * 50_000}")
    assert refused.value.response.status_code == 414


def test_e2_missing_token_is_accepted_then_closed(realtime: Realtime) -> None:
    with Phone(f"ws://127.0.0.1:{realtime.port}/ws/global/") as phone:
        assert phone.close_code() == 4001


def test_expired_token(realtime: Realtime, monkeypatch: pytest.MonkeyPatch) -> None:
    with realtime.client(token=expired_token(make_user(), monkeypatch)) as phone:
        assert phone.close_code() == 4001


def test_refresh_token_is_no_access_token(realtime: Realtime) -> None:
    with realtime.client(token=tokens_of(make_user()).refresh) as phone:
        assert phone.close_code() == 4001


@pytest.mark.parametrize("status", [AccountStatus.INACTIVE, AccountStatus.SUSPENDED])
def test_e3_account_that_is_not_active(realtime: Realtime, status: str) -> None:
    with realtime.client(make_user(status=status)) as phone:
        assert phone.close_code() == 4001
        assert phone.frames == []


def test_e19_a_new_socket_is_told_the_counts_and_no_other(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    user = make_user()
    with realtime.client(user) as phone:
        phone.wait("presence_snapshot")
        work_off("unread")
        assert phone.wait("unread_update")["chat_unread"] == 0
        for process in (realtime, other_realtime):
            with process.client(user) as tablet:
                tablet.wait("presence_snapshot")
                work_off("unread")
                assert tablet.wait("unread_update")["notifications_unread"] == 0
        publish(UnreadCounted(chat_unread=7, notifications_unread=7), to=Users.of(user.id))
        assert phone.wait("unread_update")["chat_unread"] == 7


@pytest.mark.parametrize("path", ["/ws/", "/ws/other/", "/", "/ws/global/more/"])
def test_other_paths_are_not_found(realtime: Realtime, path: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{realtime.port}{path}"),
    ):
        pass
    response: Any = refused.value.response
    assert (response.status_code, response.body) == (404, b'{"detail": "Not found."}')
    assert "without completing handshake" not in realtime.log.read_text()


def test_e4_token_is_in_no_log(realtime: Realtime) -> None:
    token = tokens_of(make_user()).access
    with realtime.client(token=token) as phone:
        phone.wait("presence_snapshot")
    with realtime.client(token=token[:-3] + "abc") as phone:
        phone.close_code()
    log = realtime.log.read_text()
    assert "/ws/global/" in log
    assert token.rpartition(".")[0] not in log
