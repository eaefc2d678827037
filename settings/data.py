"""Where data lies: the database, Valkey, and files."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from settings.storage import FILE_SYSTEM, storage_at
from settings.variables import env, refuse, whole

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def _database_at(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url))
    except ValueError:
        refuse("DATABASE_URL", "must be like postgres://user:password@host:5432/name")
        return {}


def _files_at(url: str) -> dict[str, Any]:
    try:
        return storage_at(
            url,
            endpoint=env.str("AWS_S3_ENDPOINT_URL", default="") or None,
            region=env.str("AWS_S3_REGION_NAME", default="") or None,
        )
    except ImproperlyConfigured as error:
        refuse("STORAGE_URL", str(error))
        return FILE_SYSTEM


_database: dict[str, Any] = {
    **_database_at(env.str("DATABASE_URL", default="") or "postgres:///myaccountant"),
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

REDIS_URL = env.str("REDIS_URL", default="") or "redis://127.0.0.1:6379/0"
BROKER_URL = env.str("BROKER_URL", default="") or REDIS_URL

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGE_URL = env.str("STORAGE_URL", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": _files_at(STORAGE_URL),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A store that clients can reach serves the bytes itself, by an address it signs.
MEDIA_BY_REDIRECT = bool(STORAGE_URL)
MEDIA_URL_LIFETIME = whole("MEDIA_URL_LIFETIME", 3600, least=1)
UPLOAD_MAX_FILES = whole("UPLOAD_MAX_FILES", 10, least=1)
UPLOAD_MAX_BYTES = whole("UPLOAD_MAX_BYTES", 10 * 1024 * 1024, least=1)
CHAT_UPLOAD_MAX_BYTES = whole("CHAT_UPLOAD_MAX_BYTES", 25 * 1024 * 1024, least=1)
# tcp://host:port or unix:///path; empty: files aren't scanned for viruses.
CLAMD_URL = env.str("CLAMD_URL", default="")
