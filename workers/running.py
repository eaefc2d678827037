"""Carrying a delivered job out: its effect and the mark "done" are one transaction."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from core import correlation, telemetry
from core.errors import PermanentError
from core.jobs import execution, params, policy
from core.jobs.catalogue import JobType
from core.jobs.execution import Started
from core.metrics.mail import asked_ago
from workers import metrics
from workers.faults import DIED, Fault

log = logging.getLogger("jobs")


class Outcome(StrEnum):
    DONE = "done"
    PUT_OFF = "put off"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Run:
    """A job and the function that carries it out."""

    job: JobType[Any]
    body: Callable[..., None]

    def deliver(self, job_id: str) -> Outcome:
        """Carry the job out if it is there to be carried out; a repeated delivery is dropped."""
        began = time.monotonic()
        started = self._begin(job_id)
        if started is None:
            log.info("%s %s: dropped, not there to be done", self.job.name, job_id)
            metrics.count_end(self.job.name, _label(Outcome.DROPPED), time.monotonic() - began)
            return Outcome.DROPPED
        metrics.count_begin(self.job.queue, started.waited)
        with (
            correlation.correlated(started.request_id, started.traceparent),
            telemetry.span(f"job {self.job.name}", "consumer"),
            asked_ago(started.age),
        ):
            outcome, fault = self._attempt(job_id, started)
            telemetry.describe(
                {
                    "accountant.job_id": job_id,
                    "accountant.attempt": started.attempt,
                    "accountant.outcome": outcome.value,
                },
                is_error=outcome is Outcome.DEAD,
            )
            seconds = time.monotonic() - began
            self._log(job_id, started, outcome, seconds, fault)
        metrics.count_end(self.job.name, _label(outcome), seconds)
        return outcome

    def _begin(self, job_id: str) -> Started | None:
        if not _is_uuid(job_id):
            return None
        try:
            return execution.begin(job_id, self.job.name)
        except (OperationalError, InterfaceError):
            # A connection kept from before a restart of the database.
            connection.close()
            return execution.begin(job_id, self.job.name)

    def _attempt(self, job_id: str, started: Started) -> tuple[Outcome, Fault | None]:
        if started.crashed:
            return self._fail(job_id, started, DIED)
        if started.attempt > self.job.max_attempts:
            return self._bury(job_id, started, DIED)
        try:
            values = params.decode(self.job.parameters, started.params)
            with transaction.atomic():
                if not execution.finish(job_id, started.attempt, irrevocable=self.job.irrevocable):
                    return Outcome.DROPPED, None
                self.body(**values)
        except (PermanentError, params.BadParams) as error:
            return self._bury(job_id, started, Fault.of(error))
        except Exception as error:  # noqa: BLE001 - whatever a task raises, it is tried again
            return self._fail(job_id, started, Fault.of(error))
        return Outcome.DONE, None

    def _fail(self, job_id: str, started: Started, fault: Fault) -> tuple[Outcome, Fault]:
        if started.attempt >= self.job.max_attempts:
            return self._bury(job_id, started, fault)
        delay = policy.delay_after(started.attempt)
        execution.put_off(job_id, started.attempt, delay=delay, error=fault.kept)
        return Outcome.PUT_OFF, fault

    def _bury(self, job_id: str, started: Started, fault: Fault) -> tuple[Outcome, Fault]:
        execution.bury(job_id, started.attempt, error=fault.kept)
        return Outcome.DEAD, fault

    def _log(
        self, job_id: str, started: Started, outcome: Outcome, seconds: float, fault: Fault | None
    ) -> None:
        facts = {
            "job": self.job.name,
            "job_id": job_id,
            "outcome": outcome.value,
            "attempt": started.attempt,
            "duration_ms": round(seconds * 1000, 1),
        }
        text = "%(job)s %(job_id)s: %(outcome)s, attempt %(attempt)d, %(duration_ms)s ms"
        if fault is not None:
            facts["reason"] = fault.reason
            text += ": %(reason)s"
        is_dead = outcome is Outcome.DEAD
        level = logging.ERROR if is_dead else logging.INFO
        log.log(level, text, facts, extra=facts, exc_info=fault.error if is_dead and fault else None)


def _label(outcome: Outcome) -> str:
    return outcome.name.lower()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
