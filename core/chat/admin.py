"""Chat for administrators: what is there, and taking down what must not be."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import Kept, LookedAt
from core.chat.actions.messages import moderate_message
from core.chat.actions.rooms import close_room
from core.chat.models import Membership, Message, Room
from core.errors import DomainError

if TYPE_CHECKING:
    _Inline = admin.TabularInline[Any, Room]
    _RoomBase = admin.ModelAdmin[Room]
    _MessageBase = admin.ModelAdmin[Message]
else:
    _Inline = admin.TabularInline
    _RoomBase = _MessageBase = admin.ModelAdmin


class MembershipInline(LookedAt, _Inline):
    model = Membership
    extra = 0
    max_num = 0
    can_delete = False
    fields = readonly_fields = ("user", "joined_at", "last_seen")
    raw_id_fields = ("user",)


@admin.register(Room)
class RoomAdmin(Kept, _RoomBase):
    """Groups may be closed; a direct room is its two people's."""

    list_display = (
        "name",
        "is_dm",
        "is_private",
        "creator",
        "members_count",
        "last_seq",
        "last_message_at",
        "created_at",
        "deleted_at",
    )
    list_filter = ("is_dm", "is_private", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "name", "creator__email")
    list_select_related = ("creator",)
    ordering = ("-created_at",)
    list_per_page = 50
    show_full_result_count = False
    inlines = (MembershipInline,)
    actions = ("close",)

    def get_readonly_fields(self, request: HttpRequest, obj: Room | None = None) -> list[str]:
        return [field.name for field in Room._meta.fields]  # noqa: SLF001 - Django's own way

    @admin.action(description="Close the selected groups", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Room]) -> None:
        """As if their creators had deleted them; the members are told."""
        closed = [room for room in queryset if _close(room)]
        for room in closed:
            self.log_change(request, room, "Closed.")
        self.message_user(request, f"Closed: {len(closed)}.")


def _close(room: Room) -> bool:
    try:
        close_room(room_id=room.id)
    except DomainError:
        return False
    return True


@admin.register(Message)
class MessageAdmin(Kept, _MessageBase):
    """What was said is its sender's; it may be taken down."""

    list_display = ("id", "room", "sender", "message_type", "shown", "sent_at", "deleted_at")
    list_filter = ("message_type", ("deleted_at", admin.EmptyFieldListFilter), "sent_at")
    search_fields = ("=id", "=room__id", "sender__email")
    list_select_related = ("room", "sender")
    ordering = ("-id",)  # Ids rise with time, and have an index.
    list_per_page = 50
    show_full_result_count = False
    exclude = ("search_text",)
    actions = ("take_down",)

    def get_readonly_fields(self, request: HttpRequest, obj: Message | None = None) -> list[str]:
        return [field.name for field in Message._meta.fields]  # noqa: SLF001 - Django's own way

    @admin.display(description="content")
    def shown(self, message: Message) -> str:
        return message.content[:80]

    @admin.action(description="Take the selected messages down", permissions=["change"])
    def take_down(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """As if their senders had deleted them; the sockets in the room are told."""
        gone = [message for message in queryset if moderate_message(message_id=message.id)]
        for message in gone:
            self.log_change(request, message, "Taken down.")
        self.message_user(request, f"Taken down: {len(gone)}.")
