"""`manage.py relay`: the process that carries jobs from the ledger to the broker."""

import signal
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from core import telemetry
from core.jobs import policy
from core.jobs.metrics import watch_ledger
from core.jobs.relay import Relay
from core.metrics import serve


class Command(BaseCommand):
    """Runs a relay until SIGTERM or SIGINT."""

    help = "Carries jobs from the ledger to the broker, until SIGTERM."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--horizon",
            type=float,
            default=policy.HORIZON.total_seconds(),
            help="seconds until a job that was sent and not begun is looked into",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        relay = Relay(horizon=timedelta(seconds=options["horizon"]))

        def stop(*_: object) -> None:
            relay.stopping = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        watch_ledger()
        serve()
        telemetry.start("relay")
        relay.run()
        telemetry.stop()
