"""`manage.py asyncapi`: the socket's document, which web serves, too."""

from django.conf import settings

from core.documents import DocumentCommand, as_json
from realtime.asyncapi import document


class Command(DocumentCommand):
    help = "Write docs/api/asyncapi.json; with --check, fail if it isn't in step."
    path = settings.BASE_DIR / "docs" / "api" / "asyncapi.json"

    def text(self) -> str:
        return as_json(document())
