"""Whom one may message, and who is in a room."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from core.chat import lists
from core.chat.access import access_room
from core.chat.actions import members as actions
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.chat import schemas
from web.chat.gates import makers_only
from web.paging import Page, json_page, links, page_number
from web.users import UserCard

router = Router(tags=["Chat"], auth=BearerAuth())


@router.get("available_users/", response=Page[UserCard])
def list_available_users(request: AuthedRequest, query: Query[schemas.Search]) -> HttpResponse:
    """Those whom one may message, by name; found by name or email."""
    number = page_number(request)
    page = lists.people_to_message(request.auth.user, search=query.search, page=number)
    return json_page(links(request, number, page.count), page.results)


@router.get("chatrooms/{room_id}/members/", response=Page[UserCard])
def list_members(request: AuthedRequest, room_id: UUID, query: Query[schemas.Search]) -> HttpResponse:
    """Who is in a room that one is in, by name."""
    number = page_number(request)
    page = lists.members_of(request.auth.user, room_id, search=query.search, page=number)
    return json_page(links(request, number, page.count), page.results)


@router.get("rooms/{room_id}/members/count/", response=schemas.MembersCount)
def count_members(request: AuthedRequest, room_id: UUID) -> dict[str, int]:
    """How many are in a room that one is in."""
    return {"members_count": access_room(request.auth.user.id, room_id).members_count}


@router.post("chatrooms/group/{room_id}/add_member/", response=str, auth=makers_only())
def add_member(request: AuthedRequest, room_id: UUID, payload: Payload[schemas.MemberIn]) -> str:
    """Let somebody into a group of one's own making."""
    actions.add_member(actor=request.auth.user, room_id=room_id, user_id=payload.user_id)
    return "User added successfully"


@router.delete("chatrooms/group/{room_id}/remove_member/{user_id}/", response=schemas.RoomCounts)
def remove_member(request: AuthedRequest, room_id: UUID, user_id: UUID) -> dict[str, object]:
    """Take somebody out of a group of one's own making."""
    room = actions.remove_member(actor=request.auth.user, room_id=room_id, user_id=user_id)
    return {
        "room_id": room.id,
        "room_name": room.name,
        "members_count": room.members_count,
        "message_count": room.last_seq,
    }
