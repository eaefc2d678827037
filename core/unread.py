"""The badge: how much a person hasn't read, over chat and notifications."""

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from core.chat.queries import unread_counts as chat_unread
from core.errors import TransientError
from core.jobs import unread as jobs
from core.notifications.queries import unread_counts as notifications_unread
from core.realtime import Device, Users, listened_to, publish_each
from core.realtime.events import UnreadCounted

logger = logging.getLogger(__name__)
_AT_ONCE = 100
_LOCK = (
    "SELECT pg_advisory_xact_lock(hashtextextended('unread:' || id, 0)) FROM unnest(%s::text[]) AS row (id)"
)


@transaction.atomic
def push_counts(*user_ids: UUID) -> None:
    """Tell people's sockets both counts, as they are in the database. BusUnavailable.

    One at a time for a person: of two that run at once, the one that publishes last counted last.
    """
    publish_each((counted, Users.of(user_id)) for user_id, counted in _counted(user_ids))


@transaction.atomic
def tell_device(*, user_id: UUID, socket_id: UUID) -> None:
    """As push_counts, but to one socket: its person's others know. BusUnavailable."""
    publish_each((counted, Device(user_id, socket_id)) for _, counted in _counted([user_id]))


def _counted(user_ids: Sequence[UUID]) -> Iterator[tuple[UUID, UnreadCounted]]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(map(str, user_ids))])
    messages, notifications = chat_unread(user_ids), notifications_unread(user_ids)
    for user_id in user_ids:
        yield (
            user_id,
            UnreadCounted(
                chat_unread=messages.get(user_id, 0), notifications_unread=notifications.get(user_id, 0)
            ),
        )


def push_counts_after_commit(user_ids: Sequence[UUID]) -> None:
    """Once the transaction is committed, tell those of the people who listen what is unread."""
    if user_ids:
        transaction.on_commit(partial(_push_to_listeners, user_ids), robust=True)


def _push_to_listeners(user_ids: Sequence[UUID]) -> None:
    """What can't be told now is told by a job each; a new socket is given its counts anyway."""
    try:
        online = listened_to(user_ids)
    except TransientError as fault:
        logger.warning("the unread counts of %d people are untold: %s", len(user_ids), fault)
        return
    for start in range(0, len(online), _AT_ONCE):
        some = online[start : start + _AT_ONCE]
        try:
            push_counts(*some)
        except TransientError:
            with transaction.atomic():
                jobs.push_counts.many({"user_id": user_id} for user_id in some)
