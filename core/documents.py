"""Documents made of the code: a command writes each, and holds it against the code in `make check`."""

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

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
