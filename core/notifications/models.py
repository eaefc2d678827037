"""What a person is told about, and how much of it is unread."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.jobs.ids import uuid7


class NotificationType(models.TextChoices):
    BOOKING_CREATED = "booking_created"
    BOOKING_ACCEPTED = "booking_accepted"
    BOOKING_DECLINED = "booking_declined"
    MESSAGE = "message"


class Notification(models.Model):
    """One fact told to one person. event_key names the fact: a person is told of it once.

    actor_id is whose message it tells of, until that account is deleted and its name taken out.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False
    )
    notification_type = models.CharField(max_length=32, choices=NotificationType.choices)
    title = models.CharField(max_length=512)
    message = models.TextField()
    related_object_id = models.UUIDField()
    event_key = models.CharField(max_length=128)
    actor_id = models.UUIDField(null=True, editable=False)
    is_read = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_key"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_newest"),
            models.Index(
                fields=["user", "related_object_id"],
                condition=Q(is_read=False),
                name="notification_unread",
            ),
            models.Index(
                fields=["actor_id", "user"],
                condition=Q(actor_id__isnull=False),
                name="notification_of_actor",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class UnreadCounter(models.Model):
    """How many notifications of a person are unread. No row: none.

    Kept by triggers on Notification (migration 0002), so it's exact whoever writes, in the
    writer's own transaction. Read it; never write it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    unread = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.unread}"
