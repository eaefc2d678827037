"""`manage.py eventsdoc`: what goes over the socket, to be read."""

from django.conf import settings

from core.documents import DocumentCommand
from realtime.eventsdoc import document


class Command(DocumentCommand):
    help = "Write docs/events.md; with --check, fail if it isn't in step."
    path = settings.BASE_DIR / "docs" / "events.md"

    def text(self) -> str:
        return document()
