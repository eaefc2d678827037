"""E20: words that were deleted meanwhile aren't told to who comes back."""

import json

from core.chat.actions.members import remove_member
from core.chat.actions.messages import delete_message, edit_message
from tests.cast import make_user
from tests.chatting import make_group, say, work_off
from tests.realtime.processes import Realtime
from tests.realtime.resuming import back, seen_and_gone


def test_words_deleted_meanwhile_are_not_told(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    work_off()
    since = seen_and_gone(realtime, lina, room)
    say(room, karim, "kept")
    gone = say(room, karim, "secret")
    work_off()
    edit_message(actor=karim, message_id=gone.id, content="still secret")
    work_off()
    delete_message(actor=karim, message_id=gone.id)
    work_off()
    with back(realtime, lina, since) as phone:
        phone.wait("presence_snapshot")
        messages = [frame["message"] for frame in phone.heard("chat_message")]
        assert [message["content"] for message in messages] == ["kept", "This message has been deleted"]
        assert [message["is_deleted"] for message in messages] == [False, True]
        assert [frame["message_id"] for frame in phone.heard("message_deleted")] == [str(gone.id)]
        assert len(phone.heard("room_list_update")) == len(phone.heard("new_notification")) == 2
        assert "secret" not in json.dumps(phone.frames)


def test_nothing_is_told_of_a_room_that_is_closed_by_now(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    left, kept = make_group(karim, lina), make_group(karim, lina)
    work_off()
    since = seen_and_gone(realtime, lina, left, kept)
    say(left, karim, "secret"), say(left, lina, "my secret"), say(kept, karim, "kept")
    work_off()
    remove_member(actor=karim, room_id=left.id, user_id=lina.id)
    work_off()
    with back(realtime, lina, since) as phone:
        phone.wait("presence_snapshot")
        assert [frame["room_id"] for frame in phone.heard("member_removed")] == [str(left.id)]
        assert [n["related_object_id"] for n in phone.heard("new_notification")] == [str(kept.id)]
        assert {frame["room_id"] for frame in phone.heard("room_list_update")} == {str(kept.id)}
        assert "secret" not in json.dumps(phone.frames)
