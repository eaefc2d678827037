"""A worker whose loop turns but asks for nothing must not pass for alive."""

import time
from types import SimpleNamespace

import pytest

from workers import liveness


def connection(*, asked_ago: float | None, has_room: bool) -> SimpleNamespace:
    channel = SimpleNamespace(
        active_queues={"email"},
        qos=SimpleNamespace(can_consume=lambda: has_room),
        _brpop_sent_at=None if asked_ago is None else time.monotonic() - asked_ago,
    )
    return SimpleNamespace(transport=SimpleNamespace(cycle=SimpleNamespace(_channels=[channel])))


@pytest.mark.parametrize(
    ("asked_ago", "has_room", "alive"),
    [(1, True, True), (liveness.STALLED_AFTER + 1, True, False), (liveness.STALLED_AFTER + 1, False, True)],
)
def test_alive_is_asking_or_having_no_room(asked_ago: float, has_room: bool, alive: bool) -> None:
    assert liveness.is_consuming(connection(asked_ago=asked_ago, has_room=has_room)) is alive


def test_just_connected_is_alive() -> None:
    assert liveness.is_consuming(connection(asked_ago=None, has_room=True))


def test_a_pushing_transport_is_alive() -> None:
    assert liveness.is_consuming(SimpleNamespace(transport=SimpleNamespace()))
