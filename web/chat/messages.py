"""What was said in rooms, and how much of it is unread."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from core.chat.actions import messages as actions
from core.chat.actions.files import post_file
from core.chat.actions.reading import mark_read
from core.chat.history import history
from core.chat.models import Message
from core.chat.queries import unread_count
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.chat import schemas
from web.chat.gates import members_only, senders_only
from web.paging import Page, json_page, link, links, page_number

router = Router(tags=["Chat"], auth=BearerAuth())


@router.get("chatrooms/{room_id}/messages/", response=Page[schemas.MessageOut])
def list_messages(request: AuthedRequest, room_id: UUID, query: Query[schemas.HistoryQuery]) -> HttpResponse:
    """What was said in a room, the newest first: by pages, or before a message."""
    number = 1 if query.before else page_number(request)
    page = history(request.auth.user, room_id, search=query.search, page=number, before=query.before)
    if query.before is None:
        return json_page(links(request, number, page.count), page.results)
    following = link(request, before=page.last_id, page=1) if page.last_id else None
    return json_page({"count": page.count, "next": following, "previous": None}, page.results)


@router.put("chatrooms/messages/{message_id}/update/", response=schemas.EditedOut, auth=senders_only())
def edit_message(request: AuthedRequest, message_id: UUID, payload: Payload[schemas.ContentIn]) -> Message:
    """Say something else instead."""
    return actions.edit_message(actor=request.auth.user, message_id=message_id, content=payload.content)


@router.delete("chatrooms/messages/{message_id}/delete/", response={204: None})
def delete_message(request: AuthedRequest, message_id: UUID) -> Status[Any]:
    """Take back what one said."""
    actions.delete_message(actor=request.auth.user, message_id=message_id)
    return Status(204, None)


@router.post("rooms/{room_id}/upload_file/", response={201: schemas.FileOut}, auth=members_only())
def upload_file(request: AuthedRequest, room_id: UUID, payload: Payload[schemas.FileIn]) -> Status[Any]:
    """Send a file to a room; its message follows once the file is processed."""
    posted = post_file(actor=request.auth.user, room_id=room_id, upload=payload.file)
    return Status(201, {"file_url": posted.file_url, "message_id": posted.message_id})


@router.get("unread-count/", response=schemas.UnreadOut)
def count_unread(request: AuthedRequest) -> dict[str, int]:
    """How many messages are unread, over all of one's rooms."""
    return {"unread_count": unread_count(request.auth.user.id)}


@router.post("rooms/{room_id}/mark-read/", response=schemas.SeenOut)
def mark_room_read(request: AuthedRequest, room_id: UUID) -> dict[str, str]:
    """Everything in a room is read, and so are its notifications."""
    mark_read(actor=request.auth.user, room_id=room_id)
    return {"message": "Last seen updated successfully"}
