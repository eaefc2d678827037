"""Caps on guesses and sends, in PostgreSQL: they hold whatever happens to Valkey."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.accounts.models import Attempt, AttemptKind
from core.accounts.tokens import derived_key
from core.errors import TooMany


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` attempts of one address, by mail or on the network, within `window`."""

    kind: AttemptKind
    most: int
    window: timedelta


OTP_SENDS = Cap(AttemptKind.OTP_SEND, 5, timedelta(minutes=10))
WRONG_CODES = Cap(AttemptKind.OTP_WRONG, 10, timedelta(hours=1))
WRONG_LOGINS = Cap(AttemptKind.LOGIN_WRONG, 10, timedelta(hours=1))
# Of one network address, whatever the accounts: few people come in by the admin's door.
WRONG_ADMIN_LOGINS = Cap(AttemptKind.LOGIN_WRONG, 30, timedelta(hours=1))
LONGEST_WINDOW = max(cap.window for cap in (OTP_SENDS, WRONG_CODES, WRONG_LOGINS, WRONG_ADMIN_LOGINS))


def require_below(cap: Cap, address: str) -> None:
    """TooMany if the address is at its cap.

    Inside a transaction: it serialises the address's attempts of this kind until commit, so
    that parallel ones can't pass together.
    """
    if not settings.THROTTLES:
        return
    key = _key(address)
    _lock(cap, key)
    since = timezone.now() - cap.window
    recent = (
        Attempt.objects.filter(kind=cap.kind, identity=key, at__gt=since)
        .order_by("-at")
        .values_list("at", flat=True)[cap.most - 1 : cap.most]
    )
    if oldest := recent.first():
        raise TooMany(retry_after=round((oldest - since).total_seconds()))


def count(cap: Cap, address: str) -> None:
    """Count one attempt of the address."""
    Attempt.objects.create(kind=cap.kind, identity=_key(address))


def _key(address: str) -> str:
    """What stands for an address, whatever its case: attempts outlive accounts, addresses don't."""
    return hmac.digest(derived_key("attempts"), address.strip().lower().encode(), hashlib.sha256).hex()


def _lock(cap: Cap, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{cap.kind}:{key}"])
