"""A small project of its own folder, run for real."""

from pathlib import Path

from tests.local.running import LocalRun

MIGRATES = 'import sys; print("manage", *sys.argv[1:], flush=True)'


class Project(LocalRun):
    """A Procfile and a manage.py in `folder`; `start` makes it a run."""

    def __init__(self, folder: Path, procfile: str, *, manage: str = MIGRATES) -> None:
        super().__init__(folder, folder / "var")
        (folder / "Procfile").write_text(procfile)
        (folder / "manage.py").write_text(manage)
