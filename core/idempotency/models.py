"""What a person's client has asked for under a key of its own."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Claim(models.Model):
    """A key that was used: what was asked, as a fingerprint, what came of it, and the first answer.

    The row is written by the transaction that makes the result, so it is there with it or not
    at all. Without an answer (it was forgotten) the result is shown as it is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    operation = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    result_id = models.UUIDField()
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_body = models.TextField(null=True, help_text="JSON in which nothing is signed")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "operation", "key"], name="claim_once"),
            models.CheckConstraint(
                condition=models.Q(answer_status__isnull=True, answer_body__isnull=True)
                | models.Q(answer_status__isnull=False, answer_body__isnull=False),
                name="claim_answered_wholly",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="claim_by_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
