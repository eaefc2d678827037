"""Rooms and messages of the tests, made by the actions that the API calls."""

from core.accounts.models import User
from core.chat.actions.direct import open_direct
from core.chat.actions.members import add_member
from core.chat.actions.rooms import create_group
from core.chat.actions.send import send_message
from core.chat.models import Message, Room
from core.jobs import outbox
from workers import accounts as _register_accounts  # noqa: F401
from workers import chat as _register_chat  # noqa: F401
from workers import files as _register_files  # noqa: F401
from workers import unread as _register_unread  # noqa: F401
from workers.task import RUNS


def make_group(creator: User, *members: User, name: str = "Tax Discussion") -> Room:
    """A group of the creator's, with these members."""
    room_id = create_group(actor=creator, name=name, description="About taxes", is_private=False)
    for member in members:
        add_member(actor=creator, room_id=room_id, user_id=member.id)
    return Room.objects.get(id=room_id)


def make_direct(first: User, second: User) -> Room:
    """The direct room of two, opened by the first."""
    return Room.objects.get(id=open_direct(actor=first, target_id=second.id))


def say(room: Room, sender: User, content: str = "Hello everyone!", **more: str) -> Message:
    """A message of a member's."""
    sent = send_message(sender_id=sender.id, room_id=room.id, content=content, **more)
    return Message.objects.get(id=sent.message_id)


def work_off(*domains: str) -> list[tuple[str, str]]:
    """Carry out the due jobs of chat and files, as relay and workers do; names and outcomes."""
    done: list[tuple[str, str]] = []
    wanted = domains or ("chat", "files", "unread")
    while jobs := [job for job in outbox.claim_due() if job.name.partition(".")[0] in wanted]:
        done += [(job.name, RUNS[job.name].deliver(job.id).value) for job in jobs]
    return done
