"""Signed, short-lived addresses under /media/.

A signature is given for a span of time, not for a moment, so that the same file has the same
address for a while and clients can cache it. What is stored is never signed.
"""

import base64
import hashlib
import hmac
import time
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings

from core.errors import Forbidden
from core.files.models import StoredFile

_SIGNATURE_BYTES = 16


class BadSignature(Forbidden):
    """The address was not given out by us, or its time is over."""


def signed_path(stored_file: StoredFile) -> str:
    """`/media/<key>?expires=…&signature=…` of a file, whatever its state."""
    return signed(stored_file.key)


def thumbnail_paths(stored_file: StoredFile) -> dict[str, str]:
    """The signed path of each thumbnail by its side in pixels."""
    return {str(size): signed(stored_file.thumbnail_key(size)) for size in stored_file.thumbnail_sizes}


def signed(key: str) -> str:
    """The signed path of a key in storage; good for half to one MEDIA_URL_LIFETIME."""
    expires = _expiry(time.time())
    return f"/media/{quote(key)}?expires={expires}&signature={_signature(key, expires)}"


def require_signature(key: str, expires: str, signature: str) -> int:
    """Seconds until the address ends; raises BadSignature."""
    if not (expires.isascii() and expires.isdigit()) or len(expires) > 12:
        raise BadSignature
    expected = _signature(key, int(expires))
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise BadSignature
    left = int(expires) - int(time.time())
    if left <= 0:
        raise BadSignature
    return left


def _expiry(now: float) -> int:
    span: int = max(1, settings.MEDIA_URL_LIFETIME // 2)
    return (int(now) // span + 2) * span


def _signature(key: str, expires: int) -> str:
    message = f"{expires}:{key}".encode("utf-8", "replace")
    digest = hmac.digest(_secret(settings.SECRET_KEY), message, "sha256")
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=")


@lru_cache(maxsize=4)
def _secret(secret_key: str) -> bytes:
    return hashlib.sha256(b"media-urls:" + secret_key.encode()).digest()
