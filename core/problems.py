"""Telling everything that is wrong with a request at once."""

from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

from core.errors import Invalid

P = ParamSpec("P")
T = TypeVar("T")


class Problems:
    """Messages by field. True once there is one."""

    def __init__(self, known: Mapping[str, list[str]] | None = None) -> None:
        self._fields = {name: list(messages) for name, messages in (known or {}).items()}

    def __bool__(self) -> bool:
        return bool(self._fields)

    def add(self, error: Invalid) -> None:
        """Note what an error says, beside what is known."""
        for name, messages in error.fields.items():
            known = self._fields.setdefault(name, [])
            known += [message for message in messages if message not in known]

    def attempt(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What the step returns; None if it raises Invalid, which is noted."""
        try:
            return step(*args, **kwargs)
        except Invalid as error:
            self.add(error)
            return None

    def raise_any(self) -> None:
        """Raise Invalid if there is a problem."""
        if self:
            raise self.error()

    def error(self) -> Invalid:
        """All of them as one Invalid."""
        return Invalid(self._fields)
