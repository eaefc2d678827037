"""Rooms, who is in them, and what was said there."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.files.models import StoredFile
from core.jobs.ids import uuid7
from core.search.expressions import Document


class Room(models.Model):
    """A group, or a direct room of two. Deleted once deleted_at is set, its memberships gone.

    last_seq counts the room's messages: each takes the next number under this row's lock, so the
    order of numbers is the order of commits. dm_key names the pair of a direct room. untold names
    those who were in it when it was deleted, until they were told.
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
    untold = ArrayField(models.UUIDField(), null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_dm=True, dm_key__isnull=False) | Q(is_dm=False, dm_key=None),
                name="room_dm_has_key",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pair(self) -> tuple[UUID, ...]:
        """The two of a direct room, whether or not they are active; nobody of a group."""
        return pair_of(self.dm_key)


def pair_of(dm_key: str | None) -> tuple[UUID, ...]:
    """The two whom a dm_key names; nobody without one."""
    return tuple(UUID(one) for one in dm_key.split("_")) if dm_key else ()


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
    """What one person said in a room. seq is its place there; a deleted one keeps its place.

    The numbers of a room have no gaps. A file's message comes to be once the file is ready; its
    content is the file's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", db_index=False
    )
    message_type = models.CharField(max_length=8, choices=MessageType.choices, default=MessageType.TEXT)
    content = models.TextField(blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    client_message_id = models.CharField(max_length=64, null=True)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    search_text = models.GeneratedField(
        expression=Document("content"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_place"),
            models.UniqueConstraint(
                fields=["room", "sender", "client_message_id"],
                condition=Q(client_message_id__isnull=False),
                name="message_sent_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Unread counts subtract the deleted: few, so this stays small.
            models.Index(
                fields=["room", "seq"],
                condition=Q(deleted_at__isnull=False),
                name="message_deleted",
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=Q(deleted_at=None),
                name="message_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} #{self.seq}"


class PendingFile(models.Model):
    """A file on its way into a room: a message with this id once it is ready, gone once refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.file_id} for {self.room_id}"
