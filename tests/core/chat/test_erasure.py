"""What stays in chat of a deleted account: A22."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.actions.deletion import delete_account
from core.accounts.models import User
from core.chat.actions import erasure
from core.chat.actions.announce import announce_edit, announce_message
from core.chat.actions.erasure import erase_for, erase_name_for
from core.chat.actions.files import post_file
from core.chat.actions.members import add_member
from core.chat.actions.messages import edit_message
from core.chat.models import Membership, Message, PendingFile, Room
from core.errors import InactiveAccount
from core.files.acceptance import CheckedUpload, check_upload
from core.files.models import Purpose
from core.jobs.models import Job
from core.notifications.models import Notification
from core.notifications.queries import unread_count
from tests.cast import PASSWORD, make_user
from tests.chatting import make_direct, make_group, say
from tests.samples import pdf, upload
from tests.stores import file_system  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def test_messages_stay_as_deleted_user_s(accountant: User, academic: User) -> None:
    group, direct = make_group(accountant, academic), make_direct(academic, accountant)
    say(group, academic, "in the group"), say(direct, academic, "in private")
    delete_account(actor=academic, password=PASSWORD, code=None)
    for _ in range(2):
        erase_for(user_id=academic.id)
    group.refresh_from_db()
    assert group.members_count == 1
    assert not Membership.objects.filter(room=group, user=academic).exists()
    assert {(m.content, m.sender.full_name) for m in Message.objects.select_related("sender")} == {
        ("in the group", "Deleted user"),
        ("in private", "Deleted user"),
    }
    direct.refresh_from_db()
    assert direct.description == "Direct message between Deleted user and Karim Accountant"
    assert direct.members_count == direct.memberships.count() == 2
    assert Job.objects.filter(name="chat.announce_member_removed").count() == 1


def test_a_name_that_was_taken_first_goes_as_well(accountant: User, academic: User) -> None:
    direct = make_direct(accountant, academic)
    delete_account(actor=academic, password=PASSWORD, code=None)
    erase_for(user_id=academic.id)
    assert Room.objects.get(id=direct.id).description == (
        "Direct message between Karim Accountant and Deleted user"
    )


def told(user: User) -> list[tuple[str, str]]:
    return list(user.notifications.order_by("created_at", "id").values_list("title", "message"))


def test_a22_the_name_goes_from_what_others_were_told(accountant: User, academic: User) -> None:
    User.objects.filter(id=academic.id).update(full_name="e")
    academic.refresh_from_db()
    group, direct = make_group(accountant, academic, name="e: Taxes"), make_direct(academic, accountant)
    for room, text in ((group, "hello, e: there"), (direct, "\U0001f600" * 60)):
        announce_message(message_id=say(room, academic, text).id)
    namesake = make_user("academic", full_name="e")
    announce_message(message_id=say(make_direct(namesake, accountant), namesake, "I am e").id)
    Notification.objects.filter(message__contains="hello").update(is_read=True)
    delete_account(actor=academic, password=PASSWORD, code=None)
    for _ in range(2):
        assert not erase_name_for(user_id=academic.id)
    title = "New message from Deleted user"
    assert told(accountant) == [
        (title, "Deleted user in e: Taxes: hello, e: there"),
        (title, "Deleted user: " + "\U0001f600" * 50 + "..."),
        ("New message from e", "e: I am e"),
    ]
    assert unread_count(accountant.id) == 2


def test_a22_so_does_a_name_that_was_changed_before_an_edit(accountant: User, academic: User) -> None:
    said = say(make_direct(academic, accountant), academic, "hello")
    announce_message(message_id=said.id)
    User.objects.filter(id=academic.id).update(full_name="A much longer name than before")
    edit_message(actor=academic, message_id=said.id, content="goodbye")
    announce_edit(message_id=said.id)
    delete_account(actor=academic, password=PASSWORD, code=None)
    erase_name_for(user_id=academic.id)
    assert told(accountant) == [("New message from Deleted user", "Deleted user: goodbye")]


def test_a22_many_people_are_retold_in_turns(
    accountant: User, academic: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [make_user("academic") for _ in range(4)]
    announce_message(message_id=say(make_group(accountant, academic, *others), academic).id)
    delete_account(actor=academic, password=PASSWORD, code=None)
    monkeypatch.setattr(erasure, "_MOST_PEOPLE", 2)
    assert [erase_name_for(user_id=academic.id) for _ in range(4)] == [True, True, False, False]
    assert set(Notification.objects.values_list("title", flat=True)) == {"New message from Deleted user"}


def a_file() -> CheckedUpload:
    return check_upload(upload("Bilan.pdf", pdf()), Purpose.CHAT_FILE)


WRITES: dict[str, Callable[[User, User], object]] = {
    "group": lambda actor, _: make_group(actor),
    "direct room": make_direct,
    "file": lambda actor, _: post_file(actor=actor, room_id=Room.objects.get().id, upload=a_file()),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_request_that_was_under_way_leaves_nothing(
    accountant: User, client_user: User, academic: User, write: Callable[[User, User], object]
) -> None:
    room = make_direct(academic, accountant)
    delete_account(actor=accountant, password=PASSWORD, code=None)
    erase_for(user_id=accountant.id)
    with pytest.raises(InactiveAccount):
        write(accountant, client_user)
    assert list(Room.objects.all()) == [room]
    assert not PendingFile.objects.exists()


def test_an_account_stays_while_it_is_let_into_a_room(
    monkeypatch: pytest.MonkeyPatch, accountant: User, academic: User
) -> None:
    """Or its deletion would have looked for its rooms before."""
    room, asked = make_group(accountant), CaptureQueriesContext(connection)
    with asked:
        add_member(actor=accountant, room_id=room.id, user_id=academic.id)
    locked = [query["sql"] for query in asked.captured_queries if '"accounts_user"' in query["sql"]]
    assert any(sql.endswith("FOR NO KEY UPDATE") for sql in locked)
