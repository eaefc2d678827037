"""Rooms, who is in them, and what was said there."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.jobs.ids import uuid7


class Room(models.Model):
    """A group, or a direct room of two. Deleted once deleted_at is set, its memberships gone.

    last_seq counts the room's messages: each takes the next number under this row's lock, so the
    order of numbers is the order of commits. dm_key names the pair of a direct room.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="created_rooms")
    is_private = models.BooleanField(default=False)
    is_dm = models.BooleanField(default=False)
    dm_key = models.CharField(max_length=73, null=True, unique=True, editable=False)
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    members_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_message_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_dm=True, dm_key__isnull=False) | Q(is_dm=False, dm_key=None),
                name="room_dm_has_key",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a room. What came after read_seq and isn't their own is unread.

    own_count is how many of their own messages came after read_seq, so that the unread count
    needs no look at the messages: docs/decisions/0024-unread-counts.md.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False
    )
    joined_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)
    own_count = models.PositiveBigIntegerField(default=0)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "room"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(read_seq__gte=F("joined_seq")), name="membership_read_since_joined"
            ),
        ]
        indexes = [models.Index(fields=["room", "user"], name="membership_of_room")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.room_id}"


class MessageType(models.TextChoices):
    TEXT = "text"
    FILE = "file"


class Message(models.Model):
    """What one person said in a room. seq is its place there; a deleted one keeps its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", db_index=False
    )
    message_type = models.CharField(max_length=8, choices=MessageType.choices, default=MessageType.TEXT)
    content = models.TextField(blank=True)
    client_message_id = models.CharField(max_length=64, null=True)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_place"),
            models.UniqueConstraint(
                fields=["room", "sender", "client_message_id"],
                condition=Q(client_message_id__isnull=False),
                name="message_sent_once",
            ),
        ]
        indexes = [
            # Unread counts subtract the deleted: few, so this stays small.
            models.Index(
                fields=["room", "seq"],
                condition=Q(deleted_at__isnull=False),
                name="message_deleted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_id} #{self.seq}"
