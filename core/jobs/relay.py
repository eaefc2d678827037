"""Carries jobs from the ledger to the broker, and again where the broker lost them."""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection

from core.jobs import metrics, outbox, policy
from core.jobs.heartbeat import beat
from core.jobs.outbox import Outgoing
from core.jobs.publisher import BrokerAway, Publisher

log = logging.getLogger(__name__)


class Relay:
    """A loop that outlives the database and the broker. Several may run: each takes other rows."""

    def __init__(self, *, horizon: timedelta = policy.HORIZON) -> None:
        self.horizon = horizon
        self.publisher = Publisher()
        self.stopping = False
        self._broker_away = False
        self._looked_at = 0.0

    def run(self) -> None:
        """Serve until stopping is set."""
        while not self.stopping:
            try:
                self._serve()
            except (OperationalError, InterfaceError) as fault:
                log.warning("the database is away: %s", str(fault).strip())
                self._wait_for_database()
        self.publisher.close()
        connection.close()

    def tick(self) -> None:
        """Publish everything that is due and, once a second, what was lost."""
        beat()
        try:
            self.publisher.connect()
            self._publish_due()
            if time.monotonic() - self._looked_at >= policy.POLL:
                self._looked_at = time.monotonic()
                self._publish_lost()
        except BrokerAway as fault:
            self._note_broker(fault)
        else:
            self._note_broker(None)

    def _serve(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {policy.CHANNEL}")
        log.info("the relay listens")
        while not self.stopping:
            self.tick()
            self._wait()

    def _wait(self) -> None:
        """Until a job is written, but no longer than the poll."""
        with connection.wrap_database_errors:
            list(connection.connection.notifies(timeout=policy.POLL, stop_after=1))

    def _publish_due(self) -> None:
        """Whatever is written after a batch that isn't full notifies of itself."""
        is_full = True
        while is_full and not self.stopping and (jobs := outbox.claim_due()):
            claimed = time.monotonic()
            self._publish(jobs)
            metrics.count_published(jobs, time.monotonic() - claimed)
            is_full = len(jobs) >= policy.BATCH
            beat()

    def _publish_lost(self) -> None:
        outbox.bury_unknown()
        for queue in outbox.late_queues(self.horizon):
            empty = self.publisher.is_empty(queue)
            while jobs := outbox.claim_lost(queue, empty=empty, horizon=self.horizon):
                log.info("published again to %s: %d", queue, len(jobs))
                self._publish(jobs)
                metrics.count_republished(queue, len(jobs))
                beat()

    def _publish(self, jobs: list[Outgoing]) -> None:
        try:
            self.publisher.publish(jobs)
        except BrokerAway:
            outbox.give_back(jobs)
            raise

    def _note_broker(self, fault: BrokerAway | None) -> None:
        """One line when the broker goes, one when it is back."""
        if fault and not self._broker_away:
            log.warning("the broker is away: %s", fault)
        elif self._broker_away and not fault:
            log.info("the broker is back")
        self._broker_away = fault is not None

    def _wait_for_database(self) -> None:
        while not self.stopping:
            beat()
            connection.close()
            time.sleep(policy.POLL)
            try:
                connection.ensure_connection()
            except (OperationalError, InterfaceError):
                continue
            return
