"""Who is in which rooms, and how much of them is unread."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.chat.models import Membership, Message


def rooms_of(*user_ids: UUID) -> dict[UUID, frozenset[UUID]]:
    """For each of these people, the ids of the rooms they are in."""
    rooms: dict[UUID, set[UUID]] = {user_id: set() for user_id in user_ids}
    pairs = Membership.objects.filter(user_id__in=user_ids).values_list("user_id", "room_id")
    for user_id, room_id in pairs:
        rooms[user_id].add(room_id)
    return {user_id: frozenset(ids) for user_id, ids in rooms.items()}


def unread_in_room() -> Combinable:
    """For memberships: how many messages of others came after read_seq and aren't deleted."""
    deleted = (
        Message.objects.filter(room=OuterRef("room"), seq__gt=OuterRef("read_seq"), deleted_at__isnull=False)
        .exclude(sender=OuterRef("user"))
        .order_by()
        .values("room")
        .annotate(count=Count("*"))
        .values("count")
    )
    return F("room__last_seq") - F("read_seq") - F("own_count") - Coalesce(Subquery(deleted), 0)


def unread_count(user_id: UUID) -> int:
    """How many messages are unread over all of a person's rooms, however many there are."""
    behind = with_news(Membership.objects.filter(user_id=user_id))
    unread: int = behind.aggregate(unread=Coalesce(Sum(unread_in_room()), 0))["unread"]
    return unread


def unread_counts(user_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The same for several people; who has none may be missing."""
    behind = with_news(Membership.objects.filter(user_id__in=user_ids))
    return dict(
        behind.values("user_id").annotate(unread=Sum(unread_in_room())).values_list("user_id", "unread")
    )


def with_news(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of the memberships whose rooms have messages of others after read_seq."""
    return memberships.filter(room__last_seq__gt=F("read_seq") + F("own_count"))
