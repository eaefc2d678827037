"""What a provider says of the person behind a token, in our terms."""

import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from core.accounts.emails import normalize_email
from core.accounts.models import SocialProvider
from core.errors import Invalid

_NAME_LENGTH = 255
# Embeddings, overrides and isolates.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class TokenRefused(Invalid):
    """The token proves nobody to us: forged, expired, of another app, or it tells too little."""

    def __init__(self, message: str) -> None:
        super().__init__(non_field_errors=message)


class EmailTrust(IntEnum):
    """How much a provider's word on an address is worth (docs/decisions/0041)."""

    TOLD = 0  # nobody says that it was ever verified
    VERIFIED = 1  # the provider verified it once; the mailbox may have changed hands since
    PROVEN = 2  # the provider runs the mailbox


@dataclass(frozen=True, slots=True)
class Person:
    """A person at a provider; the email is normalised, the name fit to be stored."""

    provider: SocialProvider
    subject: str
    email: str
    trust: EmailTrust
    full_name: str


def make_person(
    provider: SocialProvider,
    *,
    subject: str,
    email: str | None,
    trust: EmailTrust,
    name: str | None,
) -> Person:
    """TokenRefused without an address: an account needs one."""
    try:
        address = normalize_email((email or "").strip())
    except Invalid:
        raise TokenRefused(f"Your {provider.label} account shares no email address with us.") from None
    return Person(provider, subject, address, trust, _storable(name or ""))


def _storable(name: str) -> str:
    """The name on one line, without control characters and what turns text around."""
    kept = (char for char in name if unicodedata.bidirectional(char) not in _TURNING)
    words = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return " ".join(words.split())[:_NAME_LENGTH]
