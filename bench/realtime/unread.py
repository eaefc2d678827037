"""The unread count of a person with a million messages beside one with a thousand."""

import time
from statistics import median
from uuid import UUID

from django.db import connection

from bench.realtime.people import people, room_of
from core.accounts.models import User
from core.chat.queries import unread_count

_TIMES = 400


def measure(*sizes: int) -> list[float]:
    """The median seconds of a count for each number of unread messages."""
    readers = [_reader(size) for size in sizes]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took: list[list[float]] = [[] for _ in sizes]
    for _ in range(_TIMES):
        for reader, size, times in zip(readers, sizes, took, strict=True):
            began = time.perf_counter()
            count = unread_count(reader.id)
            times.append(time.perf_counter() - began)
            if count != size:
                raise SystemExit(f"{count} unread of {size}")
    return [median(times) for times in took]


def _reader(size: int) -> User:
    """Somebody with so many unread messages, in rooms of at most a hundred thousand each."""
    sender, reader = people(2)
    for start in range(0, size, 100_000):
        _fill(room_of([sender, reader]), sender.id, min(100_000, size - start))
    return reader


def _fill(room_id: UUID, sender_id: UUID, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_message (id, room_id, seq, sender_id, message_type, content)"
            " SELECT gen_random_uuid(), %s, n, %s, 'text', 'x' FROM generate_series(1, %s) n",
            [room_id, sender_id, count],
        )
        cursor.execute("UPDATE chat_room SET last_seq = %s WHERE id = %s", [count, room_id])
        cursor.execute(
            "UPDATE chat_membership SET own_count = %s WHERE room_id = %s AND user_id = %s",
            [count, room_id, sender_id],
        )
