"""E20: what comes live while a socket is told what it missed waits its turn."""

import asyncio
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from core.realtime.audience import Process
from core.realtime.bus import BusUnavailable
from core.realtime.envelope import Envelope
from realtime.outbox import Outbox
from realtime.registry import Registry
from realtime.resume import Resumes


class Wire:
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, frames: bytes) -> None:
        self.written += frames


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


def live(number: int, user_id: UUID) -> Envelope:
    text = b'{"event_id":"1-%d","type":"file_rejected"}' % number
    return Envelope("user", user_id, False, None, (), text)


def held_while(step: BaseException | None) -> bytes:
    """What a socket is told of what came during a resume that ended so."""

    async def main() -> bytes:
        registry, wire = Registry(), Wire()
        resumes = Resumes(cast("Any", None), Process("here"), registry, Outbox(), cast("Any", None))
        socket = registry.add(cast("Any", wire), uuid4(), uuid4())
        try:
            with resumes.holding(socket.connection):
                assert resumes.hold(live(7, socket.user.id), [socket]) == []
                if step:
                    raise step
        except BusUnavailable:
            assert step
        await asyncio.sleep(0)
        return wire.written

    return asyncio.run(main())


def test_what_came_meanwhile_follows() -> None:
    assert b'"1-7"' in held_while(None)


def test_after_a_failure_it_comes_with_what_was_missed_before_it() -> None:
    """Told now, it would be the last event the client knows of, and what was missed before it lost."""
    assert held_while(BusUnavailable()) == b""
