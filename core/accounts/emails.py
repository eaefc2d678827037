"""One form for each address: what two spellings of the same mailbox have in common."""

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.errors import Invalid

_MESSAGE = "Enter a valid email address."
MAX_LENGTH = 254


def normalize_email(email: str) -> str:
    """The address with its domain in lower-case ASCII (IDNA); the local part stays as typed.

    Raises Invalid under "email" for what no mail server would take.
    """
    local, at, domain = email.rpartition("@")
    try:
        # validate_email takes letters one of whose cases is an ASCII one, as U+212A of k.
        local.encode("ascii")
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
        normalized = f"{local}{at}{ascii_domain}"
        validate_email(normalized)
    except (idna.IDNAError, ValidationError, UnicodeError):
        raise Invalid(email=_MESSAGE) from None
    if len(normalized) > MAX_LENGTH:
        raise Invalid(email=f"Ensure this field has no more than {MAX_LENGTH} characters.")
    return normalized
