"""Celery's beat, except that it publishes nothing: it writes rows into the ledger."""

import logging
from typing import Any

from celery.beat import Scheduler
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from core.jobs.heartbeat import beat
from core.jobs.schedules import Periods

log = logging.getLogger("beat")
_TICK = 1.0


class LedgerScheduler(Scheduler):
    """Any number may run, and one that was down catches up with the latest period."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._periods = Periods()
        self._away = False
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """The catalogue is the schedule."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Write what is due; the seconds until the next look."""
        beat()
        try:
            for name in self._periods.write_due(timezone.now()):
                log.info("%s is due", name)
        except (OperationalError, InterfaceError) as fault:
            self._note_away(fault)
        else:
            self._away = False
        return _TICK

    def _note_away(self, fault: Exception) -> None:
        connection.close()
        if not self._away:
            self._away = True
            log.warning("the database is away: %s", str(fault).strip())
