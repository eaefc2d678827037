"""Direct rooms: one for each two people, whoever asks first."""

from uuid import UUID

from django.db import transaction

from core.accounts.models import User
from core.chat.models import Membership, Room
from core.chat.rules import require_may_message
from core.errors import InactiveAccount, Invalid
from core.jobs import chat as jobs


def open_direct(*, actor: User, target_id: UUID) -> UUID:
    """The one direct room of the actor and another, made if there is none; its id.

    Invalid for oneself and for nobody, MayNotMessage, InactiveAccount.
    """
    if target_id == actor.id:
        raise Invalid(target_user_id="You cannot message yourself.")
    target = User.objects.filter(id=target_id).first()
    if target is None:
        raise Invalid(target_user_id=f'Invalid pk "{target_id}" - object does not exist.')
    require_may_message(actor, target)
    key = "_".join(sorted((str(actor.id), str(target_id))))
    room_id = Room.objects.filter(dm_key=key).values_list("id", flat=True).first()
    return room_id or _make(actor, target, key)


@transaction.atomic
def _make(actor: User, target: User, key: str) -> UUID:
    """Of two that make it at once, the second waits for the first and finds its room.

    It names both, so neither may be deleted meanwhile.
    """
    both = User.objects.select_for_update(no_key=True).filter(id__in=(actor.id, target.id)).order_by("id")
    locked = {user.id: user for user in both}
    actor, target = locked[actor.id], locked[target.id]
    if actor.deleted_at is not None:
        raise InactiveAccount
    require_may_message(actor, target)
    room = Room(
        name=f"dm_{key}",
        description=description_of(actor.full_name, target.full_name),
        is_private=True,
        is_dm=True,
        dm_key=key,
        creator=actor,
        members_count=2,
    )
    Room.objects.bulk_create([room], ignore_conflicts=True)
    room_id = Room.objects.values_list("id", flat=True).get(dm_key=key)
    if room_id == room.id:
        Membership.objects.bulk_create([Membership(room=room, user=user) for user in (actor, target)])
        jobs.announce_room(room_id=room_id)
    return room_id


def description_of(first: str, second: str) -> str:
    """What a direct room says of itself."""
    return f"Direct message between {first} and {second}"
