"""A short history of how the product does, for those without a Prometheus."""

from django.db import models


class Sample(models.Model):
    """What was counted of one minute, and how things stood when it was over.

    queues: by name, how many jobs waited and the seconds that the oldest had. done and dead: jobs
    that ended in the minute. mails: codes mailed in it, and the seconds from request to the mail
    server's answer. sockets: None while the bus didn't answer.
    """

    at = models.DateTimeField(primary_key=True, help_text="the start of the minute")
    taken_at = models.DateTimeField()
    queues = models.JSONField(default=dict)
    delayed = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    dead = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)
    mail_median = models.FloatField(null=True)
    mail_slowest = models.FloatField(null=True)
    sockets = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "the last hours"
        # Nobody writes samples by hand.
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
