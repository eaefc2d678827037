"""`manage.py openapi`: the API's document, written to docs/api/openapi.json or held against it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from web.api import api

PATH = settings.BASE_DIR / "docs" / "api" / "openapi.json"


class Command(BaseCommand):
    help = "Write docs/api/openapi.json; with --check, fail if it isn't in step."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        document = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"
        if not check:
            PATH.parent.mkdir(parents=True, exist_ok=True)
            PATH.write_text(document)
        elif not PATH.exists() or PATH.read_text() != document:
            raise CommandError(f"{PATH.name} isn't in step: run make manage ARGS=openapi")
