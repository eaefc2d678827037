"""Production: refuses to start on a missing or weak variable, and speaks HTTPS only.

What is wrong is told in a line for each variable: a traceback would bury it.
"""

import sys

from settings import refusals
from settings.base import *
from settings.variables import choice, env, refuse, refused, switch

_NEW_ONE = 'make one with python -c "import secrets; print(secrets.token_urlsafe(64))"'
_ORIGINS = "list origins like https://app.my-accountant.dz, comma-separated, or leave it unset"
_POSTGRES = ("postgres", "postgresql")
_REDIS = ("redis", "rediss", "unix")
_BROKERS = (*_REDIS, "amqp", "amqps")
_WEB = ("https", "http")
_ENDPOINTS = {
    "CLAMD_URL": ("tcp", "unix"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": _WEB,
    "AWS_S3_ENDPOINT_URL": _WEB,
    "FLOWER_URL": _WEB,
    "GOOGLE_API_URL": _WEB,
    "FACEBOOK_API_URL": _WEB,
}
_SMTP = ("smtp", "smtps", "smtp+tls", "smtp+ssl")

SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = [host for given in env.list("ALLOWED_HOSTS", default=[]) if (host := given.strip())]
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=True)
LOG_FORMAT = choice("LOG_FORMAT", "json", LOG_FORMATS)
_found = {
    ("SECRET_KEY", _NEW_ONE): refusals.secret(SECRET_KEY) if SECRET_KEY else "is not set",
    ("JWT_KEYS", f"write kid:secret; {_NEW_ONE}"): refusals.keys(JWT_KEYS),
    ("DEBUG", "leave it unset: its pages show settings and data"): "is on" if DEBUG else None,
    ("ALLOWED_HOSTS", "name the hosts clients use, comma-separated"): refusals.hosts(ALLOWED_HOSTS),
    ("CORS_ALLOWED_ORIGINS", _ORIGINS): refusals.origins(CORS_ALLOWED_ORIGINS),
    ("CSRF_TRUSTED_ORIGINS", _ORIGINS): refusals.origins(CSRF_TRUSTED_ORIGINS),
    ("DATABASE_URL", "write postgres://NAME:PASSWORD@HOST:5432/DATABASE"): refusals.address(
        env.str("DATABASE_URL", default=""), _POSTGRES
    ),
    ("REDIS_URL", "write redis://HOST:6379/0"): refusals.address(env.str("REDIS_URL", default=""), _REDIS),
    ("BROKER_URL", "write redis://HOST:6379/1, or leave it unset"): (
        refusals.address(BROKER_URL, _BROKERS) if BROKER_URL != REDIS_URL else None
    ),
    ("EMAIL_URL", "write smtp+tls://NAME:PASSWORD@HOST:587"): refusals.address(
        env.str("EMAIL_URL", default=""), _SMTP
    ),
    ("SENTRY_DSN", "copy it from the project's settings there, or leave it unset"): refusals.dsn(SENTRY_DSN),
    ("FACEBOOK_APP_SECRET", "FACEBOOK_APP_ID needs it"): (
        "is not set" if FACEBOOK_APP_ID and not FACEBOOK_APP_SECRET else None
    ),
}
for _name, _schemes in _ENDPOINTS.items():
    _found[_name, "write the whole address, or leave it unset"] = refusals.endpoint(
        env.str(_name, default=""), _schemes
    )
for (_name, _hint), _wrong in _found.items():
    if _wrong:
        refuse(_name, f"{_wrong}: {_hint}")
if refused:
    sys.exit("\n".join(f"{name} {wrong}" for name, wrong in refused.items()))

DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"My Accountant <no-reply@{ALLOWED_HOSTS[0].lstrip('.')}>"
)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# No other host of the domain, and nothing but HTTPS, can set cookies of these names.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LOGGING["handlers"]["console"]["formatter"] = LOG_FORMAT
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
