"""Telling a socket what it missed, once each and before what is live (docs/decisions/0022-resume.md).

While the logs are read, what the socket would hear live is held. The step that reads them also
sends a mark to this process: once that is heard, all that the logs held has been heard as well, so
what is held and wasn't in the logs is all that is left.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from core.realtime import Bus
from core.realtime.audience import Process
from core.realtime.control import Mark
from core.realtime.envelope import Envelope
from core.realtime.replay import missed_by
from realtime.database import in_database
from realtime.listening import Listening
from realtime.outbox import Outbox
from realtime.protocol import Connection
from realtime.recall import as_of_now
from realtime.registry import Registry, Socket

REJOINING = 30.0
"""Seconds a client that is back has for joining its rooms again."""

# A lost bus is known of at once: this long a wait is a process that is very busy.
_LONGEST_WAIT = 15.0


@dataclass(slots=True)
class _Hold:
    """What a socket would have heard meanwhile, and the ids of what it was told of that already."""

    heard: list[Envelope] = field(default_factory=list)
    told: set[str] = field(default_factory=set)


class Resumes:
    """The sockets of a process that are being told what they missed."""

    def __init__(
        self, bus: Bus, process: Process, registry: Registry, outbox: Outbox, listening: Listening
    ) -> None:
        self._bus = bus
        self._process = process
        self._registry = registry
        self._outbox = outbox
        self._listening = listening
        self._holds: dict[Connection, _Hold] = {}
        self._marks: dict[int, asyncio.Future[bool]] = {}
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def holding(self, connection: Connection) -> Iterator[None]:
        """Inside, nothing live is written to the connection; what came meanwhile is at the end.

        After a failure it isn't: the client would never ask for what it missed before that.
        """
        hold = self._holds[connection] = _Hold()
        try:
            yield
        finally:
            del self._holds[connection]
        for envelope in hold.heard:
            if envelope.event_id not in hold.told:
                self._outbox.write(envelope.text, connection)

    def hold(self, envelope: Envelope, audience: Iterable[Socket]) -> Iterable[Socket]:
        """Keep an event for those of its audience that are held; the others."""
        if not self._holds:
            return audience
        free = []
        for socket in audience:
            if hold := self._holds.get(socket.connection):
                hold.heard.append(envelope)
            else:
                free.append(socket)
        return free

    def holds(self, socket: Socket) -> bool:
        """Whether the socket is being told what it missed."""
        return socket.connection in self._holds

    def heard(self, mark: Mark) -> None:
        """A mark has come: all that was published before it has been heard."""
        self._answer(mark.number, True)

    def give_up(self) -> None:
        """Something may not have been heard: those who wait for a mark can't be sure."""
        for number in tuple(self._marks):
            self._answer(number, False)

    async def resume(self, socket: Socket, last_event_id: str) -> bool:
        """Write what was missed since an event to a held socket; False if that can't be known.

        It hears the rooms that its person listened to, until it has had time to join them again:
        otherwise what is said before that would be lost. BusUnavailable, Unavailable.
        """
        listened = await self._listening.until(socket, last_event_id)
        self._registry.await_rejoining(socket, socket.user.rooms & listened)
        await self._listening.resume(socket)
        missed = await self._missed(socket, listened, last_event_id)
        if missed is None:
            await self._end_rejoining(socket)
            return False
        self._tell(socket, missed)
        asyncio.get_running_loop().call_later(REJOINING, self._end_later, socket)
        return True

    def _end_later(self, socket: Socket) -> None:
        task = asyncio.create_task(self._end_rejoining(socket))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_rejoining(self, socket: Socket) -> None:
        rooms = socket.rejoining
        self._registry.await_rejoining(socket, frozenset())
        await self._listening.end_rejoining(socket, rooms)

    def _tell(self, socket: Socket, envelopes: list[Envelope]) -> None:
        for envelope in envelopes:
            self._outbox.write(envelope.text, socket.connection)
        self._holds[socket.connection].told.update(envelope.event_id for envelope in envelopes)

    async def _missed(self, socket: Socket, joined: set[UUID], since: str) -> list[Envelope] | None:
        mark = Mark(number=next(self._numbers))
        heard = self._marks[mark.number] = asyncio.get_running_loop().create_future()
        user = socket.user
        try:
            missed = await missed_by(
                self._bus, user.id, user.rooms, joined=joined, since=since, mark=mark, to=self._process
            )
            # Even if nothing can be told: what is said from now on is resumed from the mark.
            async with asyncio.timeout(_LONGEST_WAIT):
                if not await heard:
                    return None
        except TimeoutError:
            return None
        finally:
            del self._marks[mark.number]
        return await in_database(as_of_now, missed, user.rooms) if missed else missed

    def _answer(self, number: int, is_sure: bool) -> None:
        heard = self._marks.get(number)
        if heard and not heard.done():
            heard.set_result(is_sure)
