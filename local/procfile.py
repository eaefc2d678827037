"""Reads the Procfile, the one list of processes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalRunError

_LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(\S.*)$")


@dataclass(frozen=True)
class Instance:
    """One process to run: `name` is the Procfile's, `label` is unique (web, or web.1 and web.2)."""

    name: str
    label: str
    command: str

    @property
    def argv(self) -> list[str]:
        """`exec` makes the shell the program itself: its pid, its signals."""
        return ["/bin/sh", "-c", f"exec {self.command}"]


def parse(text: str) -> dict[str, str]:
    """Name to shell command, in the file's order; comments and blank lines are skipped."""
    return {match[1]: match[2] for line in text.splitlines() if (match := _LINE.match(line))}


def instances(path: Path, counts: Mapping[str, int]) -> list[Instance]:
    """Every process to run, `counts` of each name (one where it says nothing)."""
    try:
        commands = parse(path.read_text())
    except OSError as error:
        raise LocalRunError(f"{path} can't be read ({error.strerror}): run this where it is") from error
    return [
        Instance(name, label, command)
        for name, command in commands.items()
        for label in _labels(name, counts.get(name, 1))
    ]


def _labels(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}.{number}" for number in range(1, count + 1)]
