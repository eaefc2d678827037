"""What sockets have to know of their users: for many sockets in one visit to the database."""

from collections.abc import Sequence

from django.db import transaction

from core.accounts.models import User
from core.accounts.queries import user_behind, users_behind
from core.accounts.tokens import Claims
from core.chat.queries import rooms_of
from core.jobs import unread as unread_jobs
from core.realtime.presence import Person
from realtime.batches import Batches
from realtime.database import in_database


@transaction.atomic
def open_sessions(claims: Sequence[Claims]) -> list[Person | Exception]:
    """Who the users are and their rooms, with their unread counts on the way to their sockets.

    BadToken or InactiveAccount in the place of those who may not connect.
    """
    found = users_behind(claims)
    user_ids = {user.id for user in found if isinstance(user, User)}
    rooms = rooms_of(*user_ids)
    unread_jobs.push_counts.many({"user_id": user_id} for user_id in user_ids)
    return [
        Person(user.id, user.full_name, rooms[user.id]) if isinstance(user, User) else user for user in found
    ]


def renew_session(claims: Claims) -> None:
    """BadToken or InactiveAccount if the user of a newer token may not stay connected."""
    user_behind(claims)


async def _open(claims: Sequence[Claims]) -> list[Person | Exception]:
    return await in_database(open_sessions, claims)


def session_opener() -> Batches[Claims, Person]:
    """Opens sessions together when many connect at once, as after a restart."""
    return Batches(_open, largest=50, at_once=2)
