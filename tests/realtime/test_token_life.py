"""E3: a socket lives as long as its token and its account, and no longer."""

import time
from typing import Any
from uuid import uuid4

from core.accounts import tokens
from core.accounts.models import AccountStatus, User
from core.realtime import Users, publish
from core.realtime.control import CloseSockets
from tests.cast import make_user, tokens_of
from tests.expiring import in_time
from tests.realtime.processes import Realtime


def token_for(user: User, seconds: int, settings: Any) -> str:
    settings.ACCESS_TOKEN_LIFETIME = seconds
    return tokens_of(user).access


def test_e3_warned_then_closed(realtime: Realtime, settings: Any) -> None:
    user = make_user()

    def warned(seconds: int) -> dict[str, Any]:
        with realtime.client(token=token_for(user, seconds, settings)) as phone:
            warning = phone.wait("token_expiring")
            assert phone.close_code() == 4001
        return warning

    warning = in_time(warned)
    assert warning["event_id"]
    assert warning["expires_at"].endswith("Z")


def test_e3_newer_token_prolongs(realtime: Realtime, settings: Any) -> None:
    user = make_user()
    newer = token_for(user, 900, settings)
    expires_at = tokens.read_access_token(newer).expires_at

    def outlive(seconds: int) -> None:
        ends = time.monotonic() + seconds
        with realtime.client(token=token_for(user, seconds, settings)) as phone:
            phone.wait("token_expiring")
            reply = phone.ask(type="authenticate", token=newer)
            assert reply == {"type": "authenticated", "expires_at": f"{expires_at:%Y-%m-%dT%H:%M:%SZ}"}
            publish(CloseSockets(session_id=uuid4()), to=Users.of(user.id))
            while time.monotonic() < ends + 1:
                assert phone.heard("token_expiring")

    in_time(outlive)


def test_e3_token_of_another_user(realtime: Realtime) -> None:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        reply = phone.ask(type="authenticate", token=tokens_of(make_user()).access)
        assert reply == {"error": "Token is invalid or expired"}
        assert phone.ask(type="authenticate", token="nonsense") == reply


def test_renewing_with_a_suspended_account(realtime: Realtime) -> None:
    user = make_user()
    with realtime.client(user) as phone:
        phone.wait("presence_snapshot")
        newer = tokens_of(user).access
        User.objects.filter(id=user.id).update(account_status=AccountStatus.SUSPENDED)
        phone.send(type="authenticate", token=newer)
        assert phone.close_code() == 4001


def test_e3_all_sockets_of_a_user(realtime: Realtime, other_realtime: Realtime) -> None:
    user, stranger = make_user(), make_user()
    with (
        realtime.client(user) as phone,
        other_realtime.client(user) as tablet,
        realtime.client(stranger) as other,
    ):
        for device in (phone, tablet, other):
            device.wait("presence_snapshot")
        publish(CloseSockets(), to=Users.of(user.id))
        assert phone.close_code() == tablet.close_code() == 4001
        assert other.heard("error") == []


def test_one_session_or_all_others(realtime: Realtime) -> None:
    user = make_user()
    kept, ended, third = (tokens_of(user).access for _ in range(3))
    kept_id = tokens.read_access_token(kept).session_id
    ended_id = tokens.read_access_token(ended).session_id
    with (
        realtime.client(token=kept) as mine,
        realtime.client(token=ended) as lost,
        realtime.client(token=third) as other,
    ):
        for device in (mine, lost, other):
            device.wait("presence_snapshot")
        publish(CloseSockets(session_id=ended_id), to=Users.of(user.id))
        assert lost.close_code() == 4001
        assert other.heard("error") == []
        publish(CloseSockets(keep_session_id=kept_id), to=Users.of(user.id))
        assert other.close_code() == 4001
        assert mine.heard("error") == []
