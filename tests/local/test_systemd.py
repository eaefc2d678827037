"""The systemd units run what the Procfile lists, hardened, and stop as softly as a container does."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.procfile import parse
from tests.local.running import ROOT

PROCESSES = parse((ROOT / "Procfile").read_text())
UNIT = ROOT / "deploy" / "my-accountant@.service"
TARGET = ROOT / "deploy" / "my-accountant.target"
TELL = '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@"\n'


def unit() -> dict[str, list[str]]:
    """Each key of the unit with its values."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"(?m)^(\w+)=(.*)$", UNIT.read_text()):
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", PROCESSES)
def test_it_runs_the_line_of_the_procfile(name: str, folder: Path) -> None:
    """With stand-ins for the programs, which tell what they were given."""
    programs = folder / "bin"
    programs.mkdir()
    for program in ("caddy", "granian", "uvicorn", "celery", "python"):
        (programs / program).write_text(TELL)
        (programs / program).chmod(0o755)
    command = unit()["ExecStart"][0].replace("/srv/my-accountant", str(ROOT)).replace("%i", name)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "FLOWER_BASIC_AUTH": "user:password"}
    done = subprocess.run(command.split(), cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()
    assert words[0] in PROCESSES[name]
    assert not [word for word in words if "$" in word or '"' in word]
    asked = re.findall(r"(?<=\s)--[\w-]+", re.sub(r"\$\{[^}]*\}", "", PROCESSES[name]))
    assert set(asked) <= {word.partition("=")[0] for word in words}


def test_it_has_what_a_process_needs() -> None:
    given = dict(pair.split("=", 1) for line in unit()["Environment"] for pair in line.split())
    assert given["DJANGO_SETTINGS_MODULE"] == "settings.production"
    assert given["PROCESS_NAME"] == "%i"
    assert given["HEARTBEAT_FILE"].startswith(f"/run/{unit()['RuntimeDirectory'][0]}/")
    assert given["VAR_DIR"] == f"/var/lib/{unit()['StateDirectory'][0]}"
    assert (unit()["Restart"], unit()["StartLimitIntervalSec"]) == (["always"], ["0"])


def test_it_may_do_little() -> None:
    keys = unit()
    for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert keys[key] == ["yes"]
    assert (keys["ProtectSystem"], keys["CapabilityBoundingSet"]) == (["strict"], [""])


def test_it_stops_softly() -> None:
    """SIGTERM to the process alone, and longer than the slowest of them takes."""
    assert unit()["KillMode"] == ["mixed"]
    slowest = max(
        map(int, re.findall(r"(?:--timeout-graceful-shutdown|--workers-kill-timeout) (\d+)", str(PROCESSES)))
    )
    assert int(unit()["TimeoutStopSec"][0]) > slowest


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_understands_it(folder: Path) -> None:
    text = (
        UNIT.read_text().replace("/srv/my-accountant", str(ROOT)).replace("User=my-accountant", "User=root")
    )
    for name in PROCESSES:
        (folder / f"my-accountant@{name}.service").write_text(text)
    shutil.copy(TARGET, folder)
    units = sorted(map(str, folder.glob("my-accountant*")))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "my-accountant" in line]
    assert said == []
