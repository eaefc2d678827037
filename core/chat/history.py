"""What was said in a room, the newest first, in pages that new messages can't shift.

Places have no gaps, so a page is found by its first place, however far back it lies.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from core.accounts.models import User
from core.chat import cards
from core.chat.access import access_room
from core.chat.models import Message, Room
from core.chat.posts import facts_of
from core.errors import NotFound
from core.files.models import StoredFile
from core.pages import PAGE_SIZE, offset_of, require_page
from core.search.expressions import all_words

_Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """A page. results is a JSON array; last_id is its last message if more follow."""

    count: int
    results: str
    last_id: UUID | None


def history(user: User, room_id: UUID, *, search: str, page: int, before: UUID | None) -> History:
    """A page by its number, or what was said before a message. NotFound, NotAMember."""
    room = access_room(user.id, room_id)
    matching, params = _matching(search)
    params |= {"room_id": room_id, "limit": PAGE_SIZE + 1, "offset": 0, "top": room.last_seq}
    count = _count(matching, params) if matching else room.last_seq
    if before is not None:
        params["top"] = _place(room, before) - 1
    else:
        require_page(page, count)
        offset = offset_of(page)
        params |= {"offset": offset} if matching else {"top": room.last_seq - offset}
    return _read(count, matching, params)


def _matching(search: str) -> tuple[str, _Params]:
    """The clauses of a search, and their parameters; none without words."""
    found, words = all_words("g.search_text", search)
    return f"AND {found} AND g.deleted_at IS NULL" if found else "", {**words}


def _count(matching: str, params: _Params) -> int:
    with connection.cursor() as cursor:
        cursor.execute(cards.MATCHES.format(matching=matching), params)
        return int(cursor.fetchone()[0])


def _place(room: Room, message_id: UUID) -> int:
    place = Message.objects.filter(room=room, id=message_id).values_list("seq", flat=True).first()
    if place is None:
        raise NotFound("Invalid cursor.")
    return place


def _read(count: int, matching: str, params: _Params) -> History:
    with connection.cursor() as cursor:
        cursor.execute(cards.MESSAGES.format(matching=matching), params)
        rows = cursor.fetchall()
    shown = rows[:PAGE_SIZE]
    results = ",".join(_completed(*row[2:]) for row in shown)
    return History(count, f"[{results}]", shown[-1][0] if len(rows) > PAGE_SIZE else None)


def _completed(text: str, key: str | None, filename: str, thumbnail_sizes: list[int]) -> str:
    """A message with what its file adds, if it has one."""
    if key is None:
        return text
    file = facts_of(StoredFile(key=key, original_name=filename, thumbnail_sizes=thumbnail_sizes))
    added = {"content": file.file, "message_type": "file", **file._asdict()}
    return f"{text[:-1]}, {orjson.dumps(added).decode()[1:]}"
