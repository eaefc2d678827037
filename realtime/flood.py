"""A bound on how fast one socket may send frames."""

import time

FRAMES_PER_SECOND = 50.0
BURST = 200.0


class FloodGuard:
    """A token bucket: BURST frames at once, FRAMES_PER_SECOND in the long run."""

    __slots__ = ("_left", "_since")

    def __init__(self) -> None:
        self._left = BURST
        self._since = time.monotonic()

    def lets_through(self) -> bool:
        """Count a frame; False if it is one too many."""
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._since) * FRAMES_PER_SECOND)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
