"""Runs of small projects, ended whatever happens in the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.project import MIGRATES, Project

MakeProject = Callable[..., Project]


@pytest.fixture
def make_project(tmp_path: Path) -> Iterator[MakeProject]:
    made: list[Project] = []

    def make(procfile: str, *, folder: Path = tmp_path, manage: str = MIGRATES) -> Project:
        made.append(Project(folder, procfile, manage=manage))
        return made[-1]

    yield make
    for project in made:
        if hasattr(project, "process") and project.process.poll() is None:
            project.kill()
