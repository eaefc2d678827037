"""The one hub of a process: what comes over the bus goes to the sockets it is meant for.

One connection hears each channel once, however many sockets need it. A text is framed once and
written to each socket without waiting for any.
"""

import asyncio
import logging
import math
from collections.abc import Collection, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from core.accounts.tokens import Claims
from core.realtime import Bus, scripts
from core.realtime.audience import Process
from core.realtime.bus import BusUnavailable
from core.realtime.control import Beat, CloseSockets, Mark, RoomsChanged, read_control
from core.realtime.envelope import EVERYONE, Envelope, process_channel, unseal
from core.realtime.presence import Presence
from core.realtime.sockets import report_sockets
from core.realtime.subscription import Subscription
from core.realtime.tasks import cancel_all
from realtime import expiry
from realtime.door import Door
from realtime.frames import ResyncRequired, TokenExpiring, encode
from realtime.listening import Listening
from realtime.metrics import COUNTS
from realtime.outbox import Outbox
from realtime.people import People
from realtime.presence import PresenceKeeper
from realtime.protocol import Connection
from realtime.pulse import Pulse
from realtime.registry import LocalUser, Registry, Socket
from realtime.resume import Resumes
from realtime.silence import Silence
from realtime.snapshots import Snapshots
from realtime.typists import Typists

logger = logging.getLogger(__name__)

_RETRY = 1.0


class Hub:
    """What a realtime process consists of. position: the id of the last event it heard."""

    def __init__(self, url: str, presence_ttl: float) -> None:
        self._process = process = Process(uuid4().hex)
        self.bus = Bus(url)
        self.registry = Registry()
        self.position = "0-0"
        self._subscription = Subscription(url, self._hear, self._lost)
        self._channels = [EVERYONE, process_channel(process.id)]
        # A dead process's users are offline within the TTL: its lease, then the next one's sweep.
        self._presence_period = presence_ttl / 10
        presence = Presence(self.bus, process.id, lease=int(presence_ttl * 600))
        self._presence = PresenceKeeper(presence, self.registry.person, self._forgotten)
        self.typists = Typists(self.bus)
        self.people = People(self.registry, self._subscription, self._presence, self.typists, self._meet)
        self._outbox = Outbox()
        self._snapshots = Snapshots(presence, self._outbox, lambda: self.position)
        self._silence = Silence(self._tell_here)
        self.listening = Listening(self.bus, process, lambda: self.position)
        self._resumes = Resumes(self.bus, process, self.registry, self._outbox, self.listening)
        self._pulse = Pulse(
            self.bus, process, lambda: self._subscription.turns, on_silence=self._subscription.reset
        )
        self.door = Door(lambda: self.is_listening)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_listening(self) -> bool:
        return self._subscription.hears

    def start(self) -> None:
        """Begin to listen; with Valkey down, once it is up."""
        self._subscription.start()
        self.spawn(self._begin())
        self.spawn(self._keep_presence())

    async def stop(self) -> None:
        await cancel_all(tuple(self._tasks))
        await self._subscription.stop()
        await self.bus.close()

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run something beside; an unexpected error in it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def enter(self, connection: Connection, claims: Claims, last_event_id: str | None) -> Socket:
        """Let a socket in; one that was here before is told first what it missed. As People.enter."""
        if last_event_id is None:
            return await self.people.enter(connection, claims)
        with self._resumes.holding(connection):
            socket = await self.people.enter(connection, claims)
            try:
                resumed = await self._resumes.resume(socket, last_event_id)
            except BaseException:
                await self.leave(socket)
                raise
            if resumed:
                COUNTS.resumed += 1
            else:
                self._require_resync([socket])
        return socket

    def watch(self, socket: Socket, expires_at: datetime) -> None:
        """The socket lives until its token expires, and hears of that before."""
        expiry.watch(socket, expires_at, self._warn)

    async def leave(self, socket: Socket) -> None:
        """The socket has closed."""
        expiry.forget(socket)
        await self.listening.close(socket)
        await self.typists.stop_all(socket)
        await self.people.leave(socket)

    async def tell_presence(self, user: LocalUser, sockets: Iterable[Socket]) -> None:
        """Tell sockets of a user who is online among those they share a room with. BusUnavailable.

        One that is being told what it missed hears it after that.
        """
        free = [socket for socket in sockets if not self._resumes.holds(socket)]
        if free and user.person is not None:
            await self._snapshots.tell(user, free)

    async def _meet(self, user: LocalUser) -> None:
        try:
            await self.tell_presence(user, user.sockets)
        except BusUnavailable:
            logger.warning("Who is online will be told to %s once the bus is back", user.id)

    def _require_resync(self, sockets: Sequence[Socket]) -> None:
        COUNTS.resyncs += len(sockets)
        self._outbox.add(encode(ResyncRequired(event_id=self.position)), sockets)

    def _tell_here(self, event: dict[str, Any], envelope: Envelope) -> None:
        text = orjson.dumps({**event, "event_id": self.position})
        audience = self.registry.audience(envelope)
        self._outbox.add(text, self._resumes.hold(envelope._replace(text=text), audience))

    def _warn(self, socket: Socket, expires_at: datetime) -> None:
        self._outbox.add(encode(TokenExpiring(event_id=self.position, expires_at=expires_at)), [socket])

    async def _begin(self) -> None:
        await self._subscription.want(self._channels)
        await self._look_at_floor()
        await self._pulse.run()

    async def _keep_presence(self) -> None:
        while True:
            try:
                await self._presence.keep(list(self.registry.users))
                await self.listening.keep()
                await self._report()
            except BusUnavailable:
                logger.warning("Presence can't be kept up now")
            await asyncio.sleep(self._presence_period)

    def _forgotten(self) -> None:
        self.listening.doubt(self.registry.sockets)

    async def _report(self) -> None:
        """Say how many sockets are here, for as long as nothing newer is said."""
        lasting = math.ceil(3 * self._presence_period)
        await report_sockets(self.bus, self._process.id, COUNTS.open, seconds=lasting)

    def _hear(self, channel: bytes, payload: bytes) -> None:
        envelope = unseal(channel, payload)
        self.position = envelope.event_id
        if envelope.control:
            self._obey(envelope)
        else:
            self._silence.heard(envelope)
            audience = self._resumes.hold(envelope, self.registry.audience(envelope))
            self._outbox.add(envelope.text, self._snapshots.hold(envelope, audience))

    def _obey(self, envelope: Envelope) -> None:
        sockets = list(self.registry.audience(envelope))
        match read_control(envelope.text):
            case Beat() as beat:
                self._pulse.heard(beat)
            case Mark() as mark:
                self._resumes.heard(mark)
            case CloseSockets() as order:
                for socket in sockets:
                    if order.means(socket.session_id):
                        socket.connection.end(expiry.UNAUTHORIZED, "The session has ended")
            case RoomsChanged(left=left):
                self._change_rooms({socket.user for socket in sockets}, left)

    def _change_rooms(self, users: Collection[LocalUser], left: UUID | None) -> None:
        if left:
            self.people.take_out(users, left)
            self.spawn(self.typists.stop_outside(users))
        self._doubt(users)

    def _doubt(self, users: Collection[LocalUser]) -> None:
        """What is known of these users' rooms may not be true any more."""
        for user in users:
            user.version += 1
        self.spawn(self.people.look_again(users))

    def _lost(self) -> None:
        """Anything may have been missed, changes of rooms and the ends of sessions too."""
        self._resumes.give_up()
        self._require_resync(self.registry.sockets)
        self._doubt(list(self.registry.users.values()))
        self.spawn(self.people.look_at_sessions())
        self.spawn(self._recover())

    async def _recover(self) -> None:
        """After a loss: what can be resumed may be less, and presence is told anew."""
        await self._look_at_floor()
        # By then every process has said again whom it holds.
        await asyncio.sleep(1.5 * self._presence_period)
        for user in list(self.registry.users.values()):
            try:
                await self.tell_presence(user, user.sockets)
            except BusUnavailable:
                return

    async def _look_at_floor(self) -> None:
        while True:
            try:
                await self.bus.run(scripts.FLOOR)
                return
            except BusUnavailable:
                await asyncio.sleep(_RETRY)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("A task of the hub failed", exc_info=error)
