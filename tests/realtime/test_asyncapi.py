"""The document of the socket's protocol is that of the code, and is served."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator

from core.realtime.events import Event
from realtime.asyncapi import REPLIES, document
from realtime.frames import CLIENT_FRAMES, ClientFrame, read_frame
from tests.cast import make_user
from tests.chatting import make_group
from tests.realtime.processes import Realtime
from tests.realtime.test_chat import joined, send


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return document()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere(whole: dict[str, Any]) -> None:
    found = set(references(whole))
    assert len(found) > 60
    for reference in found:
        node: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def test_it_has_every_frame_and_event(whole: dict[str, Any]) -> None:
    received = {name for name in whole["operations"] if name.startswith("receive_")}
    assert received == {f"receive_{kind}" for kind in CLIENT_FRAMES}
    assert set(REPLIES) == set(CLIENT_FRAMES.values())
    sent = {each["name"] for each in whole["components"]["messages"].values()}
    assert sent >= {
        *("chat_message", "user_status_changed", "typing_indicator", "room_list_update"),
        *("member_added", "member_removed", "new_notification", "message_edited", "message_deleted"),
        *("file_rejected", "file_processed", "room_deleted", "unread_update"),
        *("room_joined", "room_left", "message_sent", "authenticated"),
        *("presence_snapshot", "token_expiring", "resync_required", "error"),
    }
    for event in Event.__subclasses__():
        schema = whole["components"]["schemas"][event.__name__]
        assert schema["required"][:2] == ["type", "event_id"]
    summaries = [each["summary"] for each in whole["components"]["messages"].values()]
    assert all(summaries)


@pytest.mark.parametrize("frame", CLIENT_FRAMES.values(), ids=CLIENT_FRAMES)
def test_a_frame_s_example_is_one(whole: dict[str, Any], frame: type[ClientFrame]) -> None:
    (example,) = whole["components"]["messages"][frame.__name__]["examples"]
    assert read_frame(json.dumps(example["payload"])).type == example["payload"]["type"]  # type: ignore[attr-defined]
    assert set(frame.errors()) >= set(frame.missing.values())


def test_every_example_is_of_its_schema(whole: dict[str, Any]) -> None:
    for message in whole["components"]["messages"].values():
        (example,) = message["examples"]
        assert_fits(whole, message["payload"], example["payload"])
        schema = {**message["payload"], "components": whole["components"]}
        assert not list(OAS31Validator(schema).iter_errors(example["payload"])), message["name"]


def test_what_is_really_sent_is_what_it_says(realtime: Realtime, whole: dict[str, Any]) -> None:
    """By keys: its name says which message a frame is."""
    karim = make_user("accountant")
    room = make_group(karim)
    with realtime.client(karim) as phone:
        joined(phone, room.id)
        send(phone, room.id, client_message_id="1")
        send(phone, uuid4())
        phone.wait("chat_message"), phone.wait("room_list_update")
        frames = list(phone.frames)
    assert len({frame.get("type") for frame in frames}) >= 6
    by_name = {each["name"]: each["payload"] for each in whole["components"]["messages"].values()}
    for frame in frames:
        name = frame.get("type", "error")
        assert_fits(whole, by_name[name], frame)


def assert_fits(whole: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        assert set(schema.get("required", [])) <= set(value) <= set(schema["properties"])
        for name, item in value.items():
            assert_fits(whole, schema["properties"][name], item)
    elif schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo == UTC
    elif "const" in schema:
        assert value == schema["const"]


def test_it_is_served_and_can_be_read(whole: dict[str, Any]) -> None:
    client = Client()
    answer = client.get("/asyncapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert json.loads(answer.content) == whole
    page = client.get("/asyncapi/")
    assert page.status_code == 200
    text = page.content.decode()
    for named in whole["components"]["messages"].values():
        assert f"<code>{named['name']}</code>" in text
    assert "message.sender.full_name" in text
    refused = client.post("/asyncapi/")
    assert (refused.status_code, refused.json()) == (405, {"detail": 'Method "POST" not allowed.'})
