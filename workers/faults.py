"""Why an attempt at a job failed, without anybody's data."""

import traceback
from dataclasses import dataclass

from core.redaction import anonymous

_LONGEST_TRACE = 10_000
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """What the ledger keeps of it, its short form for the log, and the exception if there is one."""

    kept: str
    reason: str
    error: Exception | None = None

    @classmethod
    def of(cls, error: Exception) -> "Fault":
        """The end of its traceback, and the first line of what it says; no NUL in either."""
        trace = _storable("".join(traceback.format_exception(error)))
        said, *_ = _storable(f"{type(error).__name__}: {error}").splitlines()
        return cls(trace[-_LONGEST_TRACE:], said[:_LONGEST_REASON], error)


_DIED = "The process that carried it out died."
DIED = Fault(_DIED, _DIED)


def _storable(text: str) -> str:
    return anonymous(text).replace("\x00", "").encode(errors="replace").decode()
