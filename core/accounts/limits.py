"""Caps on guesses and sends, in PostgreSQL: they hold whatever happens to Valkey."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.accounts.models import Attempt, AttemptKind
from core.errors import TooMany


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` attempts of one identity within `window`."""

    kind: AttemptKind
    most: int
    window: timedelta


OTP_SENDS = Cap(AttemptKind.OTP_SEND, 5, timedelta(minutes=10))
WRONG_CODES = Cap(AttemptKind.OTP_WRONG, 10, timedelta(hours=1))
WRONG_LOGINS = Cap(AttemptKind.LOGIN_WRONG, 10, timedelta(hours=1))
LONGEST_WINDOW = max(cap.window for cap in (OTP_SENDS, WRONG_CODES, WRONG_LOGINS))


def require_below(cap: Cap, identity: str) -> None:
    """TooMany if the identity is at its cap.

    Inside a transaction: it serialises the identity's attempts of this kind until commit, so
    that parallel ones can't pass together.
    """
    if not settings.THROTTLES:
        return
    _lock(cap, identity)
    since = timezone.now() - cap.window
    recent = (
        Attempt.objects.filter(kind=cap.kind, identity=identity, at__gt=since)
        .order_by("-at")
        .values_list("at", flat=True)[cap.most - 1 : cap.most]
    )
    if oldest := recent.first():
        raise TooMany(retry_after=round((oldest - since).total_seconds()))


def count(cap: Cap, identity: str) -> None:
    """Count one attempt of the identity."""
    Attempt.objects.create(kind=cap.kind, identity=identity)


def _lock(cap: Cap, identity: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{cap.kind}:{identity}"])
