"""What a socket has to know of its user, in one visit to the database."""

from django.db import transaction

from core.accounts.queries import user_behind
from core.accounts.tokens import Claims
from core.chat.queries import rooms_of
from core.jobs import unread as unread_jobs
from core.realtime.presence import Person


@transaction.atomic
def open_session(claims: Claims) -> Person:
    """The user and their rooms, with their unread counts on the way to their sockets.

    BadToken or InactiveAccount for those who may not connect.
    """
    user = user_behind(claims)
    unread_jobs.push_counts(user_id=user.id)
    return Person(user.id, user.full_name, rooms_of(user.id)[user.id])


def renew_session(claims: Claims) -> None:
    """BadToken or InactiveAccount if the user of a newer token may not stay connected."""
    user_behind(claims)
