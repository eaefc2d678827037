"""Each command that the documents show is tried as it stands there, or said here why not."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe

import pytest

from local.binaries import postgres_bin
from tests.e2e.harness import Product
from tests.local.running import ROOT

BIN = Path(sys.executable).parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = [
    (document.name, line.removeprefix("$ ").partition("  #")[0].strip())
    for document in DOCUMENTS
    for block in re.findall(r"```console\n(.*?)```", document.read_text(), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
ELSEWHERE = {
    "make run": "the product of every end-to-end test is its recipe: test_make_knows_its_targets",
    "make test": "this is it",
    "make check": "it is run beside the tests, over all files",
    "deploy/manage collectstatic": "tests/local/test_deployment.py does, and keeps no file",
    "deploy/manage createsuperuser": "it asks for a password at a terminal",
    "docker ": "no Docker here: tests/local/test_deployment.py reads the services and steps",
    "systemctl ": "no systemd runs here: tests/local/test_systemd.py verifies the units and runs their lines",
    "useradd ": "it makes an account on this machine",
    "ln ": "it writes to /srv",
    "cd ": "to /srv",
    "python3 -m venv": "local/bootstrap.py does, before any test",
    ".venv/bin/pip": "it needs a network; tests/local/test_deployment.py reads how the image does it",
}
"""What a command begins with, and why it isn't run here."""


def is_tried(command: str) -> bool:
    program = command.split(maxsplit=1)[0]
    return not command.startswith(tuple(ELSEWHERE)) and (program != "curl" or bool(shutil.which(program)))


def environment(product: Product, folder: Path) -> dict[str, str]:
    """What a shell beside the product has: its servers, its programs."""
    servers = product.servers()
    restored = re.sub(r"^(\w+://[^/]*/)[^?]*", r"\1restored", servers["DATABASE_URL"])
    return {
        **{name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
        **servers,
        "PATH": f"{BIN}:{postgres_bin()}:{os.environ['PATH']}",
        "VAR_DIR": str(product.var),
        "RESTORED_URL": restored,
        "SECRET_KEY": "only-for-the-commands-of-the-documents",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),
        "ENV_FILE": str(filled_in(folder / "env", servers)),
    }


def filled_in(file: Path, servers: dict[str, str]) -> Path:
    """deploy/env.example as an operator fills it in: of two values of a name the later holds."""
    example = (ROOT / "deploy" / "env.example").read_text().replace("PASSWORD", "Ghardaia-48")
    values = {**servers, "SECRET_KEY": token_urlsafe(64), "FLOWER_BASIC_AUTH": "operator:Ghardaia-48"}
    assert [name for name in values if f"\n{name}=" not in example] == []
    file.write_text(example + "".join(f"{name}='{value}'\n" for name, value in values.items()))
    return file


def here(command: str, product: Product, folder: Path) -> str:
    """The command with the tests' own interpreter, port and files in place of a newcomer's."""
    command = command.replace("make ", f"make -o local -o dev BIN={BIN} ", 1)
    command = command.replace("http://localhost:8000", product.base_url)
    return command.replace("backup.dump", str(folder / "backup.dump")).replace("/etc/", f"{folder}/etc/")


def test_every_command_works(product: Product, tmp_path: Path) -> None:
    """In their order: one may need what the one before it made."""
    tried = list(dict.fromkeys(command for _, command in SHOWN if is_tried(command)))
    assert len(tried) >= 14
    (tmp_path / "etc" / "systemd" / "system").mkdir(parents=True)
    failed = {}
    for command in tried:
        done = subprocess.run(
            ["sh", "-c", here(command, product, tmp_path)],
            cwd=ROOT,
            env=environment(product, tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            failed[command] = done.stdout + done.stderr
    assert failed == {}


def test_no_excuse_is_left_over() -> None:
    assert [start for start in ELSEWHERE if not any(command.startswith(start) for _, command in SHOWN)] == []


def test_what_is_not_run_names_services_and_units_that_exist() -> None:
    processes = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}
    for _, command in SHOWN:
        if command.startswith("docker compose up"):
            assert {word for word in command.split()[3:] if not word.startswith("-")} <= processes
        if command.startswith("docker compose exec"):
            assert command.split()[3] in processes
        if command.startswith("systemctl"):
            units = re.findall(r"my-accountant@(\w+)", command)
            assert set(units) <= processes
    enabled = {
        name
        for _, command in SHOWN
        if command.startswith("systemctl enable")
        for name in re.findall(r"my-accountant@(\w+)", command)
    }
    assert enabled == processes


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"`make (\w+)", "".join(path.read_text() for path in DOCUMENTS))))
)
def test_make_knows_its_targets(target: str) -> None:
    command = ["make", "-n", "-o", "local", "-o", "dev", target, "ARGS=jobs"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
