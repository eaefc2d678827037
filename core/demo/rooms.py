"""The demo's rooms, and what was said there."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from core.accounts.models import User
from core.chat.actions.direct import open_direct
from core.chat.actions.files import post_file
from core.chat.actions.members import add_member
from core.chat.actions.reading import mark_read
from core.chat.actions.rooms import create_group
from core.chat.actions.send import send_message
from core.chat.models import Membership, Message, PendingFile, Room
from core.demo import picture, talk
from core.demo.cast import SOFIA

_PACE = timedelta(minutes=11)

People = dict[str, User]


def make_rooms(people: People) -> None:
    """Direct rooms and the class, with their talks; what is there already stays as it is."""
    for (one, other), said in talk.DIRECT.items():
        _hold(people, open_direct(actor=people[one], target_id=people[other].id), said)
    _hold(people, _class_room(people), talk.CLASS_TALK)


def _class_room(people: People) -> UUID:
    teacher = people[SOFIA]
    found = Room.objects.filter(name=talk.GROUP, creator=teacher, deleted_at=None).first()
    room_id = found.id if found else _new_class(teacher)
    for student in (people[email] for email in talk.GROUP_MEMBERS):
        if not Membership.objects.filter(room_id=room_id, user=student).exists():
            add_member(actor=teacher, room_id=room_id, user_id=student.id)
    return room_id


def _new_class(teacher: User) -> UUID:
    return create_group(actor=teacher, name=talk.GROUP, description=talk.GROUP_ABOUT, is_private=True)


def _hold(people: People, room_id: UUID, said: talk.Talk) -> None:
    """Say all of it, everybody reading all but the end; a second time it is known already."""
    read = len(said.lines) - said.unread
    for number, (email, content) in enumerate(said.lines, 1):
        sent = send_message(
            sender_id=people[email].id,
            room_id=room_id,
            content=content,
            client_message_id=f"demo-{number}",
        )
        if sent.post is None:
            continue
        _date(sent.message_id, said.ended + _PACE * (len(said.lines) - number))
        if number == read:
            _read(people, room_id)
    if said.picture:
        _show_chart(people[said.picture], room_id)


def _date(message_id: UUID, age: timedelta) -> None:
    """As if it had been said then: a talk of one second would look like none."""
    sent_at = timezone.now() - age
    Message.objects.filter(id=message_id).update(sent_at=sent_at)
    Room.objects.filter(messages__id=message_id).update(last_message_at=sent_at)


def _read(people: People, room_id: UUID) -> None:
    for membership in Membership.objects.filter(room_id=room_id, user__in=people.values()):
        mark_read(actor=membership.user, room_id=room_id)


def _show_chart(sender: User, room_id: UUID) -> None:
    """Its message follows once a worker has processed it."""
    pending = PendingFile.objects.filter(room_id=room_id, sender=sender, file__original_name=picture.NAME)
    shown = Message.objects.filter(room_id=room_id, sender=sender, file__original_name=picture.NAME)
    if not pending.exists() and not shown.exists():
        post_file(actor=sender, room_id=room_id, upload=picture.chart())
