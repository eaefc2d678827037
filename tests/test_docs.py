"""The documents keep up with the code."""

import json
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from pydoc import locate

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands

from core.jobs.catalogue import CATALOGUE
from core.realtime.events import Event
from realtime.asyncapi import document as asyncapi_document

ROOT = settings.BASE_DIR
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
INTERNAL = {"HEARTBEAT_FILE", "METRICS_FILE", "READY_FILE", "PROCESS_NAME"}
"""Told by the supervisor to its children, or by the image to its processes: nobody sets them by hand."""
UNSEEN = {
    "WEB_PROCESSES", "REALTIME_PROCESSES", "WORKER_PROCESSES",
    "SENTRY_ENVIRONMENT", "SENTRY_RELEASE", "OTEL_TRACES_SAMPLER",
}  # fmt: skip
"""Read by the local run under names that it puts together, or by a library."""


def variables() -> set[str]:
    """What settings, the Procfile and the edge read from the environment."""
    settings_text = "".join(path.read_text() for path in (ROOT / "settings").glob("*.py"))
    found = set(re.findall(r'\b(?:env\.\w+|whole|switch|choice)\(\s*"([A-Z0-9_]+)"', settings_text))
    found |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "Procfile").read_text()))
    return found | set(re.findall(r"\{\$([A-Z_]+)", (ROOT / "Caddyfile").read_text()))


@pytest.mark.parametrize("name", sorted(variables() - INTERNAL))
def test_each_variable_is_described(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


def test_each_variable_that_is_described_is_read() -> None:
    others = [ROOT / "docker-compose.yml", *(ROOT / "local").glob("*.py")]
    read = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", "".join(path.read_text() for path in others)))
    told = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", OPERATIONS.partition("\n## Variables")[2]))
    assert len(told) > 50
    assert told - read - variables() == UNSEEN


def test_each_dependency_of_production_has_its_line() -> None:
    told = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text().lower()
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / "requirements" / "base.in").read_text(), re.MULTILINE)
    assert [name for name in wanted if name.lower() not in told] == []


def anchors(document: Path) -> set[str]:
    """What a link to one of its headings says, as GitHub makes it of the heading's words."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(document: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = document.parent / path if path else document
    return found.exists() and (not anchor or anchor in anchors(found))


def test_links_between_documents_lead_somewhere() -> None:
    links = [
        (document, target)
        for document in DOCUMENTS
        for target in re.findall(r"\]\((?!http)([^)]+)\)", document.read_text())
    ]
    assert len(links) > 50
    assert [
        f"{document.name}: {target}" for document, target in links if not leads_somewhere(document, target)
    ] == []


@pytest.mark.parametrize("command", ["openapi", "asyncapi", "eventsdoc", "jobsdoc"])
def test_documents_made_of_the_code_are_in_step(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call_command(command, "--check")
    maker = next(
        f"{app}.management.commands.{command}" for name, app in get_commands().items() if name == command
    )
    monkeypatch.setattr(f"{maker}.Command.path", tmp_path / "document")
    with pytest.raises(CommandError, match=f"run make manage ARGS={command}"):
        call_command(command, "--check")
    call_command(command)
    call_command(command, "--check")


def test_every_event_and_job_is_told_of() -> None:
    events, jobs = ((ROOT / "docs" / name).read_text() for name in ("events.md", "jobs.md"))
    kinds = {frame["name"] for frame in asyncapi_document()["components"]["messages"].values()} - {"error"}
    assert [kind for kind in kinds if f"`{kind}`" not in events and f'"{kind}"' not in events] == []
    assert [
        name for name in CATALOGUE if f"## `{name}`" not in jobs and name.partition(".")[0] != "probe"
    ] == []


def test_the_examples_of_events_are_events() -> None:
    """Each example is what its model reads; the bus adds the event_id."""
    told = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "events.md").read_text(), re.DOTALL)
    models: dict[str, list[type[Event]]] = {}
    for model in Event.__subclasses__():
        models.setdefault(str(model.model_fields["type"].default), []).append(model)
    seen = set()
    for example in map(json.loads, told):
        if example["type"] in models:
            example.pop("event_id")
            fitting = [
                model for model in models[example["type"]] if model.model_fields.keys() == example.keys()
            ]
            seen.add(fitting[0].model_validate_json(json.dumps(example)).type)
    assert seen == set(models)


def test_each_path_and_module_that_a_document_names_is_there() -> None:
    folders = "bench|core|deploy|docs|local|realtime|requirements|settings|tests|web|workers"
    told = [span for path in DOCUMENTS for span in re.findall(r"`([^`\n]+)`", path.read_text())]
    paths = [span for span in told if re.fullmatch(rf"({folders})/[\w./-]*", span)]
    modules = [span.split()[2] for span in told if span.startswith("python -m ")]
    assert len(paths) > 30
    assert len(modules) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [module for module in modules if find_spec(module) is None] == []


def test_each_test_that_a_document_names_is_there() -> None:
    named = {found for path in DOCUMENTS for found in re.findall(r"`(tests/[\w/.]+::\w+)`", path.read_text())}
    assert len(named) > 60
    missing = [
        name
        for path, _, test in (name.partition("::") for name in sorted(named))
        for name in [f"{path}::{test}"]
        if not (ROOT / path).exists() or f"def {test}(" not in (ROOT / path).read_text()
    ]
    assert missing == []


def test_security_names_a_test_or_says_no() -> None:
    """Every row of its tables of requirements has a test, or is a no or a why."""
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in (ROOT / "docs" / "security.md").read_text().splitlines()
        if re.match(r"\| (API)?\d", line)
    ]
    assert len(rows) > 60
    untested = [row for row in rows if "`tests/" not in row[-1]]
    assert [row[0] for row in untested if row[1] != "no"] == []


def test_what_architecture_names_is_in_the_code() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`((?:core|web|realtime|workers)\.\w[\w.]*)`", told))
    assert len(named) >= 5
    assert [name for name in named if locate(name) is None] == []
    jobs = set(re.findall(r"\b((?:accounts|bookings|chat|files|unread)\.[a-z]+_[a-z_]+)\b", told))
    assert {name for name in jobs if not locate(f"core.{name}")} <= CATALOGUE.keys()


def test_the_layers_of_architecture_are_those_that_imports_are_held_to() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "core-layers")
    drawn = (ROOT / "docs" / "architecture.md").read_text().partition("        core\n")[2]
    lines = drawn.partition("  errors")[0].splitlines()
    assert [set(re.findall(r"[a-z]+", line[:31])) for line in lines] == [
        set(re.findall(r"[a-z]+", layer)) for layer in layers[:-1]
    ]


def test_each_letter_that_is_named_is_a_row_of_the_contract() -> None:
    rows = re.findall(
        r"^(?:\| |- \*\*)([A-G]\d+)\b", (ROOT / "docs" / "contract.md").read_text(), re.MULTILINE
    )
    told = "".join(path.read_text() for path in (ROOT / "docs" / "decisions").glob("*.md"))
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = {
        *re.findall(r"\(([A-G]\d{1,2})\)", told),
        *map(str.upper, re.findall(r"def test_([a-g]\d+)_", tests)),
    }
    assert len(rows) == len(set(rows)) > 100
    assert named - set(rows) == set()
