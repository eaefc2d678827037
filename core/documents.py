"""Documents made of the code: a command writes each, and holds it against the code in `make check`.

And the fields of the objects that such a document describes, as tables for people.
"""

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError


class DocumentCommand(BaseCommand, ABC):
    """Writes `text()` to `path`; with --check, fails if that isn't what stands there."""

    requires_system_checks = ()
    path: Path

    @abstractmethod
    def text(self) -> str:
        """The document; equal for equal code."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = self.text()
        if not check:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(text)
        elif not self.path.exists() or self.path.read_text() != text:
            command = type(self).__module__.rpartition(".")[2]
            raise CommandError(f"{self.path.name} isn't in step: run make manage ARGS={command}")


def as_json(document: Any) -> str:
    """A document's text where it is JSON: readable, and with its letters as they are."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class Field(NamedTuple):
    """A row of a table of fields; those inside other objects have dotted names."""

    name: str
    type: str
    required: bool
    description: str


def fields(document: dict[str, Any], schema: dict[str, Any], prefix: str = "") -> Iterator[Field]:
    """Every field of an object whose JSON schema stands in an OpenAPI or AsyncAPI document, for people."""
    resolved = _resolved(document, schema)
    required = resolved.get("required", [])
    for name, shape in resolved.get("properties", {}).items():
        yield Field(prefix + name, _type(document, shape), name in required, shape.get("description", ""))
        yield from fields(document, shape, f"{prefix}{name}.")


def _type(document: dict[str, Any], shape: dict[str, Any]) -> str:
    resolved = _resolved(document, shape)
    if "const" in resolved:
        return json.dumps(resolved["const"])
    if "enum" in resolved:
        return " or ".join(json.dumps(value) for value in resolved["enum"])
    if "anyOf" in resolved:
        return " or ".join(_type(document, each) for each in resolved["anyOf"])
    if resolved["type"] == "array":
        return f"list of {_type(document, resolved['items'])}"
    return str(resolved.get("format", resolved["type"]))


def _resolved(document: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in shape:
        return shape
    found: dict[str, Any] = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return found
