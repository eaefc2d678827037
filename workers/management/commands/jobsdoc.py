"""`manage.py jobsdoc`: the jobs there are, to be read."""

from django.conf import settings

from core.documents import DocumentCommand
from workers.jobsdoc import document


class Command(DocumentCommand):
    help = "Write docs/jobs.md; with --check, fail if it isn't in step."
    path = settings.BASE_DIR / "docs" / "jobs.md"

    def text(self) -> str:
        return document()
