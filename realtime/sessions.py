"""What sockets have to know of their users: for many sockets in one visit to the database."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from core.accounts.models import User
from core.accounts.queries import user_behind, users_behind
from core.accounts.tokens import Claims
from core.chat.queries import rooms_of
from core.errors import BadToken, InactiveAccount
from core.jobs import unread as unread_jobs
from core.realtime.presence import Person
from realtime.batches import Batches
from realtime.database import in_database


class Newcomer(NamedTuple):
    """A socket that is to be let in, and what its token says."""

    socket_id: UUID
    claims: Claims


@transaction.atomic
def open_sessions(newcomers: Sequence[Newcomer]) -> list[Person | Exception]:
    """Who the users are and their rooms, with their unread counts on the way to the new sockets.

    BadToken or InactiveAccount in the place of those who may not connect.
    """
    found = users_behind([newcomer.claims for newcomer in newcomers])
    users = {
        newcomer.socket_id: user.id
        for newcomer, user in zip(newcomers, found, strict=True)
        if isinstance(user, User)
    }
    rooms = rooms_of(*set(users.values()))
    unread_jobs.tell_device.many(
        {"user_id": user_id, "socket_id": socket_id} for socket_id, user_id in users.items()
    )
    return [
        Person(user.id, user.full_name, rooms[user.id]) if isinstance(user, User) else user for user in found
    ]


class Seat(NamedTuple):
    """Whom a socket was let in for."""

    user_id: UUID
    session_id: UUID


def ended_sessions(seats: Sequence[Seat]) -> dict[Seat, BadToken | InactiveAccount]:
    """Those who may not stay connected, and why."""
    found = zip(seats, users_behind(seats), strict=True)
    return {seat: answer for seat, answer in found if not isinstance(answer, User)}


def renew_session(claims: Claims) -> None:
    """BadToken or InactiveAccount if the user of a newer token may not stay connected."""
    user_behind(claims)


async def _open(newcomers: Sequence[Newcomer]) -> list[Person | Exception]:
    return await in_database(open_sessions, newcomers)


def session_opener() -> Batches[Newcomer, Person]:
    """Opens sessions together when many connect at once, as after a restart."""
    return Batches(_open, largest=50, at_once=2)
