"""What the server imports is whole before the first request."""

import subprocess
import sys

from django.conf import settings

TELL = "import sys, web.wsgi; print('web.urls' in sys.modules)"


def test_a_web_process_has_its_routes_from_the_start() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TELL], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert told.stdout == "True\n", told.stderr
