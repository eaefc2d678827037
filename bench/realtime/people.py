"""People with sessions, and the rooms they are in. Imported once Django is set up."""

from uuid import UUID

from core.accounts.models import Session, User
from core.accounts.tokens import access_token
from core.chat.models import Membership, Room

_made = 0


def people(count: int) -> list[User]:
    """So many new active accounts."""
    global _made
    first, _made = _made, _made + count
    return User.objects.bulk_create(
        [
            User(
                email=f"{number}@sockets.example",
                full_name=f"Person {number}",
                user_type="accountant",
                account_status="active",
                password="!",
            )
            for number in range(first, first + count)
        ]
    )


def tokens_of(users: list[User]) -> list[str]:
    """An access token of a session of each."""
    sessions = Session.objects.bulk_create([Session(user=user) for user in users])
    return [access_token(session) for session in sessions]


def room_of(users: list[User]) -> UUID:
    """A room with these people, made by the first."""
    room = Room.objects.create(name="Bench", creator=users[0], members_count=len(users))
    Membership.objects.bulk_create([Membership(room=room, user=user) for user in users])
    return room.id
