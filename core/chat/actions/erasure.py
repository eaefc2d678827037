"""What is left in chat of a deleted account: what it said, as "Deleted user"."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr

from core.accounts.actions.deletion import DELETED_NAME
from core.chat.access import lock_room
from core.chat.actions.announce import TITLE
from core.chat.actions.direct import description_of
from core.chat.actions.members import take_out
from core.chat.models import Membership, PendingFile, Room
from core.errors import NotFound
from core.notifications.actions.erasure import retell_of

_MOST_PEOPLE = 500


def erase_for(*, user_id: UUID) -> None:
    """Take the account out of its groups; its direct rooms stay for the others. Safe to repeat."""
    PendingFile.objects.filter(sender_id=user_id).delete()
    memberships = Membership.objects.filter(user_id=user_id).order_by("room_id")
    for room_id, is_dm in memberships.values_list("room_id", "room__is_dm"):
        with transaction.atomic():
            if is_dm:
                _rename(room_id)
            else:
                _leave(room_id, user_id)


def erase_name_for(*, user_id: UUID) -> bool:
    """Take the name out of what others were told of its messages; whether to call again.

    The title ends with the name of that time, and the text begins with it.
    """
    after_name = Substr(F("message"), Length("title") - len(TITLE) + 1)
    return retell_of(
        actor_id=user_id,
        title=Value(TITLE + DELETED_NAME),
        message=Concat(Value(DELETED_NAME), after_name),
        most=_MOST_PEOPLE,
    )


def _leave(room_id: UUID, user_id: UUID) -> None:
    try:
        room = lock_room(room_id)
    except NotFound:
        return
    take_out(room, user_id=user_id, by_id=user_id)


def _rename(room_id: UUID) -> None:
    """The description names both, in the order in which it named them first."""
    room = Room.objects.select_for_update(no_key=True).get(id=room_id)
    names = dict(Membership.objects.filter(room=room).values_list("user_id", "user__full_name"))
    first = names.pop(room.creator_id, "")
    room.description = description_of(first, next(iter(names.values()), ""))
    room.save(update_fields=["description"])
