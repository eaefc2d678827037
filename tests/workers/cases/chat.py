"""Tasks of core.chat."""

from core.chat.actions.rooms import delete_room
from core.chat.models import Membership, PendingFile
from core.files import actions as files
from core.files.acceptance import check_upload
from core.files.models import Purpose
from tests.cast import make_user
from tests.chatting import make_group, say, work_off
from tests.samples import pdf, upload
from tests.workers.cases import Cases, Params


def message() -> Params:
    creator = make_user("accountant")
    return {"message_id": say(make_group(creator, make_user("academic")), creator).id}


def room() -> Params:
    return {"room_id": make_group(make_user("accountant"), make_user("academic")).id}


def deleted_room() -> Params:
    creator = make_user("accountant")
    room_id = make_group(creator, make_user("academic")).id
    delete_room(actor=creator, room_id=room_id)
    return {"room_id": room_id}


def member() -> Params:
    creator, member = make_user("accountant"), make_user("academic")
    room_id = make_group(creator, member).id
    return {"room_id": room_id, "user_id": member.id, "by_id": creator.id}


def room_with_news() -> Params:
    creator, member = make_user("accountant"), make_user("academic")
    room = make_group(creator, member)
    say(room, creator)
    work_off("chat")
    Membership.objects.filter(user=member).delete()
    return {"room_id": room.id, "user_id": member.id}


def miscounted() -> Params:
    message()
    Membership.objects.update(own_count=7)
    return {"membership_id": Membership.objects.first().id}  # type: ignore[union-attr]


def drifted() -> Params:
    miscounted()
    return {}


def refused_file() -> Params:
    sender = make_user("accountant")
    checked = check_upload(upload("a.pdf", pdf()), Purpose.CHAT_FILE)
    stored_file = files.store_upload(owner=sender, upload=checked)
    pending = PendingFile.objects.create(room=make_group(sender), sender=sender, file=stored_file)
    return {"pending_id": pending.id}


CASES: Cases = {
    "chat.announce_message": message,
    "chat.announce_edit": message,
    "chat.announce_deletion": message,
    "chat.announce_refusal": refused_file,
    "chat.announce_room": room,
    "chat.announce_room_deleted": deleted_room,
    "chat.forget_room": room_with_news,
    "chat.announce_member_added": member,
    "chat.announce_member_removed": member,
    "chat.recount": miscounted,
    "chat.check_counts": drifted,
}
