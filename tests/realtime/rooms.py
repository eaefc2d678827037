"""Rooms with people in them."""

from core.accounts.models import User
from core.chat.models import Membership, Room


def make_room(*members: User, name: str = "Tax Discussion") -> Room:
    """A group of these people, made by the first."""
    room = Room.objects.create(name=name, creator=members[0], members_count=len(members))
    Membership.objects.bulk_create([Membership(room=room, user=user) for user in members])
    return room
