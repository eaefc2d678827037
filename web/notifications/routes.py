"""What one was told, and how much of it is unread."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from core.notifications.actions import reading
from core.notifications.models import Notification
from core.notifications.queries import access_notification, notifications_page, unread_count
from web.auth import AuthedRequest, BearerAuth
from web.notifications import schemas
from web.paging import Page, PageQuery, json_page, links, page_number

router = Router(tags=["Notifications"], auth=BearerAuth())
_MARKED = "Notification marked as read successfully"
_MARKED_BEFORE = "Notification was already marked as read"


@router.get("", response=Page[schemas.NotificationOut], operation_id="list_notifications")
@router.get("list/", response=Page[schemas.NotificationOut], operation_id="list_notifications_too")
def list_own(request: AuthedRequest, query: Query[PageQuery]) -> HttpResponse:
    """One's own notifications, the newest first."""
    number = page_number(request)
    page = notifications_page(request.auth.user, number)
    return json_page(links(request, number, page.count), page.results)


@router.get("unread-count/", response=schemas.UnreadOut)
def count_unread(request: AuthedRequest) -> dict[str, int]:
    """How many of one's notifications are unread."""
    return {"unread_count": unread_count(request.auth.user.id)}


@router.post("mark-all-read/", response=schemas.AllMarkedOut)
def mark_all(request: AuthedRequest) -> dict[str, object]:
    """Mark every notification of one's own as read."""
    marked, unread = reading.mark_all_read(actor=request.auth.user)
    message = f"{marked} notification marked as read"
    return {"message": message, "marked_count": marked, "unread_count": unread}


@router.get("{notification_id}/", response=schemas.NotificationOut)
def get_notification(request: AuthedRequest, notification_id: UUID) -> Notification:
    """One notification of one's own."""
    return access_notification(actor=request.auth.user, notification_id=notification_id)


@router.post("{notification_id}/mark-read/", response=schemas.MarkedOut)
def mark_one(request: AuthedRequest, notification_id: UUID) -> dict[str, object]:
    """Mark one notification of one's own as read."""
    was_unread = reading.mark_read(actor=request.auth.user, notification_id=notification_id)
    message = _MARKED if was_unread else _MARKED_BEFORE
    return {"notification_id": notification_id, "message": message}
