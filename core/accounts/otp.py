"""The six digits: derived, never stored, so a repeated mail carries the same code."""

import hashlib
import hmac
import unicodedata
from uuid import UUID

from core.accounts.tokens import derived_key

MAX_WRONG_TRIES = 5
_CODES = 1_000_000


def code_of(otp_request_id: UUID) -> str:
    """The code of a request: HMAC-SHA256 of its id under a secret key, modulo a million."""
    digest = hmac.digest(derived_key("otp"), otp_request_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(digest) % _CODES:06d}"


def matches(otp_request_id: UUID, given: str) -> bool:
    """Whether these are its digits, Arabic-Indic ones included; compared in constant time."""
    digits = "".join(str(unicodedata.digit(char, char)) for char in given.strip())
    return hmac.compare_digest(code_of(otp_request_id).encode(), digits.encode())
