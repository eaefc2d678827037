"""The rules for Prometheus ask for metrics that are there, and each has a paragraph that says what to do."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import yaml
from django.conf import settings
from prometheus_client import REGISTRY

from core.jobs.depths import Depth
from core.jobs.metrics import _families
from realtime.metrics import RealtimeCollector

OPERATIONS = (settings.BASE_DIR / "docs" / "operations.md").read_text()
RULES: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / "docs" / "ops" / "alerts.yml").read_text())
ALERTS = [pytest.param(rule, id=rule["alert"]) for group in RULES["groups"] for rule in group["rules"]]
_SUFFIXES = re.compile(r"_(bucket|sum|count|created)$")


def metrics() -> set[str]:
    """The names of all that the processes serve."""
    for module in ("web.metrics", "web.pool", "workers.metrics", "core.metrics.mail", "core.jobs.metrics"):
        import_module(module)
    return {name for name in _names() if name.startswith("accountant_")}


def _names() -> Iterator[str]:
    families = [
        *REGISTRY.collect(),
        *_families([Depth("email")]),
        *RealtimeCollector(lambda: True).collect(),
    ]
    for family in families:
        yield family.name + ("_total" if family.type == "counter" else "")


def asked(expression: str) -> set[str]:
    return {_SUFFIXES.sub("", name) for name in re.findall(r"accountant_\w+", expression)}


@pytest.mark.parametrize("rule", ALERTS)
def test_a_rule_asks_for_metrics_that_are_served(rule: dict[str, Any]) -> None:
    assert asked(rule["expr"]) <= metrics()
    assert asked(rule["expr"]) or rule["expr"].startswith("up{")
    assert rule["expr"].count("(") == rule["expr"].count(")")


@pytest.mark.parametrize("rule", ALERTS)
def test_a_rule_has_its_runbook(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{name.lower()}"
    paragraph = re.search(rf"^### {name}\n(.+?)\n\n(.+?)\n\n##", OPERATIONS, re.MULTILINE | re.DOTALL)
    assert paragraph
    assert paragraph[1].endswith((".", ":"))
    assert paragraph[2].startswith("1. ")
    assert rule["for"]
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_each_paragraph_has_its_rule() -> None:
    alerts = OPERATIONS.partition("## Alerts")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", alerts, re.MULTILINE) == [rule.values[0]["alert"] for rule in ALERTS]  # type: ignore[index]


def test_each_metric_is_described_and_nothing_else() -> None:
    described = set(re.findall(r"`(accountant_\w+)`", OPERATIONS))
    assert described == metrics()


def test_each_line_of_a_log_that_it_names_is_written_by_the_code() -> None:
    named = set(re.findall(r"`((?!docker)[a-z]+(?: [a-z]+)+)`", OPERATIONS))
    folders = ("core", "web", "workers", "realtime")
    code = "".join(
        path.read_text() for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.py")
    )
    assert len(named) >= 4
    assert [line for line in named if line not in code] == []
