"""What follows from an answer: the operations that take the ids in it."""

from typing import Any

_SERVICE = ("get_service_details", "update_service", "update_service_by_put", "delete_service")
_BOOKING = (
    "get_booking_details", "update_booking", "update_booking_by_put",
    "accept_booking", "decline_booking", "withdraw_booking",
)  # fmt: skip
_ROOM = (
    "get_room", "update_room", "delete_room", "get_messages", "room_members", "count_room_members",
    "upload_file", "mark_room_as_read",
)  # fmt: skip
_MESSAGE = ("update_message", "delete_message")
_NOTIFICATION = ("get_notification_details", "mark_notification_as_read")

_LINKS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("create_new_service", "201"): ("service_id", "/id", _SERVICE),
    ("get_my_services", "200"): ("service_id", "/0/id", _SERVICE),
    ("browse_available_services", "200"): ("service_id", "/results/0/id", ("view_service_details",)),
    ("get_service_categories", "200"): ("category_id", "/0/id", ("get_category_details",)),
    ("create_booking", "201"): ("booking_id", "/booking_id", _BOOKING),
    ("get_my_bookings", "200"): ("booking_id", "/0/booking_id", _BOOKING),
    ("create_group_room", "201"): ("room_id", "/room_id", (*_ROOM, "add_member")),
    ("open_direct_room", "200"): ("room_id", "/room_id", _ROOM),
    ("group_chat_rooms", "200"): ("room_id", "/0/room_id", _ROOM),
    ("get_messages", "200"): ("message_id", "/results/0/message_id", _MESSAGE),
    ("upload_file", "201"): ("message_id", "/message_id", _MESSAGE),
    ("get_notifications", "200"): ("notification_id", "/results/0/notification_id", _NOTIFICATION),
    ("list_sessions", "200"): ("session_id", "/0/id", ("end_session",)),
}


# Those whose body holds an id of the answer.
_BODIES: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("get_service_categories", "200"): (
        "create_new_service",
        {
            "title": "Déclaration fiscale mensuelle",
            "description": "Déclarations mensuelles pour entreprises.",
            "categories": ["$response.body#/0/id"],
        },
    ),
    ("browse_available_services", "200"): (
        "create_booking",
        {"service": "$response.body#/results/0/id", "full_name": "Amina Benali"},
    ),
    ("available_users", "200"): ("open_direct_room", {"target_user_id": "$response.body#/results/0/pk"}),
}


def links_of(operation_id: str, status: str) -> dict[str, Any]:
    """The links of an operation's answer, by the operation that follows."""
    answer = (operation_id, status)
    found: dict[str, Any] = {}
    if answer in _LINKS:
        parameter, pointer, targets = _LINKS[answer]
        for target in targets:
            parameters = {parameter: f"$response.body#{pointer}"}
            found[target] = {"operationId": target, "parameters": parameters}
    if answer in _BODIES:
        target, body = _BODIES[answer]
        found[target] = {"operationId": target, "requestBody": body}
    return found
