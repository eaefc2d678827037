"""`manage.py openapi`: the API's document."""

from django.conf import settings

from core.documents import DocumentCommand, as_json
from web.api import api


class Command(DocumentCommand):
    help = "Write docs/api/openapi.json; with --check, fail if it isn't in step."
    path = settings.BASE_DIR / "docs" / "api" / "openapi.json"

    def text(self) -> str:
        return as_json(api.get_openapi_schema())
