"""What a socket missed while it was away, from the logs of the channels it would have heard."""

import re
from collections.abc import Container, Iterable, Iterator
from operator import attrgetter
from uuid import UUID

import orjson

from core.realtime import scripts
from core.realtime.audience import Process
from core.realtime.bus import Bus
from core.realtime.control import Mark
from core.realtime.envelope import Envelope, room_channel, seal, unseal, user_channel

_EVENT_ID = re.compile(r"(\d{1,15})-(\d{1,15})", re.ASCII)
_NEVER_GIVEN = ("0", "0")
_MEMBERSHIP = (b'"type":"member_added"', b'"type":"member_removed"')


async def missed_by(
    bus: Bus,
    user_id: UUID,
    rooms: Iterable[UUID],
    *,
    joined: Container[UUID | None],
    since: str,
    mark: Mark,
    to: Process,
) -> list[Envelope] | None:
    """What a person in these rooms, who listened to those joined, would have been told since an event.

    In order. `mark` goes to the process in the same step, in any case: what it hears later is not among the
    events.
    None if that can't be known: the id is unknown or too old, a log has lost something, or too
    much was missed. BusUnavailable.
    """
    last = _EVENT_ID.fullmatch(since)
    parts = last.groups() if last else _NEVER_GIVEN
    channels = [user_channel(user_id), *map(room_channel, rooms)]
    [process], header, rest, _ = seal(mark, to)
    entries = await bus.run(scripts.REPLAY, channels, [*parts, process, header, rest])
    if entries is None:
        return None
    logs: dict[int, list[Envelope]] = {}
    for index, payload in zip(entries[::2], entries[1::2], strict=True):
        logs.setdefault(index, []).append(unseal(channels[index - 1].encode(), payload))
    meant = (envelope for log in logs.values() for envelope in _for(user_id, log))
    told = [envelope for envelope in meant if envelope.scope != "joined" or envelope.subject in joined]
    return sorted(told, key=attrgetter("order"))


def _for(user_id: UUID, log: list[Envelope]) -> Iterator[Envelope]:
    """Those of a channel's events that are meant for the person."""
    return (envelope for envelope in _while_member(user_id, log) if envelope.but != user_id)


def _while_member(user_id: UUID, log: list[Envelope]) -> list[Envelope]:
    """Without what was said in a room before the person came, or between leaving and coming back."""
    earlier: list[Envelope] = []
    present: list[Envelope] = []
    for envelope in log:
        match _change_of(user_id, envelope):
            case "member_added":
                present = []
            case "member_removed":
                earlier += present
                present = []
        present.append(envelope)
    return earlier + present


def _change_of(user_id: UUID, envelope: Envelope) -> str | None:
    """Whether a room's event says that the person came or went."""
    if envelope.scope == "user" or not any(kind in envelope.text for kind in _MEMBERSHIP):
        return None
    event = orjson.loads(envelope.text)
    changed = event.get("user_id") == str(user_id)
    kind: str = event["type"]
    return kind if changed and kind in ("member_added", "member_removed") else None
