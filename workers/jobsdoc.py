"""docs/jobs.md, made of the catalogue."""

from collections.abc import Iterator
from datetime import timedelta

from core import jobs  # noqa: F401 - it fills the catalogue
from core.jobs import policy
from core.jobs.catalogue import CATALOGUE, JobType, Queue
from core.jobs.params import Parameter

_USES = {
    Queue.EMAIL: "mails",
    Queue.FILES: "checking and rewriting uploads",
    Queue.NOTIFICATIONS: "notifications of many people at once",
    Queue.UNREAD: "unread counts",
    Queue.MAINTENANCE: "upkeep, periodic or not urgent",
    Queue.REALTIME: "news for sockets, and closing them",
}

_HEAD = f"""# Jobs

Made of `core/jobs/` by `make manage ARGS=jobsdoc`; `make check` holds it in step.

A job is a row in the ledger, written in the transaction that needs it; its parameters are ids, never texts
or secrets. It runs at least once and takes effect once: its effect and the mark "done" are one transaction.

- **Retries**: a job that fails is tried again after {policy.FIRST_DELAY:g} s, then after twice as long each
  time up to {policy.LONGEST_DELAY:g} s, with jitter. After its last attempt, or a failure that can't pass,
  it is dead: the admin shows its trace, retries or discards it.
- **Time**: past its soft limit a job is interrupted and counts as failed; {policy.HARD_GRACE} s later its
  process is killed.
- **Irrevocable** jobs have their effect outside the database (a mail is gone): their end is on disk
  before it counts.
- **Lost messages**: a job sent {policy.HORIZON.seconds} s ago and not begun is looked into, and
  published again.
"""


def document() -> str:
    """The whole text; equal for equal code."""
    return "\n".join([_HEAD, *_queues(), "", *_overview(), *_each()]).rstrip() + "\n"


def _queues() -> Iterator[str]:
    yield from ("| queue | for | jobs |", "|---|---|---|")
    for queue in Queue:
        count = sum(job.queue is queue for job in CATALOGUE.values())
        yield f"| `{queue}` | {_USES[queue]} | {count} |"


def _overview() -> Iterator[str]:
    yield from ("| job | queue | when |", "|---|---|---|")
    for name, job in sorted(CATALOGUE.items()):
        yield f"| [`{name}`](#{_anchor(name)}) | `{job.queue}` | {_when(job)} |"


def _each() -> Iterator[str]:
    for name, job in sorted(CATALOGUE.items()):
        yield f"\n## `{name}`\n\n{' '.join((job.__doc__ or '').split())}\n"
        yield f"- Parameters: {', '.join(map(_parameter, job.parameters)) or 'none'}"
        yield f"- When: {_when(job)}; queue `{job.queue}`"
        last = "; irrevocable" if job.irrevocable else ""
        yield f"- At most {job.max_attempts} attempts of {job.soft_time_limit} s{last}"


def _parameter(parameter: Parameter) -> str:
    return f"`{parameter.name}` ({parameter.kind.__name__}{', optional' if parameter.optional else ''})"


def _when(job: JobType[...]) -> str:
    return f"every {_length(job.every)}" if job.every else "when asked for"


def _length(every: timedelta) -> str:
    minutes = int(every.total_seconds()) // 60
    amount, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return unit if amount == 1 else f"{amount} {unit}s"


def _anchor(name: str) -> str:
    """How a heading of code is linked to where Markdown is shown."""
    return name.replace(".", "").lower()
