"""Where files lie, by STORAGE_URL."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

FILE_SYSTEM: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"allow_overwrite": True},
}


def storage_at(url: str, *, endpoint: str | None = None, region: str | None = None) -> dict[str, Any]:
    """An entry of STORAGES: `s3://bucket` or `s3://bucket/prefix`; the file system for ""."""
    if not url:
        return FILE_SYSTEM
    scheme, _, place = url.partition("://")
    bucket, _, prefix = place.strip("/").partition("/")
    if scheme != "s3" or not bucket:
        raise ImproperlyConfigured("must be s3://bucket or s3://bucket/prefix")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": prefix,
            "default_acl": None,
            "file_overwrite": True,
            "endpoint_url": endpoint,
            "region_name": region,
            "client_config": _client_config(),
        },
    }


def _client_config() -> Any:
    from botocore.config import Config  # noqa: PLC0415 — 0.1 s, for those who use it

    return Config(
        signature_version="s3v4",
        # Newer checksums are unknown to most stores but Amazon's own.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=30,
        retries={"max_attempts": 3, "mode": "standard"},
    )
