"""Rooms, messages and people in lists, as JSON that PostgreSQL makes: docs/decisions/0030-lists-as-json.md.

The keys are those of web.chat.schemas; a test holds them to it. r is the room, m the asker's
membership, u a person, g a message, f its file.
"""

from core.accounts.cards import moment, user_brief

# As core.chat.queries.unread_in_room counts; the deleted are counted only where there is news.
_HAS_UNREAD = """CASE WHEN r.last_seq > m.read_seq + m.own_count THEN
    r.last_seq - m.read_seq - m.own_count > (
        SELECT count(*) FROM chat_message d
        WHERE d.room_id = r.id AND d.seq > m.read_seq
            AND d.deleted_at IS NOT NULL AND d.sender_id <> m.user_id)
    ELSE false END"""

_ROOM = f"""json_build_object(
    'room_id', r.id,
    'creator', {user_brief("u")},
    'room_name', r.name,
    'created_at', {moment("r.created_at")},
    'description', r.description,
    'is_private', r.is_private,
    'is_dm', r.is_dm,
    'members_count', r.members_count,
    'message_count', r.last_seq,
    'has_unread_messages', {_HAS_UNREAD}
)"""

_MINE = """
FROM chat_membership m
JOIN chat_room r ON r.id = m.room_id AND r.deleted_at IS NULL
JOIN accounts_user u ON u.id = r.creator_id
WHERE m.user_id = %s
"""

ROOM = f"SELECT {_ROOM}::text {_MINE} AND r.id = %s"
ROOMS = f"""
SELECT coalesce(json_agg({_ROOM} ORDER BY coalesce(r.last_message_at, r.created_at) DESC, r.id), '[]')::text
{_MINE} AND r.is_dm = %s
"""

_PERSON = """json_build_object(
    'pk', u.id,
    'email', u.email,
    'full_name', u.full_name,
    'user_type', u.user_type,
    'is_email_verified', u.is_email_verified,
    'account_status', u.account_status
)"""

_PEOPLE = """
WITH page AS (
    SELECT u.* FROM {source} ORDER BY u.full_name, u.id LIMIT %(size)s OFFSET %(offset)s
)
SELECT {count}::bigint, coalesce(json_agg({person} ORDER BY u.full_name, u.id), '[]')::text FROM page u
"""


def people(source: str, *, count: str | None = None) -> str:
    """The statement for a page of people; counted by `count`, without it one by one."""
    counted = count or f"(SELECT count(*) FROM {source})"  # noqa: S608 — constants of core.chat.lists
    return _PEOPLE.format(source=source, count=counted, person=_PERSON)


# What a file adds is signed, which PostgreSQL can't: it is put in by core.chat.history.
_MESSAGE = f"""
    'message_id', g.id,
    'room', json_build_object('room_id', r.id, 'room_name', r.name),
    'sender', {user_brief("u")},
    'timestamp', {moment("g.sent_at")},
    'edited_at', {moment("g.edited_at")},
    'is_edited', g.edited_at IS NOT NULL,
    'is_deleted', g.deleted_at IS NOT NULL
"""
_TEXT = "'content', g.content, 'message_type', 'text', 'file', null, 'filename', null, 'thumbnail', null"

MESSAGES = f"""
SELECT g.id, g.seq,
    (CASE WHEN f.id IS NULL THEN json_build_object({_MESSAGE}, {_TEXT})
     ELSE json_build_object({_MESSAGE}) END)::text,
    f.key, f.original_name, f.thumbnail_sizes
FROM chat_message g
JOIN chat_room r ON r.id = g.room_id
JOIN accounts_user u ON u.id = g.sender_id
LEFT JOIN files_storedfile f ON f.id = g.file_id
WHERE g.room_id = %(room_id)s AND g.seq <= %(top)s {{matching}}
ORDER BY g.seq DESC LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 — constants of this module
MATCHES = "SELECT count(*) FROM chat_message g WHERE g.room_id = %(room_id)s {matching}"
