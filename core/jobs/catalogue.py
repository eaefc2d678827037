"""What jobs there are: one typed function each, whose call writes a row of the ledger."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import update_wrapper
from typing import Generic, ParamSpec
from uuid import UUID

from core.jobs import ledger, params, policy

P = ParamSpec("P")


class Queue(StrEnum):
    """A queue for each kind of work, so that a flood of one doesn't starve another."""

    EMAIL = "email"
    FILES = "files"
    NOTIFICATIONS = "notifications"
    UNREAD = "unread"
    MAINTENANCE = "maintenance"
    REALTIME = "realtime"


class JobType(Generic[P]):
    """A job. Calling it writes a row in the caller's transaction; a worker carries it out later."""

    def __init__(
        self,
        declaration: Callable[P, None],
        *,
        queue: Queue,
        every: timedelta | None,
        max_attempts: int,
        soft_time_limit: int,
        irrevocable: bool,
    ) -> None:
        update_wrapper(self, declaration)
        domain = declaration.__module__.rpartition(".")[2]
        self.name = f"{domain}.{declaration.__name__}"
        self.queue = queue
        self.every = every
        self.max_attempts = max_attempts
        self.soft_time_limit = soft_time_limit
        self.irrevocable = irrevocable
        self.time_limit = soft_time_limit + policy.HARD_GRACE
        self.parameters = params.declared(declaration)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> UUID:
        """Write the job down; its id. Raises BadParams, and NoTransaction outside of one."""
        if args:
            raise params.BadParams(f"{self.name} takes keywords only")
        return self.many([kwargs])[0]

    def many(self, calls: Iterable[Mapping[str, object]]) -> list[UUID]:
        """Write one job for each set of parameters down, in one statement."""
        stored = [params.encode(self.parameters, values) for values in calls]
        return ledger.add(self.name, self.queue, stored)

    def __repr__(self) -> str:
        return f"<job {self.name}>"


CATALOGUE: dict[str, JobType[...]] = {}
"""Every job by its name."""


def job(
    queue: Queue,
    *,
    every: timedelta | None = None,
    max_attempts: int = policy.MAX_ATTEMPTS,
    soft_time_limit: int = policy.SOFT_TIME_LIMIT,
    irrevocable: bool = False,
) -> Callable[[Callable[P, None]], JobType[P]]:
    """Declare a job named after its module and function; parameters are keyword-only ids.

    With `every`, beat writes one such job for each period of that length, counted from the epoch.
    An irrevocable job has its effect outside the database (a mail is gone): its end is on disk
    before it counts, so that not even a crash of the database repeats it.
    """

    def declare(declaration: Callable[P, None]) -> JobType[P]:
        declared = JobType(
            declaration,
            queue=queue,
            every=every,
            max_attempts=max_attempts,
            soft_time_limit=soft_time_limit,
            irrevocable=irrevocable,
        )
        if CATALOGUE.setdefault(declared.name, declared) is not declared:
            raise params.BadDeclaration(f"two jobs are named {declared.name}")
        if every and declared.parameters:
            raise params.BadDeclaration(f"{declared.name} is periodic: it can't take parameters")
        return declared

    return declare
