"""The ledger: a job's row, from the transaction that asks for it to the one that carries it out."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.jobs.ids import uuid7


class State(models.TextChoices):
    """pending → sent → done; a failed attempt is pending again, past the cap it is dead."""

    PENDING = "pending"
    SENT = "sent"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


class Job(models.Model):
    """One job. Rows are written by the functions of core.jobs and changed by SQL beside this file.

    attempts counts starts, and is committed before the task's body runs. A periodic job has its
    name as schedule and the start of its period; finished_at is set once done, dead or discarded.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    queue = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, db_default=State.PENDING)
    run_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    error = models.TextField(blank=True, db_default="", help_text="trace of the last failed attempt")
    request_id = models.CharField(max_length=64, blank=True, db_default="")
    traceparent = models.CharField(max_length=64, blank=True, db_default="")
    schedule = models.CharField(max_length=100, null=True)
    period = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "period"],
                condition=Q(schedule__isnull=False),
                name="job_once_a_period",
            )
        ]
        indexes = [
            models.Index(fields=["queue", "run_at"], condition=Q(state=State.PENDING), name="job_pending"),
            models.Index(fields=["queue", "sent_at"], condition=Q(state=State.SENT), name="job_sent"),
            models.Index(
                fields=["queue", "finished_at"],
                condition=Q(state__in=[State.DONE, State.DISCARDED]),
                name="job_finished",
            ),
            models.Index(fields=["finished_at"], condition=Q(state=State.DEAD), name="job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"

    @property
    def last_line(self) -> str:
        """What went wrong, in short; error is the whole trace."""
        return self.error.strip().rpartition("\n")[2][:120]
