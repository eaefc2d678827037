"""What the processes print: prefixed on the terminal, plain in VAR_DIR/logs/NAME.log."""

import asyncio
import os
import sys
from collections import deque
from pathlib import Path
from typing import TextIO

_KEPT_LINES = 40
_LARGEST_LOG = 20 * 1024 * 1024


class Console:
    """The one writer to the terminal."""

    def __init__(self, logs: Path, *, width: int = 10) -> None:
        self.logs = logs
        self.width = width

    def say(self, text: str) -> None:
        """A line of the run itself."""
        self.line("run", text)

    def line(self, label: str, text: str) -> None:
        """Print one prefixed line; a terminal that is gone must not stop the run."""
        try:
            print(f"{label:<{self.width}} | {text}", flush=True)
        except OSError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - lives as long as the process

    def plain(self, text: str) -> None:
        """Print as it is (the table on start)."""
        for row in text.splitlines():
            try:
                print(row, flush=True)
            except OSError:
                return


class Output:
    """Reads what one process prints, until it and all that inherited its output are gone."""

    def __init__(self, label: str, console: Console) -> None:
        self.label = label
        self.console = console
        self.last: deque[str] = deque(maxlen=_KEPT_LINES)
        self.path = console.logs / f"{label}.log"

    async def attach(self) -> int:
        """The descriptor to give the process as its stdout and stderr; the caller closes it."""
        reading, writing = os.pipe()
        reader = asyncio.StreamReader(limit=1024 * 1024)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb")
        )
        self._rotate()
        self._task = asyncio.create_task(self._copy(reader))
        return writing

    async def drain(self) -> None:
        """Wait shortly for what is still in the pipe."""
        await asyncio.wait({self._task}, timeout=1)

    async def _copy(self, reader: asyncio.StreamReader) -> None:
        with self.path.open("a", errors="replace") as log:
            rest = b""
            while chunk := await reader.read(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._take(line, log)
                log.flush()
            if rest:
                self._take(rest, log)

    def _take(self, raw: bytes, log: TextIO) -> None:
        text = raw.decode(errors="replace").rstrip()
        self.last.append(text)
        log.write(text + "\n")
        self.console.line(self.label, text)

    def _rotate(self) -> None:
        if self.path.exists() and self.path.stat().st_size > _LARGEST_LOG:
            self.path.replace(self.path.with_suffix(".log.1"))
