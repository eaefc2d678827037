"""Telling people a fact: one statement for all of them, and each of them once."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from core import realtime
from core.errors import TransientError
from core.notifications.models import NotificationType
from core.realtime.events import NotificationCreated

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. event_key names the fact: nobody is told twice of the same.

    happened_at is the fact's own time: notifications follow it, whenever their jobs come to run.
    actor_id: of whose message, so that the texts can be without the name of a deleted account.
    """

    event_key: str
    notification_type: NotificationType
    title: str
    message: str
    related_object_id: UUID
    happened_at: datetime
    actor_id: UUID | None = None


class Told(NamedTuple):
    """One person's notification, as stored."""

    id: UUID
    user_id: UUID


# In the order of ids, as the unread counters are locked: two fan-outs can't deadlock.
_TELL = """
INSERT INTO notifications_notification
    (id, user_id, notification_type, title, message, related_object_id, event_key, created_at, actor_id,
     is_read)
SELECT {new_id}, recipient.id, %s, %s, %s, %s, %s, %s, %s, false
FROM ({recipients}) AS recipient (id)
ORDER BY recipient.id
ON CONFLICT (user_id, event_key) DO NOTHING
RETURNING id, user_id
"""

_TAKE_BACK = """
DELETE FROM notifications_notification
WHERE id = ANY (%s) AND user_id NOT IN ({recipients})
RETURNING id
"""


def notify(notice: Notice, *, recipients: QuerySet[Any, Any], passing: bool = False) -> list[UUID]:
    """Tell everyone whom the query selects (one column: user ids); those who didn't know.

    In a worker's transaction: after its commit their sockets hear of it. Where what makes a
    recipient may be passing (a message is read), say so: who was no recipient any more by the time
    it counted isn't told.
    """
    told = _store(notice, recipients)
    if told and passing:
        told = _still_meant(told, recipients)
    if told:
        transaction.on_commit(partial(_tell_sockets, notice, told), robust=True)
    return [one.user_id for one in told]


def _store(notice: Notice, recipients: QuerySet[Any, Any]) -> list[Told]:
    selected, params = recipients.query.sql_with_params()
    with connection.cursor() as cursor:
        statement = _TELL.format(new_id=_new_id(), recipients=selected)
        cursor.execute(
            statement,
            [
                notice.notification_type,
                notice.title,
                notice.message,
                notice.related_object_id,
                notice.event_key,
                notice.happened_at,
                notice.actor_id,
                *params,
            ],
        )
        return [Told(*row) for row in cursor.fetchall()]


def _still_meant(told: list[Told], recipients: QuerySet[Any, Any]) -> list[Told]:
    """Take back what was told to those who ceased to be recipients meanwhile.

    Storing has counted, and so holds each one's counter. Whoever marks takes that lock last: they
    are done, and seen here, or will find what is stored.
    """
    selected, params = recipients.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK.format(recipients=selected), [[one.id for one in told], *params])
        gone = {notification_id for (notification_id,) in cursor.fetchall()}
    return [one for one in told if one.id not in gone]


def _new_id() -> str:
    """Ids that rise with time keep the index growing at one end; PostgreSQL makes them since 18."""
    version: int = connection.connection.info.server_version
    return "uuidv7()" if version >= 180000 else "gen_random_uuid()"


def _tell_sockets(notice: Notice, told: list[Told]) -> None:
    """At most once: what is lost here, a client finds in its list (F5)."""
    try:
        hearing = set(realtime.may_hear(one.user_id for one in told))
        realtime.publish_each(
            (_event(notice, one), realtime.Users.of(one.user_id)) for one in told if one.user_id in hearing
        )
    except TransientError as fault:
        logger.warning("%s: %d notifications unannounced: %s", notice.event_key, len(told), fault)


def _event(notice: Notice, told: Told) -> NotificationCreated:
    return NotificationCreated(
        notification_id=told.id,
        notification_type=notice.notification_type,
        title=notice.title,
        message=notice.message,
        related_object_id=notice.related_object_id,
        created_at=notice.happened_at,
    )
