"""Whose message a notification tells of; the stored ones learn it from their messages."""

from django.conf import settings
from django.db import migrations, models

_BACKFILL = """
UPDATE notifications_notification AS told SET actor_id = message.sender_id
FROM chat_message AS message
WHERE told.notification_type = 'message' AND told.event_key = 'message:' || message.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0001_initial"),
        ("notifications", "0002_unread_counter_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="actor_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("actor_id__isnull", False)),
                fields=["actor_id", "user"],
                name="notification_of_actor",
            ),
        ),
        migrations.RunSQL(_BACKFILL, migrations.RunSQL.noop),
    ]
