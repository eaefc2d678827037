"""A client or academic books what an accountant offers; an accountant proposes to a client."""

from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.files.models import StoredFile
from core.marketplace.models import Service, ServiceType


class BookingStatus(models.TextChoices):
    """pending → confirmed | declined, and no further."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class DeclineReason(models.TextChoices):
    """Who declined, and why."""

    OWNER = "owner", "the service's owner declined"
    WITHDRAWN = "withdrawn", "the requester withdrew it"
    EXPIRED = "expired", "nobody answered in time"


class Booking(models.Model):
    """One request for one service.

    The owner is whose service it is, and decides; the requester is the other one, who made the
    booking. Of an offered service the owner is the accountant, of a needed one the client.
    A CV that was sent when there was one already is sent_cv until it is ready.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="bookings")
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings_as_client", db_index=False
    )
    accountant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="bookings_as_accountant",
        db_index=False,
    )
    full_name = models.CharField(max_length=255, help_text="as the requester gave it")
    linkedin_url = models.CharField(max_length=500, blank=True)
    cv = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sent_cv = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    additional_notes = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=BookingStatus.choices, default=BookingStatus.PENDING)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status=BookingStatus.DECLINED) & ~Q(decline_reason="")
                    | ~Q(status=BookingStatus.DECLINED) & Q(decline_reason="")
                ),
                name="booking_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=BookingStatus.PENDING, decided_at=None)
                    | ~Q(status=BookingStatus.PENDING) & Q(decided_at__isnull=False)
                ),
                name="booking_decided_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(client=F("accountant")), name="booking_of_two_people"),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at", "-id"], name="booking_of_client"),
            models.Index(fields=["accountant", "-created_at", "-id"], name="booking_of_accountant"),
            models.Index(
                fields=["created_at"],
                condition=Q(status=BookingStatus.PENDING),
                name="booking_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.service_id}"

    @property
    def owner_id(self) -> UUID:
        """Who decides."""
        offered = self.service.service_type == ServiceType.OFFERED
        return self.accountant_id if offered else self.client_id

    @property
    def requester_id(self) -> UUID:
        """Who made the booking."""
        offered = self.service.service_type == ServiceType.OFFERED
        return self.client_id if offered else self.accountant_id

    def is_of(self, user_id: UUID) -> bool:
        """Whether the person is one of the two."""
        return user_id in (self.client_id, self.accountant_id)
