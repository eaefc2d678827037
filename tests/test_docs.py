"""The documents keep up with the code."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
# Told by the supervisor to its children, or by the image to its processes: nobody sets them by hand.
INTERNAL = {
    "HEARTBEAT_FILE", "METRICS_FILE", "READY_FILE", "PROCESS_NAME", "WEB_BIND", "REALTIME_BIND", "WEB_UPSTREAMS",
    "REALTIME_UPSTREAMS", "FLOWER_ADDRESS", "WEB_DATABASE_POOL", "REALTIME_DATABASE_POOL",
}  # fmt: skip


def variables() -> set[str]:
    """What settings, the Procfile and the edge read from the environment."""
    settings_text = "".join(path.read_text() for path in (ROOT / "settings").glob("*.py"))
    found = set(re.findall(r'(?:env\.\w+|whole|_secret|_required)\(\s*"([A-Z0-9_]+)"', settings_text))
    found |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "Procfile").read_text()))
    return found | set(re.findall(r"\{\$([A-Z_]+)", (ROOT / "Caddyfile").read_text()))


@pytest.mark.parametrize("name", sorted(variables() - INTERNAL))
def test_each_variable_is_described(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


def test_each_dependency_of_production_has_its_line() -> None:
    told = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text().lower()
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / "requirements" / "base.in").read_text(), re.MULTILINE)
    assert [name for name in wanted if name.lower() not in told] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []
