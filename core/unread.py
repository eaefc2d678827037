"""The badge: how much a person hasn't read, over chat and notifications."""

from uuid import UUID

from django.db import connection, transaction

from core.chat.queries import unread_count as chat_unread
from core.notifications.queries import unread_count as notifications_unread
from core.realtime import Users, publish
from core.realtime.events import UnreadCounted

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@transaction.atomic
def push_counts(user_id: UUID) -> None:
    """Tell a person's sockets both counts, as they are in the database.

    One at a time for a person: of two that run at once, the one that publishes last counted last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"unread:{user_id}"])
    counted = UnreadCounted(
        chat_unread=chat_unread(user_id), notifications_unread=notifications_unread(user_id)
    )
    publish(counted, to=Users.of(user_id))
