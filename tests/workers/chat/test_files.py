"""D14: what sockets are told of a file once it has been processed."""

from collections.abc import Callable

import pytest

from core.accounts.models import User
from core.chat.actions.files import post_file
from core.chat.actions.members import remove_member
from core.chat.actions.rooms import delete_room
from core.chat.models import Message, PendingFile, Room
from core.files.acceptance import check_upload
from core.files.deletion import unreferenced
from core.files.models import Purpose
from core.notifications.models import Notification
from tests.chatting import make_direct, work_off
from tests.samples import picture, upload
from tests.workers.chat.ears import Ear

pytestmark = pytest.mark.django_db(transaction=True)


def chat_file(room: Room, sender: User, content: bytes, name: str = "a.png") -> None:
    post_file(
        actor=sender,
        room_id=room.id,
        upload=check_upload(upload(name, content), Purpose.CHAT_FILE),
    )


def test_d14_a_file_reaches_every_member_once(ear: Ear, room: Room, accountant: User) -> None:
    chat_file(room, accountant, picture("PNG"))
    work_off()
    heard = ear.of_type("chat_message", "room_list_update")
    assert [(scope, subject) for scope, subject, _ in heard] == [
        ("members", room.id),
        ("members", room.id),
        ("user", accountant.id),
    ]
    message = heard[0][2]["message"]
    assert message["message_type"] == "file"
    assert message["content"] == message["file"]
    assert message["file"].startswith("/media/chat_files/")
    assert message["thumbnail"].startswith("/media/chat_files/")
    assert message["filename"] == "a.png"
    assert {one.message for one in Notification.objects.all()} == {
        "Karim Accountant in Tax Discussion: a.png"
    }


def test_d14_a_file_in_a_direct_room_reaches_both(ear: Ear, client_user: User, accountant: User) -> None:
    room = make_direct(client_user, accountant)
    chat_file(room, client_user, picture("PNG"))
    work_off()
    heard = ear.of_type("chat_message")
    assert {(scope, subject) for scope, subject, _ in heard} == {
        ("user", client_user.id),
        ("user", accountant.id),
    }


def test_d14_only_the_sender_hears_of_a_refusal(ear: Ear, room: Room, accountant: User) -> None:
    torn = picture("PNG", (400, 400))
    chat_file(room, accountant, torn[: len(torn) // 2])
    work_off()
    ((scope, subject, event),) = ear.events()
    assert (scope, subject) == ("user", accountant.id)
    assert event.pop("message_id")
    assert event == {
        "type": "file_rejected",
        "room_id": str(room.id),
        "reason": "The image is damaged and can't be read.",
    }
    assert not Message.objects.exists()


def _taken_out(room: Room, member: User) -> None:
    remove_member(actor=room.creator, room_id=room.id, user_id=member.id)


def _closed(room: Room, member: User) -> None:
    delete_room(actor=room.creator, room_id=room.id)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [(_taken_out, "You do not have permission to access this room."), (_closed, "Room not found")],
)
def test_d14_the_sender_hears_that_a_file_came_too_late(
    ear: Ear, room: Room, academic: User, meanwhile: Callable[[Room, User], None], reason: str
) -> None:
    chat_file(room, academic, picture("PNG"))
    meanwhile(room, academic)
    work_off()
    ((scope, subject, event),) = ear.of_type("file_processed", "chat_message", "file_rejected")
    assert (scope, subject) == ("user", academic.id)
    assert event.pop("message_id")
    assert event == {"type": "file_rejected", "room_id": str(room.id), "reason": reason}
    assert not PendingFile.objects.exists()
    assert unreferenced().count() == 1
