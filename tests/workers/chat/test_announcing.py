"""What sockets and people are told of chat by workers: D6, D11, D16 to D18, E10, E14, E16, E19."""

import pytest
from django.conf import LazySettings

from core.accounts.models import User
from core.chat.actions.members import remove_member
from core.chat.actions.messages import delete_message, edit_message
from core.chat.actions.reading import mark_read
from core.chat.actions.rooms import delete_room
from core.chat.models import Room
from core.jobs.models import Job, State
from core.notifications.models import Notification
from tests.chatting import make_direct, make_group, say, work_off
from tests.workers.chat.ears import Ear
from workers.task import RUNS

pytestmark = pytest.mark.django_db(transaction=True)


def test_e16_every_other_member_is_notified(ear: Ear, room: Room, accountant: User, academic: User) -> None:
    for member in User.objects.exclude(id=accountant.id):
        ear.listen_as(member)
    say(room, accountant, "x" * 51)
    assert work_off("chat") == [("chat.announce_message", "done")]
    told = Notification.objects.all()
    assert {one.user.full_name for one in told} == {"Lina Academic", "Third"}
    for one in told:
        assert one.notification_type == "message"
        assert one.title == "New message from Karim Accountant"
        assert one.message == f"Karim Accountant in Tax Discussion: {'x' * 50}..."
        assert one.related_object_id == room.id
    heard = ear.of_type("new_notification")
    assert {subject for _, subject, _ in heard} == {one.user_id for one in told}


def test_d18_in_a_direct_room_without_its_name(client_user: User, accountant: User) -> None:
    say(make_direct(client_user, accountant), client_user, "Bonjour")
    work_off()
    assert Notification.objects.get().message == "Amina Client: Bonjour"


def test_d16_the_lists_are_updated_once_whoever_tells(ear: Ear, room: Room, accountant: User) -> None:
    """Here nobody but the job does: the sender's process died."""
    message = say(room, accountant)
    work_off("chat")
    heard = ear.of_type("chat_message", "room_list_update")
    assert [(scope, subject) for scope, subject, _ in heard] == [
        ("joined", room.id),
        ("members", room.id),
        ("user", accountant.id),
    ]
    assert [event["has_unread"] for _, _, event in heard[1:]] == [True, False]
    assert heard[0][2]["message"]["message_id"] == str(message.id)
    job = Job.objects.get(name="chat.announce_message")
    Job.objects.filter(id=job.id).update(state=State.SENT, started_at=None)
    assert RUNS[job.name].deliver(str(job.id)).value == "done"
    assert ear.of_type("chat_message", "room_list_update", "new_notification") == []
    assert Notification.objects.count() == 2


def test_messages_are_told_in_order_though_jobs_are_not(ear: Ear, room: Room, accountant: User) -> None:
    said = [str(say(room, accountant, str(number)).id) for number in range(6)]
    jobs = {job.params["message_id"]: job for job in Job.objects.filter(name="chat.announce_message")}
    for number in (3, 1, 5, 0, 2, 4):
        job = jobs[said[number]]
        Job.objects.filter(id=job.id).update(state=State.SENT)
        assert RUNS[job.name].deliver(str(job.id)).value == "done"
    heard = [event["message"]["message_id"] for _, _, event in ear.of_type("chat_message")]
    assert heard == said


def test_e19_counts_follow_for_those_who_listen(
    ear: Ear, room: Room, accountant: User, academic: User
) -> None:
    ear.listen_as(academic)
    say(room, accountant)
    work_off()
    (counted,) = ear.of_type("unread_update")
    assert counted[1:] == (
        academic.id,
        {"type": "unread_update", "chat_unread": 1, "notifications_unread": 1},
    )


def test_who_has_read_it_is_not_notified(room: Room, accountant: User, academic: User) -> None:
    say(room, accountant)
    mark_read(actor=academic, room_id=room.id)
    work_off()
    assert [one.user.full_name for one in Notification.objects.all()] == ["Third"]


def test_d11_edits_and_deletions_reach_joined_sockets(
    ear: Ear, room: Room, accountant: User, academic: User
) -> None:
    message = say(room, accountant, "Helo")
    work_off()
    ear.events()
    edited = edit_message(actor=accountant, message_id=message.id, content="Hello")
    work_off()
    assert ear.events() == [
        (
            "joined",
            room.id,
            {
                "type": "message_edited",
                "message_id": str(message.id),
                "content": "Hello",
                "edited_at": edited.edited_at.isoformat().replace("+00:00", "Z"),  # type: ignore[union-attr]
                "room_id": str(room.id),
            },
        )
    ]
    ear.listen_as(academic)
    delete_message(actor=accountant, message_id=message.id)
    work_off()
    gone, counted = ear.events()
    event = {"type": "message_deleted", "message_id": str(message.id), "room_id": str(room.id)}
    assert gone == ("joined", room.id, event)
    assert (counted[1], counted[2]["chat_unread"]) == (academic.id, 0)


def test_what_was_deleted_first_notifies_nobody(ear: Ear, room: Room, accountant: User) -> None:
    message = say(room, accountant, "secret")
    delete_message(actor=accountant, message_id=message.id)
    work_off()
    assert not Notification.objects.exists()
    assert "secret" not in str(ear.events())


def test_e14_members_and_the_person_concerned_hear(ear: Ear, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    work_off()
    by = {"room_id": str(room.id), "user_id": str(academic.id), "full_name": "Lina Academic"}
    added = by | {"added_by": str(accountant.id), "added_by_name": "Karim Accountant"}
    heard = [each for each in ear.events() if each[2]["type"] == "member_added"]
    assert heard == [
        ("user", academic.id, {"type": "member_added"} | added),
        ("members", room.id, {"type": "member_added"} | added),
    ]
    remove_member(actor=accountant, room_id=room.id, user_id=academic.id)
    work_off()
    removed = by | {"removed_by": str(accountant.id), "removed_by_name": "Karim Accountant"}
    # Their sockets leave before anything else is told.
    heard = [each for each in ear.events() if each[2]["type"] != "unread_update"]
    assert heard[:3] == [
        ("user", academic.id, {"type": "rooms_changed", "left": str(room.id)}),
        ("user", academic.id, {"type": "member_removed"} | removed),
        ("members", room.id, {"type": "member_removed"} | removed),
    ]


def test_e14_a_deleted_room(ear: Ear, room: Room, accountant: User, academic: User) -> None:
    ear.listen_as(academic)
    delete_room(actor=accountant, room_id=room.id)
    work_off()
    about = {"room_id": str(room.id)}
    assert ear.of_type("room_deleted", "rooms_changed") == [
        ("user", academic.id, {"type": "room_deleted"} | about),
        ("members", room.id, {"type": "rooms_changed", "left": str(room.id)}),
    ]
    assert Room.objects.get().untold is None


def test_f5_without_the_bus_nothing_that_counts_is_lost(
    room: Room, accountant: User, settings: LazySettings
) -> None:
    say(room, accountant)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert work_off("chat") == [("chat.announce_message", "done")]
    assert Notification.objects.count() == 2


def test_a_removal_is_told_when_the_bus_is_back(
    ear: Ear, room: Room, accountant: User, academic: User, settings: LazySettings
) -> None:
    there = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    remove_member(actor=accountant, room_id=room.id, user_id=academic.id)
    assert ("chat.announce_member_removed", "put off") in work_off("chat")
    settings.REDIS_URL = there
    Job.objects.filter(state=State.PENDING).update(run_at="2020-01-01T00:00:00Z")
    work_off()
    assert ear.of_type("member_removed")
