"""What is installed is what was locked: each package by version and hash, from nowhere in particular."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.running import ROOT

LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in ("base", "local", "dev")]
BIN = Path(sys.executable).parent


def requirements(lock: Path) -> list[str]:
    """Each requirement with its hashes, on one line."""
    lines = re.sub(r"\\\n", " ", lock.read_text()).splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    found = requirements(lock)
    assert len(found) > 40
    pinned = re.compile(
        r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[\w.+!-]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    assert [line for line in found if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_requirement_names_a_place(lock: Path) -> None:
    assert re.findall(r"(?m)^.*(?:://|--index|--find-links|^-e|@ ).*$", lock.read_text()) == []


def test_the_audit_reads_what_production_installs() -> None:
    """As `make audit` runs it, but for asking anybody."""
    recipe = re.search(r"^audit:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    for line in recipe[1].strip().splitlines():
        words = line.strip().replace("$(BIN)", str(BIN)).split()
        done = subprocess.run(
            [*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert re.search(r"would have audited (\d+) packages", done.stderr), done.stderr


def test_what_is_installed_fits_together() -> None:
    command = [str(BIN / "uv"), "pip", "check", "--python", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
