"""What is asked often is found by an index, however much there is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.chat.history import history
from core.chat.lists import people_to_message
from core.chat.models import Message, Room
from core.chat.queries import unread_count
from tests.chatting import make_group

pytestmark = pytest.mark.django_db
MANY = 20_000

_PEOPLE = """
INSERT INTO accounts_user (id, password, is_superuser, email, full_name, phone, company_name, job_title,
    user_type, account_status, is_email_verified, language, updated_at)
SELECT gen_random_uuid(), '', false, n || '@example.com', md5(n::text), '', '', '',
    'accountant', 'active', true, 'en', now()
FROM generate_series(1, %s) AS n
"""
_MESSAGES = """
INSERT INTO chat_message (id, room_id, seq, sender_id, message_type, content, deleted_at)
SELECT gen_random_uuid(), %s, n, %s, 'text', md5(n::text), CASE WHEN n %% 1000 = 0 THEN now() END
FROM generate_series(1, %s) AS n
"""


def run(statement: str, *params: object) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)  # type: ignore[arg-type]
        return [str(row[0]) for row in cursor.fetchall()] if cursor.description else []


def plan_of(action: Callable[[], object]) -> str:
    """How PostgreSQL goes about the last statement of an action."""
    with CaptureQueriesContext(connection) as queries:
        action()
    return "\n".join(run(f"EXPLAIN {queries[-1]['sql']}"))


@pytest.fixture
def room(accountant: User, academic: User) -> Room:
    """Twenty thousand messages, a few of them deleted."""
    room = make_group(accountant, academic)
    run(_MESSAGES, room.id, accountant.id, MANY)
    room.last_seq = MANY
    room.save()
    room.memberships.filter(user=accountant).update(own_count=MANY)
    run("ANALYZE chat_message")
    return room


def test_people_are_found_by_trigrams(accountant: User) -> None:
    run(_PEOPLE, MANY)
    run("ANALYZE accounts_user")
    assert "user_search" in plan_of(lambda: people_to_message(accountant, search="c4ca4238a0b9", page=1))


def test_messages_are_found_by_trigrams(room: Room, academic: User) -> None:
    wanted = "c4ca4238a0b9"
    assert history(academic, room.id, search=wanted, page=1, before=None).count == 1
    assert "message_search" in plan_of(lambda: history(academic, room.id, search=wanted, page=1, before=None))


@pytest.mark.parametrize("page", [1, MANY // 20])
def test_a_page_of_history_is_read_off_its_place(room: Room, academic: User, page: int) -> None:
    plan = plan_of(lambda: history(academic, room.id, search="", page=page, before=None))
    assert "message_place" in plan
    assert "Index Cond: ((room_id = " in plan
    assert f"(seq <= {MANY - (page - 1) * 20})" in plan


def test_unread_counts_look_at_deleted_messages_alone(room: Room, academic: User) -> None:
    """So a million messages cost what a thousand do."""
    assert unread_count(academic.id) == Message.objects.filter(deleted_at=None).count()
    plan = plan_of(lambda: unread_count(academic.id))
    assert "message_deleted" in plan
    assert "message_place" not in plan
