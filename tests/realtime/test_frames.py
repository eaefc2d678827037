"""E18: whatever a client sends, the socket stays open and says what was wrong."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import make_user
from tests.realtime.processes import Phone, Realtime

BAD_JSON = {"error": "Invalid JSON format received"}


@pytest.fixture
def phone(realtime: Realtime) -> Any:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        yield phone


def answer(phone: Phone, raw: str | bytes) -> dict[str, Any]:
    phone.socket.send(raw)
    return phone.wait(lambda frame: "event_id" not in frame)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "hello",
        "{",
        "[]",
        '"join_room"',
        "12",
        "null",
        b"{}",
        b"\x00\xff",
        '{"type": NaN}',
        '{"type": "join_room", "room_id": Infinity}',
        '{"type": "\\ud800"}',
        "[" * 60_000,
        '{"a":' * 10_000,
        '{"type":' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_e18_not_a_json_object(phone: Phone, raw: str | bytes) -> None:
    assert answer(phone, raw) == BAD_JSON


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        ({"type": "dance"}, "dance"),
        ({"type": "websocket.disconnect"}, "websocket.disconnect"),
        ({"type": "_enter"}, "_enter"),
        ({"type": "chat_message"}, "chat_message"),
        ({}, "null"),
        ({"type": None}, "null"),
        ({"type": 5}, "5"),
        ({"type": ["join_room"]}, '["join_room"]'),
        ({"type": "x" * 500}, "x" * 64),
    ],
)
def test_e18_unknown_type(phone: Phone, frame: dict[str, Any], named: str) -> None:
    assert answer(phone, json.dumps(frame)) == {"error": f"Unknown message type: {named}"}


@pytest.mark.parametrize("kind", ["join_room", "leave_room", "typing"])
@pytest.mark.parametrize("fields", [{}, {"room_id": None}, {"room_id": ""}])
def test_room_id_is_required(phone: Phone, kind: str, fields: dict[str, Any]) -> None:
    assert phone.ask(type=kind, **fields) == {"error": "room_id is required"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("join_room", "Room not found"),
        ("leave_room", "You are not in this room"),
        ("typing", "You must join the room first"),
    ],
)
@pytest.mark.parametrize("room_id", ["nonsense", 5, True, [], {}, "\x00", "a" * 60_000])
def test_room_id_that_is_none(phone: Phone, kind: str, text: str, room_id: Any) -> None:
    assert phone.ask(type=kind, room_id=room_id) == {"error": text}


@pytest.mark.parametrize("token", [None, "", 5])
def test_authenticate_needs_a_token(phone: Phone, token: Any) -> None:
    assert phone.ask(type="authenticate", token=token) == {"error": "token is required"}


def test_d21_frame_over_64_kib_closes(realtime: Realtime) -> None:
    with realtime.client(make_user()) as phone:
        phone.socket.send("x" * 65_537)
        assert phone.close_code() == 1009


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
kinds = st.sampled_from(["join_room", "leave_room", "send_message", "typing", "authenticate"])
frames = st.fixed_dictionaries(
    {"type": kinds | values},
    optional={
        "room_id": values,
        "content": values,
        "is_typing": values,
        "token": values,
        "client_message_id": values,
    },
).map(json.dumps)


@settings(max_examples=300)
@given(
    raw=frames
    | values.map(json.dumps)
    | st.text(st.characters(codec="utf-8"), max_size=200)
    | st.binary(max_size=200)
)
def test_e18_no_frame_closes_a_socket(phone: Phone, raw: str | bytes) -> None:
    reply = answer(phone, raw)
    assert "error" in reply
    assert reply["error"] != "Something went wrong. Please try again."
