"""Makes .venv and installs the locked packages; runs on a bare python3, before anything is there.

`python3 local/bootstrap.py local` for the product and its embedded servers, `dev` for tests and
checks besides. Does nothing when the lock file hasn't changed; two at once wait for each other.
"""

import fcntl
import hashlib
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LEVELS = ("local", "dev")
"""Each holds the packages of those before it, at the same versions."""


def main(level: str) -> None:
    """Leave .venv with the packages of requirements/`level`.txt in it."""
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        sys.exit(f"Python 3.11 or later is needed, this is {version}: run make PYTHON=python3.12")
    with _alone():
        if _stamp(level).is_file() and _stamp(level).read_text() == _fingerprint(level):
            return
        began = time.monotonic()
        print(f"Setting up .venv from requirements/{level}.txt (a minute or so, once) ...", flush=True)
        _make_venv()
        _install(level)
        for covered in LEVELS[: LEVELS.index(level) + 1]:
            _stamp(covered).write_text(_fingerprint(covered))
        print(f"Setting up .venv took {time.monotonic() - began:.0f} s.", flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    with (PROJECT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stamp(level: str) -> Path:
    return VENV / f".installed-{level}"


def _unfinished() -> Path:
    """There while packages are installed: what a killed pip left half-written is made anew."""
    return VENV / ".installing"


def _interpreter() -> str:
    """What a .venv is bound to: its interpreter, and its own path (scripts carry it)."""
    return f"{sys.version} {sys.base_prefix} {VENV}"


def _fingerprint(level: str) -> str:
    lock = (PROJECT / "requirements" / f"{level}.txt").read_bytes()
    return hashlib.sha256(lock + _interpreter().encode()).hexdigest()


def _make_venv() -> None:
    made_for = VENV / ".made-for"
    if made_for.is_file() and made_for.read_text() == _interpreter() and not _unfinished().exists():
        return
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (subprocess.CalledProcessError, ImportError) as error:
        sys.exit(f"This python3 can't make a venv ({error}): install its venv package (Debian: python3-venv)")
    made_for.write_text(_interpreter())


def _install(level: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
    lock = PROJECT / "requirements" / f"{level}.txt"
    _unfinished().touch()
    if subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=False).returncode:
        sys.exit("The packages could not be installed: see what pip says above, and run make again")
    _unfinished().unlink()


if __name__ == "__main__":
    main(sys.argv[1])
