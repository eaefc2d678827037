"""`manage.py jobs`: how the ledger stands, for people and for scripts."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from core.jobs.queries import QueueSummary, summary

_COLUMNS = ("queue", "pending", "oldest s", "sent", "overdue", "dead", "done/min")


class Command(BaseCommand):
    """Prints one line a queue and their sum."""

    help = "Pending jobs, the oldest one's wait, sent and overdue, dead, and done in the last minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a queue, as an array")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = summary()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(queue) for queue in queues]))
            return
        for row in (_COLUMNS, *map(_cells, queues), _cells(_total(queues))):
            self.stdout.write(f"{row[0]:<14}" + "".join(f"{cell:>10}" for cell in row[1:]))


def _cells(queue: QueueSummary) -> tuple[str, ...]:
    return (
        queue.queue,
        str(queue.pending),
        f"{queue.oldest:.0f}",
        *map(str, (queue.sent, queue.overdue, queue.dead, queue.rate)),
    )


def _total(queues: list[QueueSummary]) -> QueueSummary:
    return QueueSummary(
        queue="all",
        pending=sum(queue.pending for queue in queues),
        oldest=max((queue.oldest for queue in queues), default=0.0),
        sent=sum(queue.sent for queue in queues),
        overdue=sum(queue.overdue for queue in queues),
        dead=sum(queue.dead for queue in queues),
        rate=sum(queue.rate for queue in queues),
    )
