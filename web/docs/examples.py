"""Examples of bodies, by operation and language; what is in the file is held against the schemas."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_PATH = Path(__file__).with_name("examples.json")
LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}


def requests_of(operation_id: str) -> dict[str, Any]:
    """What may be sent, as named examples; {} if nothing is told."""
    return _named(_of(operation_id).get("request", {}))


def responses_of(operation_id: str, status: str) -> dict[str, Any]:
    """What is answered, as named examples; {} if nothing is told."""
    return _named(_of(operation_id).get(status, {}))


def _of(operation_id: str) -> dict[str, Any]:
    """PUT does what PATCH does."""
    return dict(_all().get(operation_id.removesuffix("_by_put"), {}))


def _named(bodies: dict[str, Any]) -> dict[str, Any]:
    return {name: {"summary": LANGUAGES[name], "value": body} for name, body in bodies.items()}


@cache
def _all() -> dict[str, Any]:
    return dict(json.loads(_PATH.read_text("utf-8")))
