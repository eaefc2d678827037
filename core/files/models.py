"""Files that users sent: what is kept of each, beside its bytes in storage."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Purpose(models.TextChoices):
    """What a file was sent for; core.files.purposes has the rules of each."""

    PROFILE_PICTURE = "profile_picture"
    PROFILE_ATTACHMENT = "profile_attachment"
    SERVICE_ATTACHMENT = "service_attachment"
    BOOKING_CV = "booking_cv"
    CHAT_FILE = "chat_file"


class FileState(models.TextChoices):
    """Only a ready file is served; a rejected one never becomes ready."""

    PENDING = "pending"
    READY = "ready"
    REJECTED = "rejected"


class StoredFile(models.Model):
    """One file. key is where its processed form lies in storage, and its path under /media/.

    As sent, it lies at incoming_key until it is processed. Whatever shows a file refers to its
    row by a foreign key with PROTECT: a file that nothing refers to is deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=32, choices=Purpose.choices)
    key = models.CharField(max_length=255, unique=True)
    original_name = models.CharField(max_length=255, help_text="as sent, for display only")
    content_type = models.CharField(max_length=128)
    size = models.PositiveBigIntegerField(help_text="bytes; of the processed form once ready")
    sha256 = models.CharField(max_length=64, blank=True, help_text="hex; of the processed form")
    state = models.CharField(max_length=16, choices=FileState.choices, default=FileState.PENDING)
    reason = models.CharField(max_length=255, blank=True, help_text="why it was rejected")
    has_incoming = models.BooleanField(default=True, help_text="the bytes as sent are kept still")
    thumbnail_sizes = ArrayField(models.PositiveSmallIntegerField(), default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    attached_at = models.DateTimeField(null=True, help_text="since when something refers to it")
    processed_at = models.DateTimeField(null=True)
    condemned_at = models.DateTimeField(null=True, help_text="nothing refers to it: to be deleted")

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="file_by_age"),
            models.Index(
                fields=["condemned_at"],
                condition=models.Q(condemned_at__isnull=False),
                name="file_condemned",
            ),
            models.Index(
                fields=["attached_at"],
                condition=models.Q(state=FileState.PENDING),
                name="file_pending",
            ),
            models.Index(
                fields=["processed_at"],
                condition=models.Q(has_incoming=True),
                name="file_incoming",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def incoming_key(self) -> str:
        """Where the bytes as sent lie until they are processed; never served."""
        return f"incoming/{self.id.hex}"

    def thumbnail_key(self, size: int) -> str:
        """Where the WebP thumbnail of so many pixels a side lies."""
        return f"{self.key.rpartition('.')[0]}_{size}.webp"
