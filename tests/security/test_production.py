"""What production sets for browsers is what Django's own deployment check asks for."""

import orjson

from tests.settings.test_production import GOOD, start

TELL = """
import django, json
from django.conf import settings
django.setup()
names = (
    "DEBUG", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "LOG_FORMAT", "DEMO", "LIVE_PAGE",
)
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_what_is_set() -> None:
    told = start(GOOD, "-c", TELL)
    assert told.returncode == 0, told.stderr
    assert orjson.loads(told.stdout) == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "LOG_FORMAT": "json",
        "DEMO": False,
        "LIVE_PAGE": False,
    }


def test_djangos_deployment_check_has_nothing_to_say() -> None:
    checked = start(GOOD, "manage.py", "check", "--deploy", "--fail-level", "WARNING", "--tag", "security")
    assert checked.returncode == 0, checked.stderr
