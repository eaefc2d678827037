"""Settings every environment shares; each variable is described in docs/operations.md."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
import environ
from django.core.exceptions import ImproperlyConfigured

from settings.storage import storage_at

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def whole(name: str, default: int) -> int:
    """A variable that must be a whole number, not below zero."""
    given = env.str(name, default=str(default))
    if not given.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {given!r}")
    return int(given)


_ON, _OFF = {"true", "on", "yes", "y", "ok", "1"}, {"false", "off", "no", "n", "0"}


def switch(name: str, *, default: bool) -> bool:
    """A variable that is either on or off; empty is as good as unset."""
    given = env.str(name, default="").strip().lower()
    if given and given not in _ON | _OFF:
        raise ImproperlyConfigured(f"{name} must be true or false, not {given!r}")
    return given in _ON if given else default


def _database_at(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url))
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL must be like postgres://user:password@host:5432/name"
        ) from None


VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = switch("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["*"])
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "core.jobs",
    "core.search",
    "core.idempotency",
    "core.accounts",
    "core.notifications",
    "core.files",
    "core.profiles",
    "core.marketplace",
    "core.bookings",
    "core.chat",
    "core.operations",
    "core.demo",
    "web",
    "web.live",
    "realtime",
    "workers",
    "ninja",
    "corsheaders",
    "core.accounts.admin_apps.ProductAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "web.middleware.CorrelationMiddleware",
    "web.middleware.BodilessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "web.security.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "web.middleware.JsonErrorsMiddleware",
    "web.head.HeadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "web.urls"
WSGI_APPLICATION = "web.wsgi.application"
ASGI_APPLICATION = "realtime.asgi.application"
APPEND_SLASH = False
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Data ---------------------------------------------------------------------------------------

_database: dict[str, Any] = {
    **_database_at(env.str("DATABASE_URL", default="postgres:///myaccountant")),
    "ENGINE": "core.postgres",
    "CONN_HEALTH_CHECKS": True,
}
_database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# A pool where one process serves many requests at once; a connection kept for the rest.
if _pool_size := whole("DATABASE_POOL", 0):
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 10}
    _database["CONN_MAX_AGE"] = 0
else:
    _database["CONN_MAX_AGE"] = 600
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
BROKER_URL = env.str("BROKER_URL", default=REDIS_URL)

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGE_URL = env.str("STORAGE_URL", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": storage_at(
        STORAGE_URL,
        endpoint=env.str("AWS_S3_ENDPOINT_URL", default=None),
        region=env.str("AWS_S3_REGION_NAME", default=None),
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A store that clients can reach serves the bytes itself, by an address it signs.
MEDIA_BY_REDIRECT = bool(STORAGE_URL)
MEDIA_URL_LIFETIME = whole("MEDIA_URL_LIFETIME", 3600)
UPLOAD_MAX_FILES = whole("UPLOAD_MAX_FILES", 10)
UPLOAD_MAX_BYTES = whole("UPLOAD_MAX_BYTES", 10 * 1024 * 1024)
CHAT_UPLOAD_MAX_BYTES = whole("CHAT_UPLOAD_MAX_BYTES", 25 * 1024 * 1024)
# tcp://host:port or unix:///path; empty: files aren't scanned for viruses.
CLAMD_URL = env.str("CLAMD_URL", default="")

# Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="My Accountant <no-reply@localhost>")
EMAIL_TIMEOUT = 10
MAIL_DIR = VAR_DIR / "mail"
if _email_url := env.str("EMAIL_URL", default=""):
    try:
        vars().update(environ.Env.email_url_config(_email_url))
    except ImproperlyConfigured:
        raise ImproperlyConfigured("EMAIL_URL must be like smtp://user:password@host:587") from None
else:
    EMAIL_BACKEND = "core.mail.KeepingBackend"

# Identity -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["core.accounts.backends.CappedBackend"]
# Emails are unique by a constraint on lower(email), which this check doesn't see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
PASSWORD_HASHERS = ["core.accounts.hashers.Argon2idHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "phone")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
ACCESS_TOKEN_LIFETIME = whole("ACCESS_TOKEN_LIFETIME", 900)
REFRESH_TOKEN_LIFETIME = whole("REFRESH_TOKEN_LIFETIME", 1_209_600)
REFRESH_GRACE = whole("REFRESH_GRACE", 10)
ROTATE_REFRESH_TOKENS = switch("ROTATE_REFRESH_TOKENS", default=False)
OTP_LIFETIME = whole("OTP_LIFETIME", 600)
# "kid:secret,kid:secret": the first signs, all verify. Empty: one key made from SECRET_KEY.
JWT_KEYS = env.str("JWT_KEYS", default="")
if JWT_KEYS and not all(re.fullmatch(r"\s*[^:\s]+:\S+\s*", key) for key in JWT_KEYS.split(",")):
    raise ImproperlyConfigured("JWT_KEYS must be like kid:secret,kid:secret")
JWT_ISSUER = "my-accountant"
JWT_AUDIENCE = "my-accountant-api"
JWT_LEEWAY = 5

THROTTLES = switch("THROTTLES", default=True)
# How many proxies of ours stand before the web process: the edge is one.
NUM_PROXIES = whole("NUM_PROXIES", 1)

GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_API_URL = env.str("GOOGLE_API_URL", default="https://www.googleapis.com/oauth2/v3")
FACEBOOK_APP_ID = env.str("FACEBOOK_APP_ID", default="")
FACEBOOK_APP_SECRET = env.str("FACEBOOK_APP_SECRET", default="")
FACEBOOK_API_URL = env.str("FACEBOOK_API_URL", default="https://graph.facebook.com/v23.0")

# Bookings -----------------------------------------------------------------------------------

# Days until the owner of a pending booking is reminded, and until it is declined. 0: never.
BOOKING_REMINDER_DAYS = whole("BOOKING_REMINDER_DAYS", 6)
BOOKING_EXPIRY_DAYS = whole("BOOKING_EXPIRY_DAYS", 14)

# Live events --------------------------------------------------------------------------------

PRESENCE_TTL = whole("PRESENCE_TTL", 60)

# Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Requests -----------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Operation ----------------------------------------------------------------------------------

# Whether `manage.py demo` may make accounts whose passwords it prints.
DEMO = False
# Whether /live/ serves its page: a client of the API and the socket, to look at and to learn from.
LIVE_PAGE = switch("LIVE_PAGE", default=False)
READY_FILE = env.str("READY_FILE", default="")
HEARTBEAT_FILE = env.str("HEARTBEAT_FILE", default="")

# Where Prometheus finds this process's metrics; unset: nowhere, 0: on any free port, which
# METRICS_FILE then names. Never through the edge.
METRICS_PORT = whole("METRICS_PORT", 0) if env.str("METRICS_PORT", default="") else None
METRICS_BIND = env.str("METRICS_BIND", default="127.0.0.1")
METRICS_FILE = env.str("METRICS_FILE", default="")
# The admin's operations page: where Flower is for its readers, and whose clock its plots show.
FLOWER_URL = env.str("FLOWER_URL", default="")
OPERATIONS_TIME_ZONE = env.str("OPERATIONS_TIME_ZONE", default="Africa/Algiers")
try:
    ZoneInfo(OPERATIONS_TIME_ZONE)
except (ValueError, OSError, LookupError):
    raise ImproperlyConfigured(
        f"OPERATIONS_TIME_ZONE must be like Africa/Algiers, not {OPERATIONS_TIME_ZONE!r}"
    ) from None
# Where errors and spans are told of; unset: nowhere, and nothing of it is loaded.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
PROCESS_NAME = env.str("PROCESS_NAME", default="")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "correlation": {"()": "core.correlation.CorrelationFilter"},
        "secrets": {"()": "core.redaction.SecretsFilter"},
    },
    "formatters": {
        "text": {
            "format": "{levelname:<7} {name} {message} [{request_id}]",
            "style": "{",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"levelname": "level", "name": "logger", "asctime": "at"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["correlation", "secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print a second, uncorrelated copy.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It logs whole URLs, and some providers take the token in the URL.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # web.access tells of every answer.
        "django.request": {"level": "ERROR"},
    },
}
