"""What keeps a run from starting: one line that says what and how to mend it, and nothing left."""

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.server import free_port
from tests.local.conftest import MakeProject
from tests.local.project import Project

PROCFILE = "one: sleep 600\n"


def refusal(project: Project, **variables: str) -> str:
    """The one line that a refused run prints."""
    status, output = project.run_to_end(**variables)
    assert status == 1
    assert len(output.splitlines()) == 1, output
    assert output.startswith("make run: ")
    assert project.processes() == []
    return output


@pytest.mark.parametrize(
    "variables",
    [{"PORT": "0"}, {"PORT": "http"}, {"FLOWER_PORT": "70000"}, {"WEB_PROCESSES": "-1"}],
    ids=str,
)
def test_a_number_that_makes_no_sense(make_project: MakeProject, variables: Mapping[str, str]) -> None:
    line = refusal(make_project(PROCFILE), **variables)
    name, value = next(iter(variables.items()))
    assert f"{name}={value} makes no sense: give a number" in line


def test_a_var_dir_that_cannot_be_written(make_project: MakeProject, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    line = refusal(make_project(PROCFILE), VAR_DIR=str(folder / "file" / "var"))
    assert "can't be written (Not a directory): choose another with VAR_DIR=" in line


def test_a_var_dir_on_a_read_only_file_system(make_project: MakeProject) -> None:
    line = refusal(make_project(PROCFILE), VAR_DIR="/proc/my-accountant")
    assert "VAR_DIR /proc/my-accountant can't be written" in line


def test_a_var_dir_that_another_run_has(make_project: MakeProject) -> None:
    first = make_project(PROCFILE)
    first.start()
    first.until_ready()
    second = Project(first.folder, PROCFILE)
    status, output = second.run_to_end()
    assert status == 1
    assert f"is in use by pid {first.supervisor.pid}: stop that" in output
    assert first.is_ready()


@pytest.mark.parametrize(
    ("variable", "scheme"),
    [("DATABASE_URL", "postgres"), ("REDIS_URL", "redis"), ("BROKER_URL", "redis"), ("BROKER_URL", "amqp")],
)
def test_a_server_that_does_not_answer(make_project: MakeProject, variable: str, scheme: str) -> None:
    address = f"127.0.0.1:{free_port()}"
    line = refusal(make_project(PROCFILE), **{variable: f"{scheme}://me:s3cret@{address}/name"})
    assert f"{variable} names {scheme}://{address}/name, which doesn't answer (" in line
    assert f"unset {variable}" in line
    assert "s3cret" not in line


def test_a_password_of_one_letter_masks_no_words(make_project: MakeProject) -> None:
    line = refusal(make_project(PROCFILE), DATABASE_URL=f"postgres://me:p@127.0.0.1:{free_port()}/name")
    assert " port " in line
    assert "***" not in line


def test_a_port_in_use(make_project: MakeProject) -> None:
    project = make_project(PROCFILE)
    for variable, port in (("PORT", project.port), ("FLOWER_PORT", project.flower_port)):
        with socket.create_server(("127.0.0.1", port)):
            line = refusal(project)
        assert f"port {port} is in use by " in line
        assert f"choose another with {variable}=" in line
    assert not project.var.joinpath("postgres").exists()


def test_one_port_for_two(make_project: MakeProject) -> None:
    project = make_project(PROCFILE)
    line = refusal(project, FLOWER_PORT=str(project.port))
    assert f"PORT and FLOWER_PORT are both {project.port}: choose another" in line


def test_a_folder_without_procfile(make_project: MakeProject) -> None:
    project = make_project(PROCFILE)
    (project.folder / "Procfile").unlink()
    assert "Procfile can't be read" in refusal(project)
