"""Tokens that end during a test, on machines of any speed."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from websockets.exceptions import ConnectionClosed

T = TypeVar("T")


def in_time(attempt: Callable[[int], T]) -> T:
    """What is reached with a token of so many seconds: of more where it ended too soon."""
    for seconds in (3, 9):
        with suppress(ConnectionClosed):
            return attempt(seconds)
    return attempt(30)
