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
from core.demo.progress import Progress

_PACE = timedelta(minutes=11)

People = dict[str, User]


def make_rooms(people: People, progress: Progress) -> None:
    """Direct rooms and the class, with their talks; what is there already stays as it is."""
    for (one, other), said in talk.DIRECT.items():
        with progress.step(f"the talk of {one} and {other}"):
            room_id = open_direct(actor=people[one], target_id=people[other].id)
            _hold(people, room_id, said, progress)
    with progress.step(talk.GROUP):
        room = _class_room(people, progress)
        if room.deleted_at is None:
            _hold(people, room.id, talk.CLASS_TALK, progress)


def _class_room(people: People, progress: Progress) -> Room:
    """The teacher's last one, be it deleted; who has left it isn't brought back."""
    teacher = people[SOFIA]
    found = Room.objects.filter(name=talk.GROUP, creator=teacher).order_by("created_at").last()
    room = found or _new_class(teacher)
    for email in talk.GROUP_MEMBERS:
        student = people[email]
        has_had_a_place = found is not None and student.created_at < found.created_at
        if room.deleted_at or has_had_a_place or room.memberships.filter(user=student).exists():
            continue
        with progress.step(f"{email} in {talk.GROUP}"):
            add_member(actor=teacher, room_id=room.id, user_id=student.id)
    return room


def _new_class(teacher: User) -> Room:
    made = create_group(actor=teacher, name=talk.GROUP, description=talk.GROUP_ABOUT, is_private=True)
    return Room.objects.get(id=made)


def _hold(people: People, room_id: UUID, said: talk.Talk, progress: Progress) -> None:
    """Say what hasn't been said yet, everybody reading all but the end."""
    read = len(said.lines) - said.unread
    known = set(Message.objects.filter(room_id=room_id).values_list("client_message_id", flat=True))
    for number, (email, content) in enumerate(said.lines, 1):
        if (line := f"demo-{number}") in known:
            continue
        with progress.step(f"what {email} says"):
            sent = send_message(
                sender_id=people[email].id, room_id=room_id, content=content, client_message_id=line
            )
            _date(sent.message_id, said.ended + _PACE * (len(said.lines) - number))
        if number == read:
            _read(people, room_id)
    if said.picture:
        with progress.step(f"the picture of {said.picture}"):
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
