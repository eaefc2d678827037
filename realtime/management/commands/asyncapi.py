"""`manage.py asyncapi`: the socket's document, written for web to serve or held against it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime.asyncapi import document

PATH = settings.BASE_DIR / "docs" / "api" / "asyncapi.json"


class Command(BaseCommand):
    help = "Write docs/api/asyncapi.json; with --check, fail if it isn't in step."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
        if not check:
            PATH.write_text(text)
        elif not PATH.exists() or PATH.read_text() != text:
            raise CommandError(f"{PATH.name} isn't in step: run make manage ARGS=asyncapi")
