"""Bodies of the notification endpoints."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from web.schema import Schema, Timestamp


class NotificationOut(Schema):
    notification_id: UUID = Field(alias="id")
    notification_type: Literal["booking_created", "booking_accepted", "booking_declined", "message"]
    title: str
    message: str
    is_read: bool
    related_object_id: UUID
    created_at: Timestamp


class UnreadOut(Schema):
    unread_count: int


class MarkedOut(Schema):
    notification_id: UUID
    is_read: Literal[True] = True
    message: str


class AllMarkedOut(Schema):
    message: str
    marked_count: int
    unread_count: int
