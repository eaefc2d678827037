"""A client's socket from its first frame to its last."""

import logging
from typing import Any, cast

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from core import telemetry
from core.accounts.tokens import Claims
from core.correlation import correlated
from core.errors import BadToken, InactiveAccount, TooMany, Unavailable
from core.realtime.bus import BusUnavailable
from realtime import errors
from realtime.auth import claims_of, last_event_id_of
from realtime.expiry import UNAUTHORIZED
from realtime.frames import Reply, encode, read_frame
from realtime.handlers import carry_out
from realtime.hub import Hub
from realtime.metrics import COUNTS
from realtime.protocol import TRY_AGAIN_LATER, Connection, text_frame
from realtime.registry import Socket

logger = logging.getLogger(__name__)


class SocketConsumer(AsyncConsumer):  # type: ignore[misc]
    """Lets a client in and carries out its frames, one after the other.

    What it is told by others doesn't come through here: the hub writes that to the connection.
    """

    def __init__(self) -> None:
        self._socket: Socket | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        with correlated():
            match message["type"]:
                case "websocket.connect":
                    await self._connect()
                case "websocket.receive":
                    await self._receive(message.get("text"))
                case "websocket.disconnect":
                    await self._disconnect()
                    raise StopConsumer

    async def _connect(self) -> None:
        """Accept in any case: a client sees a close code only after that (E2)."""
        self._hub = cast("Hub", self.scope["state"]["hub"])
        self._connection = cast("Connection", self.scope["state"]["connection"])
        await self.base_send({"type": "websocket.accept"})
        try:
            await self._enter()
        except (BadToken, InactiveAccount) as error:
            self._connection.end(UNAUTHORIZED, error.message)
        except (Unavailable, BusUnavailable):
            logger.warning("A socket was turned away: the database or the bus doesn't answer")
            self._connection.end(TRY_AGAIN_LATER, Unavailable.default)

    async def _enter(self) -> None:
        claims, last_event_id = claims_of(self.scope), last_event_id_of(self.scope)
        self._forget_handshake()
        await self._hub.door.let(lambda: self._go_in(claims, last_event_id))

    async def _go_in(self, claims: Claims, last_event_id: str | None) -> None:
        """Safe to repeat after a failure."""
        if not self._connection.is_open:
            return
        if self._socket is None:
            self._socket = await self._hub.enter(self._connection, claims, last_event_id)
            COUNTS.opened += 1
            self._hub.watch(self._socket, claims.expires_at)
        await self._hub.tell_presence(self._socket.user, [self._socket])
        logger.info("A socket of %s is open", claims.user_id)

    def _forget_handshake(self) -> None:
        self.scope.clear()
        self._connection.forget_handshake()

    async def _receive(self, text: str | None) -> None:
        if self._socket is None or not self._connection.is_open:
            return
        COUNTS.frames += 1
        if settings.THROTTLES and not self._socket.flood.lets_through():
            self._send(errors.error_frame(TooMany.default))
            return
        try:
            frame = read_frame(text)
            with telemetry.span(f"frame {type(frame).__name__}", "server"):
                reply = await carry_out(self._hub, self._socket, frame)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may not close the socket
            self._refuse(error)
        else:
            self._answer(reply)

    def _answer(self, reply: Reply | None) -> None:
        if reply is not None:
            self._send(encode(reply))

    def _refuse(self, error: Exception) -> None:
        """No frame closes its socket, whatever it does to us."""
        text = errors.text_of(error)
        if text is None:
            logger.error("A frame failed", exc_info=error)
        self._send(errors.error_frame(text or errors.UNEXPECTED))

    def _send(self, text: bytes) -> None:
        self._connection.write(text_frame(text))

    async def _disconnect(self) -> None:
        if self._socket is not None:
            socket, self._socket = self._socket, None
            COUNTS.closed += 1
            await self._hub.leave(socket)
            logger.info("A socket of %s has closed", socket.user.id)
