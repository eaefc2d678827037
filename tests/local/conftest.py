"""Runs of small projects, ended whatever happens in the test, and the edge before stand-ins."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.local.edge import running, standing_in
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


@pytest.fixture
def sockets() -> Path:
    return Path(tempfile.mkdtemp(dir=Path(os.environ["VAR_DIR"]).parent))


@pytest.fixture
def log(sockets: Path) -> Path:
    return sockets / "edge.log"


@pytest.fixture
def edge(sockets: Path) -> Iterator[httpx.Client]:
    with running(sockets) as client:
        yield client


@pytest.fixture
def impatient(sockets: Path) -> Iterator[httpx.Client]:
    """An edge that waits for nobody."""
    with running(sockets, UPSTREAM_PATIENCE="1ms") as client:
        yield client


@pytest.fixture
def both(sockets: Path) -> Iterator[None]:
    with standing_in(sockets / "web1.sock"), standing_in(sockets / "realtime.sock"):
        yield
