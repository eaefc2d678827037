"""Sweeps up after an owner that can't: kill -9 leaves no chance to stop one's children.

`python -m local.guard MARK …` waits until its standard input closes, which the kernel does for an
owner however it dies, then kills the processes of the run and removes what it was told to.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

MARK = "MY_ACCOUNTANT_LOCAL_RUN"
"""The environment variable that every process of a local run carries; its value names the run."""


def start(mark: str, *, data: Path, remove: Sequence[Path] = ()) -> "subprocess.Popen[bytes]":
    """A guard for the calling process; `release` it once everything has been stopped in order."""
    # Unmarked, or the guard of an outer run would kill this one before it has done its work.
    env = {name: value for name, value in os.environ.items() if name != MARK}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "local.guard",
            mark,
            "--data",
            str(data),
            *(f"--remove={path}" for path in remove),
        ],
        cwd=Path(__file__).resolve().parent.parent,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def release(guard: "subprocess.Popen[bytes]") -> None:
    """Let the guard do its sweep now and end."""
    if guard.stdin:
        guard.stdin.close()
    guard.wait()


def marked(mark: str, *, data: Path) -> Iterator[psutil.Process]:
    """Processes of the run; PostgreSQL's overwrite their environment, but live in `data`."""
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.environ().get(MARK) == mark or process.cwd() == str(data):
                yield process
        except (psutil.Error, OSError):
            continue


def sweep(mark: str, *, data: Path) -> int:
    """Kill the processes of the run until none is left; returns how many there were."""
    killed = 0
    while found := [process for process in marked(mark, data=data) if _kill(process)]:
        killed += len(found)
        psutil.wait_procs(found, timeout=5)
    return killed


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def main() -> None:
    """Wait for the owner's end, then sweep."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mark", help="the run to sweep")
    parser.add_argument("--data", type=Path, required=True, help="its PostgreSQL data directory")
    parser.add_argument("--remove", type=Path, action="append", default=[], help="remove it after the sweep")
    options = parser.parse_args()
    sys.stdin.buffer.read()
    sweep(options.mark, data=options.data)
    for path in options.remove:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
