"""Rooms and people, as JSON."""

from typing import Any
from uuid import UUID

from django.db import connection

from core.accounts.models import User
from core.chat import cards
from core.chat.access import access_room
from core.chat.errors import NotAMember
from core.chat.rules import messaged_by
from core.pages import PAGE_SIZE, Page, offset_of, require_page
from core.search.expressions import all_words


def rooms_json(user: User, *, is_dm: bool) -> str:
    """A person's groups or direct rooms as a JSON array, the latest active first."""
    return str(_row(cards.ROOMS, [user.id, is_dm])[0])


def room_json(user: User, room_id: UUID) -> str:
    """One of a person's rooms. NotFound, NotAMember."""
    with connection.cursor() as cursor:
        cursor.execute(cards.ROOM, [user.id, room_id])
        row = cursor.fetchone()
    if row is None:
        access_room(user.id, room_id)
        raise NotAMember
    return str(row[0])


def people_to_message(user: User, *, search: str, page: int) -> Page:
    """A page of those whom a person may message, by name. NotFound past the end."""
    condition = """accounts_user u WHERE u.account_status = 'active' AND u.is_email_verified
        AND u.user_type = ANY(%(roles)s) AND u.id <> %(user_id)s"""
    params = {"roles": sorted(messaged_by(user)), "user_id": user.id}
    return _people(condition, None, params, "person_document(u.full_name, u.email)", search, page)


def members_of(user: User, room_id: UUID, *, search: str, page: int) -> Page:
    """A page of a room's members, by name, for one of them. NotFound, NotAMember."""
    room = access_room(user.id, room_id)
    source = "chat_membership m JOIN accounts_user u ON u.id = m.user_id WHERE m.room_id = %(room_id)s"
    params = {"room_id": room_id, "members": room.members_count}
    return _people(source, "%(members)s", params, "search_document(u.full_name)", search, page)


def _people(
    source: str, count: str | None, params: dict[str, Any], document: str, search: str, page: int
) -> Page:
    """document: where each word has to be found, if there are any; then count is of no use."""
    found, words = all_words(document, search)
    matching = f" AND {found}" if found else ""
    statement = cards.people(source + matching, count=None if words else count)
    answer = Page(*_row(statement, {**params, **words, "size": PAGE_SIZE, "offset": offset_of(page)}))
    require_page(page, answer.count)
    return answer


def _row(statement: str, params: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
