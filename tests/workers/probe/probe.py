"""Jobs named probe.*, as a domain would declare them."""

from core.jobs.catalogue import Queue, job


@job(Queue.NOTIFICATIONS)
def record(*, token: str) -> None:
    """Write the token down; twice if carried out twice."""


@job(Queue.FILES)
def wait(*, token: str) -> None:
    """Write the token down, say so, and wait to be let go."""


@job(Queue.NOTIFICATIONS)
def falter(*, token: str, times: int) -> None:
    """Write the token down, and fail the first times."""


@job(Queue.EMAIL, max_attempts=2)
def die(*, token: str) -> None:
    """Take the process along."""


@job(Queue.EMAIL, max_attempts=2)
def refuse(*, token: str) -> None:
    """Say that trying again can't help."""


@job(Queue.EMAIL, max_attempts=1, soft_time_limit=1)
def dawdle(*, token: str) -> None:
    """Take longer than allowed."""
