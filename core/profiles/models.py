"""What each role shows of itself. A profile is made with its account, by signal."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from core.files.models import StoredFile


class Profile(models.Model):
    """The profile of a client, accountant or academic; administrators have none.

    Clients have an activity_type, the others a bio. The phone is the account's. picture is a ready
    file; one that was sent lately, and isn't ready or was rejected, is sent_picture.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sent_picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    location = models.CharField(max_length=255, blank=True)
    bio = models.TextField(blank=True)
    activity_type = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)


class ProfileAttachment(models.Model):
    """A certificate or document on a profile, in the order it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["profile", "position"])]
