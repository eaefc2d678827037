"""Production: refuses to start on a missing or weak secret, and speaks HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from settings.base import *
from settings.base import env

_MIN_SECRET_LENGTH = 50
_MIN_SECRET_VARIETY = 12


def _required(name: str, hint: str) -> str:
    value = str(env.str(name, default=""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {hint}")
    return value


def _secret(name: str) -> str:
    hint = 'make one with python -c "import secrets; print(secrets.token_urlsafe(64))"'
    value = _required(name, hint)
    if len(value) < _MIN_SECRET_LENGTH or len(set(value)) < _MIN_SECRET_VARIETY:
        raise ImproperlyConfigured(f"{name} is too weak: {hint}")
    return value


SECRET_KEY = _secret("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = _required("ALLOWED_HOSTS", "the host names clients use, comma-separated").split(",")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not contain *: name the hosts clients use")
for _name, _hint in {
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
}.items():
    _required(_name, _hint)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING["handlers"]["console"]["formatter"] = LOG_FORMAT
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
