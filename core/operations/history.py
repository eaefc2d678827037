"""The history as plots: samples put on evenly spaced moments, the highest of each kept."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from math import ceil

from core.jobs.catalogue import Queue
from core.operations.actions import MINUTE
from core.operations.models import Sample
from core.operations.plots import Line, Plot, Value, draw, seconds, whole

_MOMENTS = 240
"""As many as a screen can tell apart."""
Read = Callable[[Sample], Value]


class History:
    """The samples of the last hours, on moments in the reader's time zone."""

    def __init__(self, *, now: datetime, hours: int, zone: tzinfo) -> None:
        self.spacing = MINUTE * ceil(hours * 60 / _MOMENTS)
        count = ceil(timedelta(hours=hours) / self.spacing)
        last = now.astimezone(zone).replace(second=0, microsecond=0) - MINUTE
        self.moments = [last - self.spacing * back for back in reversed(range(count))]
        self._samples: list[list[Sample]] = [[] for _ in self.moments]
        # Each moment stands for the minutes that end with it.
        begin = self.moments[0] - self.spacing + MINUTE
        for sample in Sample.objects.filter(at__gte=begin, at__lte=last):
            self._samples[(sample.at - begin) // self.spacing].append(sample)

    def line(self, name: str, read: Read, *, is_dots: bool = False) -> Line:
        """The highest that is read of each moment's samples."""
        values = ([read(sample) for sample in samples] for samples in self._samples)
        highest = [max((v for v in found if v is not None), default=None) for found in values]
        return Line(name, highest, is_dots)

    def plots(self) -> list[Plot]:
        """Everything that the page shows, in its order."""
        return [self._depth(), self._age(), self._outcomes(), self._mails(), self._sockets()]

    def _depth(self) -> Plot:
        return draw(
            "depth",
            "Jobs waiting",
            "Due and not yet done, by queue.",
            moments=self.moments,
            lines=[self.line(queue, _of_queue(queue, 0)) for queue in sorted(Queue)],
            unit=whole,
        )

    def _age(self) -> Plot:
        return draw(
            "age",
            "Longest wait",
            "How long the oldest job that nobody has begun has been due, by queue.",
            moments=self.moments,
            lines=[self.line(queue, _of_queue(queue, 1)) for queue in sorted(Queue)],
            unit=seconds,
        )

    def _outcomes(self) -> Plot:
        lines = [
            self.line("done", lambda sample: sample.done),
            self.line("to be tried again", lambda sample: sample.delayed),
            self.line("dead", lambda sample: sample.dead),
        ]
        return draw(
            "outcomes",
            "Job outcomes",
            "Done and dead in a minute; failed and waiting to be tried again at its end.",
            moments=self.moments,
            lines=lines,
            unit=whole,
        )

    def _mails(self) -> Plot:
        lines = [
            self.line("median", lambda sample: sample.mail_median, is_dots=True),
            self.line("slowest", lambda sample: sample.mail_slowest, is_dots=True),
        ]
        return draw(
            "mails",
            "Mail latency",
            "From the request for a code to the mail server's answer that it took the mail.",
            moments=self.moments,
            lines=lines,
            unit=seconds,
        )

    def _sockets(self) -> Plot:
        return draw(
            "sockets",
            "Sockets",
            "Open in all realtime processes.",
            moments=self.moments,
            lines=[self.line("open", lambda sample: sample.sockets)],
            unit=whole,
        )


def _of_queue(queue: str, place: int) -> Read:
    def read(sample: Sample) -> Value:
        found: list[float] = sample.queues.get(queue) or []
        return found[place] if found else None

    return read
