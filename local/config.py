"""What the environment asks of a local run (docs/operations.md, Variables)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalRunError

COUNTED = ("web", "realtime", "worker")
SERVER_URLS = ("DATABASE_URL", "REDIS_URL", "BROKER_URL")


@dataclass(frozen=True)
class RunConfig:
    """The variables of a local run, read and checked; `project` holds Procfile and manage.py."""

    project: Path
    var_dir: Path
    port: int
    flower_port: int
    counts: Mapping[str, int]
    given: Mapping[str, str]

    @classmethod
    def read(cls, environ: Mapping[str, str], project: Path) -> "RunConfig":
        """Raises LocalRunError on a value that makes no sense."""
        return cls(
            project=project,
            var_dir=(project / (environ.get("VAR_DIR") or "var")).resolve(),
            port=_number(environ, "PORT", 8000, most=65535),
            flower_port=_number(environ, "FLOWER_PORT", 5555, most=65535),
            counts={name: _number(environ, f"{name.upper()}_PROCESSES", 1, most=99) for name in COUNTED},
            given={name: environ[name] for name in SERVER_URLS if environ.get(name)},
        )


def _number(environ: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise LocalRunError(f"{name}={text} makes no sense: give a number from 1 to {most}")
    return int(text)
