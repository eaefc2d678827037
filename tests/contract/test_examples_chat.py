"""The documentation's examples of chat and notifications over REST, held against the product."""

from importlib import import_module
from typing import Any

import pytest

from tests import booked, chatting, samples
from tests.cast import Api, make_user
from tests.contract.examples import COVERED, EXAMPLES, Book, covers
from tests.contract.scene import Scene

pytestmark = pytest.mark.django_db


@covers(1854, 1892, 1924, 1934, 1964)
def test_group_rooms(api: Api, book: Book, scene: Scene) -> None:
    book.answered(1854, api.get("/chat/available_users/", user=scene.karim))
    made = api.post("/chat/chatrooms/group/create/", book.body(1924), user=scene.karim)
    room = book.answered(1934, made, 201)
    book.answered(1892, api.get("/chat/chatrooms/group/", user=scene.karim))
    path = f"/chat/chatrooms/{room['room_id']}/"
    book.answered(1934, api.get(path, user=scene.karim))
    changed = book.answered(1934, api.put(path, book.body(1964), user=scene.karim))
    assert changed.items() >= book.body(1964).items()


@covers(1984, 2016, 2024, 2708)
def test_direct_rooms(api: Api, book: Book, scene: Scene) -> None:
    def open_with(user: Any) -> Any:
        body = book.body(2016, target_user_id=str(user.id))
        return api.post("/chat/chatrooms/direct/", body, user=scene.amina)

    book.answered(2024, open_with(scene.karim))
    book.answered(2024, open_with(scene.karim))
    book.answered(1984, api.get("/chat/chatrooms/direct/me/", user=scene.amina))
    book.answered(2708, open_with(scene.lina), 403)


@covers(2056, 2064, 2078, 2223, 2251, 2716)
def test_members(api: Api, book: Book, scene: Scene) -> None:
    group = f"/chat/chatrooms/group/{scene.room.id}"
    body = book.body(2056, user_id=str(scene.newcomer.id))
    book.answered(2064, api.post(f"{group}/add_member/", body, user=scene.karim))
    client = {"user_id": str(scene.amina.id)}
    book.answered(2716, api.post(f"{group}/add_member/", client, user=scene.karim), 400)
    book.answered(2223, api.get(f"/chat/chatrooms/{scene.room.id}/members/", user=scene.karim))
    book.answered(2251, api.get(f"/chat/rooms/{scene.room.id}/members/count/", user=scene.lina))
    book.answered(2078, api.delete(f"{group}/remove_member/{scene.newcomer.id}/", user=scene.karim))


@covers(2106, 2143, 2151, 2192, 2269, 2285, 2700, 2724)
def test_messages(api: Api, book: Book, scene: Scene) -> None:
    room = f"/chat/chatrooms/{scene.room.id}"
    book.answered(2106, api.get(f"{room}/messages/", user=scene.lina))
    book.answered(2700, api.get(f"{room}/messages/", user=scene.strangers["academic"]), 403)
    message = f"/chat/chatrooms/messages/{scene.message.id}"
    book.answered(2269, api.get("/chat/unread-count/", user=scene.lina))
    book.answered(2151, api.put(f"{message}/update/", book.body(2143), user=scene.karim))
    assert api.delete(f"{message}/delete/", user=scene.karim).status_code == 204
    book.answered(2724, api.delete(f"{message}/delete/", user=scene.karim), 404)
    file = {"file": samples.upload("image.jpg", samples.SAMPLES["jpg"])}
    book.answered(2192, api.post(f"/chat/rooms/{scene.room.id}/upload_file/", file, user=scene.lina), 201)
    book.answered(2285, api.post(f"/chat/rooms/{scene.room.id}/mark-read/", user=scene.lina))


OF_EACH_TYPE = {"booking_created": 2849, "booking_accepted": 2863, "booking_declined": 2877, "message": 2891}


@covers(2789, 2905, 2923, 2941, 2951, 2971, *OF_EACH_TYPE.values())
def test_notifications(api: Api, book: Book, scene: Scene) -> None:
    other = booked.make_booking(scene.service, scene.amina)
    api.post(f"/bookings/{scene.booking.id}/accept/", user=scene.karim)
    api.post(f"/bookings/{other.id}/decline/", user=scene.karim)
    room = chatting.make_direct(scene.amina, scene.karim)
    chatting.say(room, scene.amina)
    chatting.work_off("chat", "bookings")
    seen = set()
    for user in (scene.karim, scene.amina):
        path = ""
        for told in book.answered(2789, api.get("/notifications/", user=user))["results"]:
            kind, path = told["notification_type"], f"/notifications/{told['notification_id']}/"
            book.answered(OF_EACH_TYPE[kind], api.get(path, user=user))
            book.answered(2905, api.get(path, user=make_user()), 404)
            seen.add(kind)
        book.answered(2923, api.get("/notifications/unread-count/", user=user))
        book.answered(2941, api.post(f"{path}mark-read/", user=user))
        book.answered(2951, api.post(f"{path}mark-read/", user=user))
        book.answered(2971, api.post("/notifications/mark-all-read/", user=user))
    assert seen == set(OF_EACH_TYPE)


def test_no_example_is_left_out() -> None:
    for name in ("contract.test_examples_accounts", "contract.test_examples_services"):
        import_module(f"tests.{name}")
    import_module("tests.realtime.test_examples")

    assert {int(line) for line in EXAMPLES} == COVERED
