"""Clearing away what no rule needs any more. Each may run at any time, and twice."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.accounts import limits
from core.accounts.models import Attempt, OtpRequest, Session

_MARGIN = timedelta(minutes=5)


def delete_expired_otps() -> int:
    """Codes past their time, and attempts outside every window; how many rows went."""
    now = timezone.now()
    codes, _ = OtpRequest.objects.filter(expires_at__lt=now - _MARGIN).delete()
    attempts, _ = Attempt.objects.filter(at__lt=now - limits.LONGEST_WINDOW - _MARGIN).delete()
    return codes + attempts


def delete_expired_sessions() -> int:
    """Sessions over or ended for so long that no access token of theirs can be alive."""
    before = timezone.now() - timedelta(seconds=settings.ACCESS_TOKEN_LIFETIME) - _MARGIN
    deleted, _ = Session.objects.filter(Q(expires_at__lt=before) | Q(ended_at__lt=before)).delete()
    return deleted
