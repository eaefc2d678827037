"""The parts of the process that can be seen alone."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import settings
from websockets.frames import Frame, Opcode

from core.realtime.audience import Process
from core.realtime.bus import BusUnavailable
from core.realtime.control import Beat
from realtime import flood, pulse
from realtime.batches import Batches
from realtime.flood import FloodGuard
from realtime.protocol import text_frame
from realtime.pulse import Pulse
from realtime.slim import Flag, Mailbox


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_text_frame_is_what_a_client_reads(length: int) -> None:

    text = b"x" * length
    assert text_frame(text) == Frame(Opcode.TEXT, text).serialize(mask=False)


def test_mailbox_keeps_order_and_wakes_its_reader() -> None:
    async def main() -> list[int]:
        mailbox: Mailbox[int] = Mailbox()
        mailbox.put_nowait(1)
        mailbox.put_nowait(2)
        read = [await mailbox.get(), await mailbox.get()]
        assert mailbox.empty()
        waiting = asyncio.create_task(mailbox.get())
        await asyncio.sleep(0)
        mailbox.put_nowait(3)
        mailbox.put_nowait(4)
        return [*read, await waiting, await mailbox.get()]

    assert asyncio.run(main()) == [1, 2, 3, 4]


def test_a_reader_that_gave_up_loses_nothing() -> None:
    async def main() -> int:
        mailbox: Mailbox[int] = Mailbox()
        given_up = asyncio.create_task(mailbox.get())
        await asyncio.sleep(0)
        given_up.cancel()
        mailbox.put_nowait(1)
        return await mailbox.get()

    assert asyncio.run(main()) == 1


def test_flag_lets_all_waiters_go_on() -> None:
    async def main() -> list[bool]:
        flag = Flag()
        waiting = [asyncio.create_task(flag.wait()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        flag.set()
        assert flag.is_set()
        assert await flag.wait()
        flag.clear()
        assert not flag.is_set()
        flag.set()
        return await asyncio.gather(*waiting[1:])

    assert asyncio.run(main()) == [True, True]


def test_questions_are_asked_together() -> None:
    async def main() -> None:
        batches: list[list[int]] = []

        async def call(questions: list[int]) -> Sequence[int | Exception]:
            batches.append(questions)
            await asyncio.sleep(0.01)
            return [ValueError(n) if n == 13 else n * 2 for n in questions]

        asked = Batches(call, largest=10, at_once=1)
        answers = await asyncio.gather(*map(asked.ask, range(25)), return_exceptions=True)
        assert sum(map(len, batches)) == 25
        assert max(map(len, batches)) <= 10
        assert len(batches) < 10
        assert isinstance(answers[13], ValueError)
        assert [a for n, a in enumerate(answers) if n != 13] == [n * 2 for n in range(25) if n != 13]

    asyncio.run(main())


def test_a_failed_call_fails_those_who_asked_and_no_others() -> None:
    async def main() -> None:
        async def call(questions: list[int]) -> Sequence[int | Exception]:
            if 0 in questions:
                raise ConnectionError
            return questions

        asked = Batches(call, largest=10, at_once=1)
        with pytest.raises(ConnectionError):
            await asked.ask(0)
        assert await asked.ask(1) == 1

    asyncio.run(main())


def test_flood_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("realtime.flood.time.monotonic", lambda: now)
    guard = FloodGuard()
    assert [guard.lets_through() for _ in range(201)].count(True) == flood.BURST
    now += 1
    assert [guard.lets_through() for _ in range(60)].count(True) == flood.FRAMES_PER_SECOND


class DeafBus:
    """Takes beats; delivers (h) or loses (l) them, isn't there (x), or is back only after one (r)."""

    def __init__(self, outcomes: str) -> None:
        self.outcomes = list(outcomes)
        self.silences = 0
        self.done = asyncio.Event()
        self.turns = 0
        self.pulse = Pulse(
            self,  # type: ignore[arg-type]
            Process("me"),
            lambda: self.turns,
            self.silence,
        )

    async def publish(self, beat: Beat, *, to: Any) -> None:
        if not self.outcomes:
            self.done.set()
            await asyncio.Event().wait()
        match self.outcomes.pop(0):
            case "h":
                self.pulse.heard(beat)
            case "x":
                raise BusUnavailable
            case "r":
                self.turns += 1

    async def silence(self) -> None:
        self.silences += 1


@pytest.mark.parametrize(
    ("outcomes", "silences"), [("hhh", 0), ("hlh", 1), ("hxxh", 0), ("llh", 2), ("hxrh", 0), ("rlh", 1)]
)
def test_pulse_notices_what_is_not_delivered(
    monkeypatch: pytest.MonkeyPatch, outcomes: str, silences: int
) -> None:
    monkeypatch.setattr(pulse, "PERIOD", 0.01)

    async def main() -> int:
        bus = DeafBus(outcomes)
        running = asyncio.create_task(bus.pulse.run())
        async with asyncio.timeout(30):
            await bus.done.wait()
        running.cancel()
        return bus.silences

    assert asyncio.run(main()) == silences


def test_threads_get_their_turn_beside_a_busy_loop() -> None:
    code = "import realtime.asgi, sys; print(sys.getswitchinterval())"
    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    assert float(printed.stdout) == pytest.approx(0.001)
