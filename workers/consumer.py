"""Celery's consumer, made to tell the truth about itself and to come back quickly."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery.worker import consumer as celery_consumer
from celery.worker.state import maybe_shutdown
from kombu import Connection

from core.jobs.heartbeat import beat
from workers import liveness, poison

_RETRY_EVERY = 1
_TELL_EVERY = 0.2


# Typed too loosely to be a base: its blueprint is an attribute, its hub unknown.
_Consumer: Any = celery_consumer.Consumer


class LedgerConsumer(_Consumer):  # type: ignore[misc]
    """Beats while it consumes or tries to, and forgoes what the ledger makes needless.

    Without mingle and gossip: nothing is revoked by hand, and workers needn't know each other.
    Without delayed delivery: no message has an ETA.
    """

    class Blueprint(_Consumer.Blueprint):  # type: ignore[misc]
        default_steps = [step for step in _Consumer.Blueprint.default_steps if "delayed_delivery" not in step]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._told_away = False
        self._telling = False
        super().__init__(*args, **{**kwargs, "without_mingle": True, "without_gossip": True})

    def ensure_connected(self, conn: Connection) -> Connection:
        """Try every second for as long as it takes (Celery's own pauses grow to half a minute)."""
        conn.ensure_connection(
            self._note_failure,
            interval_start=_RETRY_EVERY,
            interval_step=0,
            interval_max=_RETRY_EVERY,
            callback=_alive,
        )
        self.first_connection_attempt = False
        self._told_away = False
        return conn

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Celery 5.7 ends the worker here on some faults: kombu closes what it has just closed."""
        with suppress(AttributeError):
            super().on_connection_error_after_connected(exc)

    def call_soon_ack(self, p: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The same for messages of a connection that is gone; they come again and are dropped."""

        def acknowledge(*given: Any, **named: Any) -> None:
            with suppress(AttributeError):
                p(*given, **named)

        return super().call_soon_ack(acknowledge, *args, **kwargs)

    def on_send_event_buffered(self) -> None:
        """Tell Flower of several tasks at once: a publish for each event is half a worker's time."""
        if not self._telling:
            self._telling = True
            self.hub.timer.call_after(_TELL_EVERY, self._tell)

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable[[Any], None]:
        """What Celery makes of a message: only what is the ledger's to ask."""
        return poison.plain(super().create_task_handler(*args, **kwargs))

    def register_with_event_loop(self, hub: Any) -> None:
        """Beat from the loop that consumes: once it is wedged, the file grows old."""
        super().register_with_event_loop(hub)
        poison.shield(self.connection)
        hub.timer.call_repeatedly(1, self._beat_if_consuming)

    def _tell(self) -> None:
        self._telling = False
        self._flush_events()

    def _note_failure(self, fault: Exception, interval: float) -> None:
        beat()
        if not self._told_away:
            self._told_away = True
            liveness.log.warning("the broker is away: %s", fault)

    def _beat_if_consuming(self) -> None:
        if liveness.is_consuming(self.connection):
            beat()


def _alive() -> None:
    beat()
    maybe_shutdown()
