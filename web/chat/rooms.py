"""Group rooms and direct rooms."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router, Status

from core.chat.actions import rooms as actions
from core.chat.actions.direct import open_direct
from core.chat.actions.rooms import RoomChanges
from core.chat.errors import MayNotMessage
from core.chat.lists import room_json, rooms_json
from core.errors import Invalid
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.chat import schemas
from web.chat.gates import group_makers_only, makers_only

_COLUMNS = {"room_name": "name", "description": "description", "is_private": "is_private"}

router = Router(tags=["Chat"], auth=BearerAuth())


@router.get("group/", response=list[schemas.RoomOut])
def list_groups(request: AuthedRequest) -> HttpResponse:
    """The group rooms that one is in, the latest active first."""
    return _json(rooms_json(request.auth.user, is_dm=False))


@router.post("group/create/", response={201: schemas.RoomOut}, auth=group_makers_only())
def create_group(request: AuthedRequest, payload: Payload[schemas.RoomIn]) -> HttpResponse:
    """Make a group room, as an accountant."""
    room_id = actions.create_group(
        actor=request.auth.user,
        name=payload.room_name,
        description=payload.description,
        is_private=payload.is_private,
    )
    return _json(room_json(request.auth.user, room_id), HTTPStatus.CREATED)


@router.get("direct/me/", response=list[schemas.RoomOut])
def list_direct(request: AuthedRequest) -> HttpResponse:
    """One's direct rooms, the latest active first."""
    return _json(rooms_json(request.auth.user, is_dm=True))


@router.post("direct/", response={200: schemas.RoomOut, 403: schemas.Refusal})
def get_direct(request: AuthedRequest, payload: Payload[schemas.DirectIn]) -> HttpResponse:
    """The direct room of oneself and another, made if there is none."""
    try:
        room_id = open_direct(actor=request.auth.user, target_id=payload.target_user_id)
    except MayNotMessage as error:
        return JsonResponse({"error": error.message}, status=HTTPStatus.FORBIDDEN)
    return _json(room_json(request.auth.user, room_id))


@router.get("{room_id}/", response=schemas.RoomOut)
def get_room(request: AuthedRequest, room_id: UUID) -> HttpResponse:
    """A room that one is in."""
    return _json(room_json(request.auth.user, room_id))


@router.put("{room_id}/", response=schemas.RoomOut, auth=makers_only())
def change_room(request: AuthedRequest, room_id: UUID, payload: Payload[schemas.RoomPatch]) -> HttpResponse:
    """Change a group of one's own making; what isn't sent stays, but something has to be."""
    sent = payload.model_fields_set
    changes = {column: getattr(payload, field) for field, column in _COLUMNS.items() if field in sent}
    if not changes:
        raise Invalid.general("At least one field is required.")
    actions.change_room(actor=request.auth.user, room_id=room_id, changes=cast("RoomChanges", changes))
    return _json(room_json(request.auth.user, room_id))


@router.delete("{room_id}/", response={204: None})
def delete_room(request: AuthedRequest, room_id: UUID) -> Status[Any]:
    """Delete a group of one's own making, for all of its members."""
    actions.delete_room(actor=request.auth.user, room_id=room_id)
    return Status(204, None)


def _json(body: str, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
