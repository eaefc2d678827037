"""Unread counts are exact by construction; this looks whether they are, and mends what isn't."""

import logging

from django.db import connection, transaction

from core.chat.access import lock_room
from core.chat.models import Membership, Message
from core.errors import NotFound
from core.jobs import chat as jobs
from core.jobs import unread as unread_jobs

logger = logging.getLogger(__name__)

SAMPLE = 200

# What is unread by its definition, and as it is counted, in one snapshot.
_COMPARE = """
SELECT m.id, r.last_seq - m.read_seq - m.own_count - (
        SELECT count(*) FROM chat_message g
        WHERE g.room_id = m.room_id AND g.seq > m.read_seq
            AND g.deleted_at IS NOT NULL AND g.sender_id <> m.user_id
    ) - (
        SELECT count(*) FROM chat_message g
        WHERE g.room_id = m.room_id AND g.seq > m.read_seq
            AND g.deleted_at IS NULL AND g.sender_id <> m.user_id
    ) AS drift
FROM chat_membership m JOIN chat_room r ON r.id = m.room_id
WHERE m.id >= %s ORDER BY m.id LIMIT %s
"""
_SOMEWHERE = "SELECT floor(random() * max(id))::bigint FROM chat_membership"


def check_counts() -> int:
    """Compare a sample of memberships, from a random one on; how many were wrong.

    That is an error to be looked into; meanwhile each is counted anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SOMEWHERE)
        (start,) = cursor.fetchone()
        cursor.execute(_COMPARE, [start or 0, SAMPLE])
        wrong = {membership_id: drift for membership_id, drift in cursor.fetchall() if drift}
    if wrong:
        logger.error("Unread counts drifted: membership by membership, %s", wrong)
        with transaction.atomic():
            jobs.recount.many({"membership_id": membership_id} for membership_id in wrong)
    return len(wrong)


@transaction.atomic
def recount(*, membership_id: int) -> None:
    """Count one's own messages since what was read; right however often, whatever happens at once."""
    found = Membership.objects.filter(id=membership_id).first()
    if found is None:
        return
    try:
        room = lock_room(found.room_id)
    except NotFound:
        return
    membership = Membership.objects.select_for_update().filter(id=membership_id).first()
    if membership is None:
        return
    own = Message.objects.filter(room=room, sender_id=membership.user_id, seq__gt=membership.read_seq)
    if membership.own_count != (count := own.count()):
        membership.own_count = count
        membership.save(update_fields=["own_count"])
        unread_jobs.push_counts(user_id=membership.user_id)
