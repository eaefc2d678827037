"""What is wrong, as frames: `{"error": text}`, as they are documented."""

import orjson

from core import errors
from core.realtime.bus import BusUnavailable

UNEXPECTED = "Something went wrong. Please try again."


class FrameError(Exception):
    """A frame can't be carried out; the text is what its sender is told."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


def error_frame(text: str) -> bytes:
    return orjson.dumps({"error": text})


def text_of(error: Exception) -> str | None:
    """What a sender is told of an error; None if it is a fault of ours."""
    match error:
        case FrameError():
            return error.text
        case BusUnavailable():
            return errors.Unavailable.default
        case errors.Invalid():
            return next(iter(error.fields.values()))[0]
        case errors.DomainError():
            return error.message
    return None
