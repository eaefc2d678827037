"""What the bus carries, heard by the tests."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from redis import Redis

from core.accounts.models import User
from core.chat.models import Room
from tests.cast import make_user
from tests.chatting import make_group, work_off

LAST = b"that was all"


class Ear:
    """What the bus carries, of rooms and of people, with whom each is for."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._heard: Any = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._heard.psubscribe("rt:room:*", "rt:user:*")
        for _ in range(2):
            self._heard.get_message(timeout=30)

    def listen_as(self, user: User) -> None:
        """As a process with a socket of the user's does."""
        self._heard.subscribe(f"rt:user:{user.id}")
        self._heard.get_message(timeout=30)

    def events(self) -> list[tuple[str, UUID, dict[str, Any]]]:
        """Scope, room or user, and event of each, in order; users once, however they are heard."""
        found: list[tuple[str, UUID, dict[str, Any]]] = []
        seen: set[str] = set()
        self._client.publish("rt:user:", LAST)
        for message in self._heard.listen():
            if message["data"] == LAST:
                break
            head, _, text = message["data"].partition(b"\n")
            event = json.loads(text)
            if event["event_id"] in seen:
                continue
            seen.add(event.pop("event_id"))
            subject = UUID(message["channel"].decode().rpartition(":")[2])
            found.append((json.loads(head)["to"], subject, event))
        return found

    def of_type(self, *kinds: str) -> list[tuple[str, UUID, dict[str, Any]]]:
        return [each for each in self.events() if each[2]["type"] in kinds]


@pytest.fixture
def ear(room: Room) -> Iterator[Ear]:
    """From here on: what making the room told is over."""
    with Redis.from_url(settings.REDIS_URL) as client:
        yield Ear(client)


@pytest.fixture
def room(accountant: User, academic: User) -> Room:
    room = make_group(accountant, academic, make_user("academic", full_name="Third"))
    work_off()
    return room
