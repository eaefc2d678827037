"""Whatever the publishers do, a room is heard in the order of its numbers, each once."""

import asyncio
import json
import threading
from collections.abc import Iterator
from random import Random
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from redis import Redis

from core.realtime import Bus, Joined, Members
from core.realtime.bus import BusUnavailable
from core.realtime.envelope import room_channel
from core.realtime.events import MessageDeleted
from core.realtime.order import UNKNOWN, Said, say, say_from


class Chat:
    """A room whose messages are committed; what of them is heard."""

    def __init__(self) -> None:
        self.room_id = uuid4()
        self.gaps: list[tuple[int, int]] = []
        self.redis = cast("Any", Redis.from_url(settings.REDIS_URL))
        self.listener = self.redis.pubsub(ignore_subscribe_messages=True)
        self.listener.subscribe(room_channel(self.room_id))
        self.listener.get_message(timeout=5)

    def close(self) -> None:
        self.listener.close()
        self.redis.close()

    def said(self, seq: int) -> Said:
        event = MessageDeleted(message_id=UUID(int=seq), room_id=self.room_id)
        return Said(seq, [(event, Joined(self.room_id)), (event, Members(self.room_id))])

    def publish(self, seq: int) -> None:
        """As core.chat does it: what is missing before comes from the database."""
        behind = say(self.room_id, [self.said(seq)])
        if behind is not None:
            self.gaps.append((behind, seq))
            between = [self.said(each) for each in range(max(behind, 0) + 1, seq + 1)]
            assert say(self.room_id, between, all_of_them=True) is None

    def heard(self, count: int) -> list[int]:
        """The numbers of the next so many messages; each was said to both audiences, in one step."""
        numbers = []
        for _ in range(count):
            first, second = self._next(), self._next()
            assert first == second
            numbers.append(first)
        assert self.listener.get_message(timeout=0) is None
        return numbers

    def _next(self) -> int:
        while (message := self.listener.get_message(timeout=5)) is None:
            pass
        return UUID(json.loads(message["data"].partition(b"\n")[2])["message_id"]).int


@pytest.fixture
def chat() -> Iterator[Chat]:
    made = Chat()
    yield made
    made.close()


def test_in_order_costs_no_look_at_the_database(chat: Chat) -> None:
    for seq in range(1, 6):
        chat.publish(seq)
    assert chat.heard(5) == [1, 2, 3, 4, 5]
    assert chat.gaps == [(UNKNOWN, 1)]


def test_gap_is_filled_and_repeat_ignored(chat: Chat) -> None:
    for seq in (1, 4, 2, 3, 4, 1, 5):
        chat.publish(seq)
    assert chat.heard(5) == [1, 2, 3, 4, 5]
    assert chat.gaps == [(UNKNOWN, 1), (1, 4)]


def test_nothing_is_told_before_what_is_missing(chat: Chat) -> None:
    chat.publish(1)
    assert say(chat.room_id, [chat.said(3)]) == 1
    assert chat.heard(1) == [1]


def test_what_is_not_worth_telling_is_passed_over(chat: Chat) -> None:
    chat.publish(1)
    assert say(chat.room_id, [chat.said(8), chat.said(9)], all_of_them=True) is None
    chat.publish(10)
    assert chat.heard(4) == [1, 8, 9, 10]


def test_bus_that_forgot_begins_anew(chat: Chat) -> None:
    chat.publish(1)
    chat.redis.delete(f"rt:said:{chat.room_id}")
    assert say(chat.room_id, [chat.said(40)]) == UNKNOWN
    assert say(chat.room_id, [chat.said(39), chat.said(40)], all_of_them=True) is None
    assert chat.heard(3) == [1, 39, 40]


def test_bus_of_a_realtime_process(chat: Chat) -> None:
    async def main() -> list[int | None]:
        bus = Bus(settings.REDIS_URL)
        answers = [
            await say_from(bus, chat.room_id, [chat.said(1)]),
            await say_from(bus, chat.room_id, [chat.said(1)], all_of_them=True),
            await say_from(bus, chat.room_id, [chat.said(2)]),
        ]
        await bus.close()
        return answers

    assert asyncio.run(main()) == [UNKNOWN, None, None]
    assert chat.heard(2) == [1, 2]


@examples(max_examples=60)
@given(st.permutations(range(1, 13)), st.integers(0, 2**32), st.sets(st.integers(1, 11)))
def test_any_order_of_publishers(order: list[int], seed: int, killed: set[int]) -> None:
    """Some die before they publish; several publish at once; the last message is always said."""
    chat = Chat()
    random = Random(seed)
    alive = [seq for seq in order if seq not in killed]
    publishers = [alive[start::3] for start in range(3)]

    def run(share: list[int]) -> None:
        for seq in share:
            chat.publish(seq)

    threads = [threading.Thread(target=run, args=(share,)) for share in publishers]
    random.shuffle(threads)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chat.heard(12) == list(range(1, 13))
    chat.close()


def test_bus_down(chat: Chat, settings: pytest.FixtureRequest) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    with pytest.raises(BusUnavailable):
        chat.publish(1)
