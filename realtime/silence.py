"""Typists whose process died: it can't say that they stopped, so each process that hears them does."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson

from core.realtime.envelope import Envelope
from realtime.typists import LONGEST

_TYPING = b'"type":"typing_indicator"'
_HEAD = 80


class Silence:
    """Ends locally what nobody else has ended: tell(event, envelope) writes to whom the envelope means."""

    def __init__(self, tell: Callable[[dict[str, Any], Envelope], None]) -> None:
        self._tell = tell
        self._ends: dict[tuple[UUID | None, UUID | None], asyncio.TimerHandle] = {}

    def heard(self, envelope: Envelope) -> None:
        """Any event: those of typing begin or end a wait."""
        if _TYPING not in envelope.text[:_HEAD]:
            return
        key = envelope.subject, envelope.but
        if end := self._ends.pop(key, None):
            end.cancel()
        event = orjson.loads(envelope.text)
        if event["is_typing"]:
            loop = asyncio.get_running_loop()
            self._ends[key] = loop.call_later(LONGEST, self._end, envelope, event)

    def _end(self, envelope: Envelope, event: dict[str, Any]) -> None:
        del self._ends[envelope.subject, envelope.but]
        self._tell({**event, "is_typing": False}, envelope)
