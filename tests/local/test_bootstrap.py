"""Set-up: what a killed pip left half-written is noticed and made anew."""

import subprocess
from pathlib import Path

import pytest

from local import bootstrap


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A project with an empty lock; pip runs are noted and succeed."""
    (tmp_path / "requirements").mkdir()
    for level in bootstrap.LEVELS:
        (tmp_path / "requirements" / f"{level}.txt").touch()
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    noted: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        noted.append(command)
        return subprocess.CompletedProcess(command, 0)

    def create(folder: Path, **_: object) -> None:
        for old in folder.glob("*"):
            old.unlink()
        folder.mkdir(exist_ok=True)

    monkeypatch.setattr("local.bootstrap.subprocess.run", run)
    monkeypatch.setattr("local.bootstrap.venv.create", create)
    return noted


def test_a_second_run_installs_nothing(installs: list[list[str]]) -> None:
    for _ in range(2):
        bootstrap.main("local")
    assert len(installs) == 1


def test_an_interrupted_install_starts_afresh(
    installs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(command: list[str], **_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("local.bootstrap.subprocess.run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.main("local")
    half_written = bootstrap.VENV / "half-written"
    half_written.touch()
    bootstrap.main("local")
    assert not half_written.exists()
    assert len(installs) == 1
    bootstrap.main("local")
    assert len(installs) == 1
