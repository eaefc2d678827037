"""The way of a message through the whole product: edge, socket, database, worker, socket."""

from collections.abc import Iterator

import pytest

from tests.e2e.harness import Product
from tests.e2e.people import Person, Socket
from tests.local.running import until
from tests.samples import picture


@pytest.fixture(scope="module")
def people(product: Product) -> Iterator[tuple[Person, Person]]:
    """An accountant and an academic."""
    with Person(product, "accountant").join() as one, Person(product, "academic").join() as other:
        yield one, other


def in_room(socket: Socket, room_id: str) -> Socket:
    socket.wait("presence_snapshot")
    socket.send({"type": "join_room", "room_id": room_id})
    assert socket.wait("room_joined")["room_id"] == room_id
    return socket


def make_group(creator: Person, member: Person) -> str:
    room = creator.post("/chat/chatrooms/group/create/", {"room_name": "Tax"}).json()
    path = f"/chat/chatrooms/group/{room['room_id']}/add_member/"
    assert creator.post(path, {"user_id": member.id}).json() == "User added successfully"
    return str(room["room_id"])


def test_a_message_reaches_sockets_notifications_and_counts(people: tuple[Person, Person]) -> None:
    creator, member = people
    room_id = make_group(creator, member)
    with creator.socket() as phone, member.socket() as other:
        in_room(phone, room_id), in_room(other, room_id)
        phone.send({"type": "send_message", "room_id": room_id, "content": "Bonjour"})
        sent = phone.wait("message_sent")
        assert sent["status"] == "delivered"
        assert other.wait("chat_message")["message"]["message_id"] == sent["message_id"]
        assert other.wait("room_list_update")["has_unread"] is True
        assert other.wait("new_notification")["related_object_id"] == room_id
    assert member.get("/chat/unread-count/").json() == {"unread_count": 1}
    (message,) = member.get(f"/chat/chatrooms/{room_id}/messages/").json()["results"]
    assert message["content"] == "Bonjour"
    assert member.post(f"/chat/rooms/{room_id}/mark-read/", {}).status_code == 200
    assert member.get("/chat/unread-count/").json() == {"unread_count": 0}
    until(lambda: member.get("/notifications/unread-count/").json()["unread_count"] == 0)


def test_a_file_reaches_every_member_once_it_can_be_had(people: tuple[Person, Person]) -> None:
    creator, member = people
    room_id = make_group(creator, member)
    with member.socket() as other:
        other.wait("presence_snapshot")
        sent = creator.http.post(
            f"/chat/rooms/{room_id}/upload_file/",
            files={"file": ("facture.png", picture("PNG"))},
            headers={"Authorization": f"Bearer {creator.access}"},
        )
        assert sent.status_code == 201
        message = other.wait("chat_message")["message"]
        assert message["message_id"] == sent.json()["message_id"]
        assert member.http.get(message["file"]).status_code == 200
        assert member.http.get(message["thumbnail"]).headers["Content-Type"] == "image/webp"


def test_a_removed_member_is_out_at_once(people: tuple[Person, Person]) -> None:
    creator, member = people
    room_id = make_group(creator, member)
    with member.socket() as other:
        in_room(other, room_id)
        path = f"/chat/chatrooms/group/{room_id}/remove_member/{member.id}/"
        gone = creator.http.delete(path, headers={"Authorization": f"Bearer {creator.access}"})
        assert (gone.status_code, gone.json()["members_count"]) == (200, 1)
        other.send({"type": "send_message", "room_id": room_id, "content": "still here?"})
        assert other.wait("error") == {"error": "Unauthorized to send messages."}
        assert other.wait("member_removed")["user_id"] == member.id


def test_the_socket_is_documented(product: Product, people: tuple[Person, Person]) -> None:
    person, _ = people
    assert person.http.get("/asyncapi.json").json()["asyncapi"] == "3.0.0"
    assert "send_message" in person.http.get("/asyncapi/").text
