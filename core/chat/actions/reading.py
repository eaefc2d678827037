"""Having read a room: its unread count is zero, and so is that of its notifications."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from core.accounts.models import User
from core.chat.access import access_room
from core.chat.models import Membership
from core.chat.queries import with_news
from core.jobs import unread as unread_jobs
from core.notifications.actions.reading import mark_read_about


@transaction.atomic
def mark_read(*, actor: User, room_id: UUID) -> None:
    """Everything in the room so far is read. NotFound, NotAMember."""
    access_room(actor.id, room_id)
    # Shared among readers; a message of one's own that is under way is waited for, and so counted.
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_seq FROM chat_room WHERE id = %s FOR SHARE", [room_id])
        (last_seq,) = cursor.fetchone()
    mine = Membership.objects.filter(room_id=room_id, user=actor)
    had_news = with_news(mine).exists()
    mine.update(read_seq=last_seq, own_count=0, last_seen=Now())
    marked = mark_read_about(user_id=actor.id, related_object_id=room_id)
    if had_news and not marked:
        unread_jobs.push_counts(user_id=actor.id)


@transaction.atomic
def forget_room(*, user_id: UUID, room_id: UUID) -> None:
    """Mark as read, and tell, what nobody can mark any more who isn't in the room."""
    is_back = Membership.objects.filter(room_id=room_id, user_id=user_id).exists()
    if is_back or not mark_read_about(user_id=user_id, related_object_id=room_id):
        unread_jobs.push_counts(user_id=user_id)
