"""Settings every environment shares; each variable is described in docs/operations.md."""

import environ
from django.core.exceptions import ImproperlyConfigured

from settings.data import *
from settings.data import BASE_DIR, VAR_DIR
from settings.identity import *
from settings.operation import *
from settings.variables import env, refuse, switch, whole

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
    # Before what may answer by itself: the redirect to HTTPS, a static file.
    "web.security.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "web.middleware.JsonErrorsMiddleware",
    "web.head.HeadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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

# Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="My Accountant <no-reply@localhost>")
EMAIL_TIMEOUT = 10
MAIL_DIR = VAR_DIR / "mail"
if _email_url := env.str("EMAIL_URL", default=""):
    try:
        vars().update(environ.Env.email_url_config(_email_url))
    except ImproperlyConfigured:
        refuse("EMAIL_URL", "must be like smtp://user:password@host:587")
else:
    EMAIL_BACKEND = "core.mail.KeepingBackend"

# Bookings -----------------------------------------------------------------------------------

# Days until the owner of a pending booking is reminded, and until it is declined. 0: never.
BOOKING_REMINDER_DAYS = whole("BOOKING_REMINDER_DAYS", 6)
BOOKING_EXPIRY_DAYS = whole("BOOKING_EXPIRY_DAYS", 14)

# Live events --------------------------------------------------------------------------------

PRESENCE_TTL = whole("PRESENCE_TTL", 60, least=1)

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

# Pages for a look around --------------------------------------------------------------------

# Whether `manage.py demo` may make accounts whose passwords it prints.
DEMO = False
# Whether /live/ serves its page: a client of the API and the socket, to look at and to learn from.
LIVE_PAGE = switch("LIVE_PAGE", default=False)
