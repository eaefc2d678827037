"""The documentation's examples of frames, held against a real socket."""

from uuid import uuid4

import pytest

from core.accounts.models import User
from core.bookings.actions.decide import accept_booking, decline_booking
from core.chat.actions.files import post_file
from core.chat.actions.members import add_member, remove_member
from core.chat.models import Membership
from core.files.acceptance import check_upload
from core.files.models import Purpose
from tests import booked, samples
from tests.cast import make_user
from tests.chatting import make_group, work_off
from tests.contract.examples import Book, covers
from tests.realtime.processes import Realtime

UNKNOWN = str(uuid4())


@pytest.fixture
def karim() -> User:
    return make_user("accountant", full_name="Karim")


@pytest.fixture
def lina() -> User:
    return make_user("academic", full_name="Lina")


@covers(2340, 2349, 2359, 2373, 2382, 2391)
def test_joining_and_leaving(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = str(make_group(karim).id)
    foreign = str(make_group(make_user("accountant")).id)
    with realtime.client(karim) as phone:
        phone.wait("presence_snapshot")
        errors = [phone.ask(type="join_room", room_id=each) for each in ("", UNKNOWN, foreign)]
        assert errors == book.errors(2359)
        book.like(2349, phone.ask(**book.body(2340, room_id=room)))
        book.like(2382, phone.ask(**book.body(2373, room_id=room)))
        assert [phone.ask(type="leave_room", room_id=each) for each in ("", room)] == book.errors(2391)


@covers(2404, 2414, 2425, 2475, 2552)
def test_sending(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = str(make_group(karim, lina).id)
    with realtime.client(karim) as phone, realtime.client(lina) as other:
        phone.wait("presence_snapshot"), other.wait("presence_snapshot")
        outside = phone.ask(type="send_message", room_id=room, content="Hello")
        empty = phone.ask(type="send_message", room_id=room)
        assert [outside, empty] == book.errors(2425)
        for each in (phone, other):
            each.ask(type="join_room", room_id=room)
        book.like(2414, phone.ask(**book.body(2404, room_id=room)))
        book.like(2475, other.wait("chat_message"))
        book.like(2552, other.wait("room_list_update"))


@covers(2438, 2448, 2458, 2509, 2533)
def test_typing_and_presence(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = str(make_group(karim, lina).id)
    with realtime.client(lina) as other:
        other.wait("presence_snapshot")
        with realtime.client(karim) as phone:
            book.like(2509, other.wait("user_status_changed"))
            errors = [phone.ask(type="typing", room_id=each, is_typing=True) for each in ("", room)]
            assert errors == book.errors(2458)
            for each in (phone, other):
                each.ask(type="join_room", room_id=room)
            for line, is_typing in ((2438, True), (2448, False)):
                phone.send(**book.body(line, room_id=room))
                assert book.like(2533, other.wait("typing_indicator"))["is_typing"] is is_typing


@covers(2597, 2616)
def test_members(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = make_group(karim)
    with realtime.client(karim) as phone:
        phone.wait("presence_snapshot")
        add_member(actor=karim, room_id=room.id, user_id=lina.id)
        work_off()
        book.like(2597, phone.wait("member_added"))
        remove_member(actor=karim, room_id=room.id, user_id=lina.id)
        work_off()
        book.like(2616, phone.wait("member_removed"))


@covers(2633)
def test_a_file(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = make_group(karim, lina)
    with realtime.client(lina) as phone:
        phone.wait("presence_snapshot")
        picture = check_upload(samples.upload("image.jpg", samples.SAMPLES["jpg"]), Purpose.CHAT_FILE)
        post_file(actor=karim, room_id=room.id, upload=picture)
        work_off()
        message = book.like(2633, phone.wait("chat_message"))["message"]
        assert message["content"] == message["file"]


@covers(2740, 2746, 2752)
def test_runtime_errors(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    room = make_group(karim, lina)
    with realtime.client(lina) as phone:
        phone.ask(type="join_room", room_id=str(room.id))
        blank = phone.ask(type="send_message", room_id=str(room.id), content="  ")
        book.like(2746, blank, exactly=True)
        phone.socket.send("{")
        book.like(2752, phone.wait(lambda frame: "error" in frame), exactly=True)
        Membership.objects.filter(room=room, user=lina).delete()
        barred = phone.ask(type="send_message", room_id=str(room.id), content="Hello")
        book.like(2740, barred, exactly=True)


@covers(2993, 3008, 3023, 3038)
def test_notifications(realtime: Realtime, book: Book, karim: User, lina: User) -> None:
    amina = make_user()
    service = booked.make_service(karim)
    bookings = [booked.make_booking(service, amina) for _ in range(2)]
    with realtime.client(karim) as owner, realtime.client(amina) as requester:
        owner.wait("presence_snapshot"), requester.wait("presence_snapshot")
        work_off("bookings", "chat")
        book.like(2993, owner.wait("new_notification"))
        accept_booking(actor=karim, booking_id=bookings[0].id)
        work_off("bookings")
        book.like(3008, requester.wait("new_notification"))
        decline_booking(actor=karim, booking_id=bookings[1].id)
        work_off("bookings")
        book.like(3023, requester.wait("new_notification"))
    room = make_group(karim, lina)
    with realtime.client(lina) as hearer, realtime.client(karim) as speaker:
        hearer.wait("presence_snapshot")
        speaker.ask(type="join_room", room_id=str(room.id))
        speaker.ask(type="send_message", room_id=str(room.id), content="Can we schedule a call?")
        work_off()
        book.like(3038, hearer.wait("new_notification"))
