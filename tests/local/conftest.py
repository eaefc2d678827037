"""Runs of small projects, ended whatever happens in the test."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.project import MIGRATES, Project

MakeProject = Callable[..., Project]


@pytest.fixture
def folder() -> Path:
    """A short path, as in most clones; it goes when the test run ends."""
    return Path(tempfile.mkdtemp(dir=Path(os.environ["VAR_DIR"]).parent))


@pytest.fixture
def make_project(folder: Path) -> Iterator[MakeProject]:
    made: list[Project] = []

    def make(procfile: str, *, folder: Path = folder, manage: str = MIGRATES) -> Project:
        made.append(Project(folder, procfile, manage=manage))
        return made[-1]

    yield make
    for project in made:
        project.kill_supervisor()
