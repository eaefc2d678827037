"""Making the demo again over what its users have changed since."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from core.errors import DomainError


class Progress:
    """Makes step after step; what a rule of the product forbids by now is left out, and told."""

    def __init__(self) -> None:
        self._left_out: dict[str, str] = {}

    @property
    def left_out(self) -> list[str]:
        """Each step that could not be made, with the reason."""
        return [f"{what} ({reason})" for what, reason in self._left_out.items()]

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Run the block whole or not at all."""
        try:
            with transaction.atomic():
                yield
        except DomainError as error:
            self._left_out[what] = error.message


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for any other run to end: two at once would both make what is missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('demo'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('demo'))")
