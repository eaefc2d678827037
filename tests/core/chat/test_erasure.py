"""What stays in chat of a deleted account: A22."""

import pytest

from core.accounts.actions.deletion import delete_account
from core.accounts.models import User
from core.chat.actions.erasure import erase_for
from core.chat.models import Membership, Message, Room
from core.jobs.models import Job
from tests.cast import PASSWORD
from tests.chatting import make_direct, make_group, say

pytestmark = pytest.mark.django_db


def test_messages_stay_as_deleted_user_s(accountant: User, academic: User) -> None:
    group, direct = make_group(accountant, academic), make_direct(academic, accountant)
    say(group, academic, "in the group"), say(direct, academic, "in private")
    delete_account(actor=academic, password=PASSWORD, code=None)
    for _ in range(2):
        erase_for(user_id=academic.id)
    group.refresh_from_db()
    assert group.members_count == 1
    assert not Membership.objects.filter(room=group, user=academic).exists()
    assert {(m.content, m.sender.full_name) for m in Message.objects.select_related("sender")} == {
        ("in the group", "Deleted user"),
        ("in private", "Deleted user"),
    }
    direct.refresh_from_db()
    assert direct.description == "Direct message between Deleted user and Karim Accountant"
    assert direct.members_count == direct.memberships.count() == 2
    assert Job.objects.filter(name="chat.announce_member_removed").count() == 1


def test_a_name_that_was_taken_first_goes_as_well(accountant: User, academic: User) -> None:
    direct = make_direct(accountant, academic)
    delete_account(actor=academic, password=PASSWORD, code=None)
    erase_for(user_id=academic.id)
    assert Room.objects.get(id=direct.id).description == (
        "Direct message between Karim Accountant and Deleted user"
    )
