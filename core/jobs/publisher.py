"""One connection to the broker that publishes in batches and never waits long for it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kombu import Connection, Producer
from kombu.exceptions import KombuError

from core.jobs.broker import app
from core.jobs.outbox import Outgoing


class BrokerAway(Exception):
    """The broker doesn't answer, or refused; whether what was under way arrived is unknown."""


class Publisher:
    """Connects when needed; any fault raises BrokerAway and drops the connection."""

    def __init__(self) -> None:
        self._connection: Connection = app.connection_for_write()
        self._producer: Producer | None = None
        transport: Any = self._connection.transport
        self._errors: tuple[type[Exception], ...] = (
            OSError,
            KombuError,
            *transport.connection_errors,
            *transport.channel_errors,
        )

    def connect(self) -> Any:
        """The producer, once there is a connection and every queue is declared on it."""
        if self._producer is None:
            with self._faults():
                self._connection = app.connection_for_write()
                self._connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
                channel = self._connection.channel()
                for queue in app.amqp.queues.values():
                    queue(channel).declare()
                self._producer = Producer(channel, serializer="json", auto_declare=False)
        return self._producer

    def publish(self, jobs: Iterable[Outgoing]) -> None:
        """Put a message for each job on its queue, in one round trip where the broker can."""
        producer = self.connect()
        with self._faults(), producer.batch():
            for job in jobs:
                _publish(producer, job)

    def is_empty(self, queue: str) -> bool:
        """Whether no message waits on the queue; one that is gone is made again."""
        producer = self.connect()
        with self._faults():
            declared: Any = app.amqp.queues[queue](producer.channel).queue_declare()
            return int(declared.message_count) == 0

    def close(self) -> None:
        """Drop the connection; the broker may be frozen, so nothing is said to it."""
        self._producer = None
        with suppress(*self._errors):
            self._connection.collect(socket_timeout=1)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except self._errors as fault:
            self.close()
            raise BrokerAway(f"{type(fault).__name__}: {fault}") from fault


def _publish(producer: Any, job: Outgoing) -> None:
    message = app.amqp.as_task_v2(
        job.id,
        job.name,
        kwargs=job.params,
        argsrepr="()",
        kwargsrepr=repr(job.params),
        origin="relay",
        ignore_result=True,
    )
    correlation = {"request_id": job.request_id, "traceparent": job.traceparent}
    producer.publish(
        message.body,
        exchange="",
        routing_key=job.queue,
        headers={**message.headers, **correlation},
        **message.properties,
    )
