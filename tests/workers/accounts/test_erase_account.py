"""The job that finishes a deletion: decision A22."""

import pytest

from core.accounts.models import Session, User
from core.chat.actions import erasure
from core.chat.actions.announce import announce_message
from core.jobs.models import Job
from core.marketplace.models import Service
from core.notifications.models import Notification
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.chatting import make_group, say, work_off
from tests.services import make_service
from workers.accounts import erase_account

pytestmark = pytest.mark.django_db


def with_profile(user: User) -> User:
    user.profile.location = "Alger"
    user.profile.bio = "Twenty years of tax law."
    user.profile.save()
    make_service(user)
    return user


def delete(api: Api, user: User) -> None:
    """The request, and nothing of the job."""
    assert api.delete("/auth/user/", {"password": PASSWORD}, user=user).status_code == 204
    job = Job.objects.get(name="accounts.erase_account")
    assert job.params == {"user_id": str(user.id)}


def test_a22_services_are_off_the_market_before_the_job(api: Api, accountant: User) -> None:
    with_profile(accountant)
    delete(api, accountant)
    assert not Service.objects.get().is_listed


def test_a22_the_job_empties_what_other_parts_keep(api: Api, accountant: User) -> None:
    with_profile(accountant)
    delete(api, accountant)
    erase_account(user_id=accountant.id)
    profile = User.objects.get(id=accountant.id).profile
    assert (profile.location, profile.bio, profile.activity_type) == ("", "", "")
    assert profile.picture is None
    assert not Service.objects.get().is_active


def test_a22_the_job_may_stop_half_way_and_run_again(
    api: Api, accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_profile(accountant)
    delete(api, accountant)

    def stop(**_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as broken:
        broken.setattr("workers.accounts.profiles.erase_for", stop)
        with pytest.raises(InterruptedError):
            erase_account(user_id=accountant.id)
    for _ in range(2):
        erase_account(user_id=accountant.id)
    assert User.objects.get(id=accountant.id).profile.bio == ""
    assert not Service.objects.get().is_active


def test_a22_the_job_goes_on_in_another_until_no_name_is_left(
    api: Api, accountant: User, academic: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group(accountant, academic, make_user("academic"), make_user("academic"))
    announce_message(message_id=say(group, accountant).id)
    delete(api, accountant)
    monkeypatch.setattr(erasure, "_MOST_PEOPLE", 2)
    work_off("accounts")
    assert Job.objects.filter(name="accounts.erase_account", state="done").count() == 2
    titles = Notification.objects.values_list("title", flat=True)
    assert list(titles) == ["New message from Deleted user"] * 3


def test_a22_the_job_leaves_living_and_unknown_accounts_alone(accountant: User) -> None:
    with_profile(accountant)
    tokens_of(accountant)
    erase_account(user_id=accountant.id)
    unsaved = User(email="gone@example.com")
    erase_account(user_id=unsaved.id)
    accountant.refresh_from_db()
    assert accountant.profile.bio == "Twenty years of tax law."
    assert Service.objects.get().is_active
    assert Session.objects.filter(user=accountant).exists()


def test_a22_others_keep_theirs(api: Api, accountant: User) -> None:
    other = with_profile(make_user("accountant"))
    delete(api, accountant)
    erase_account(user_id=accountant.id)
    assert User.objects.get(id=other.id).profile.bio == "Twenty years of tax law."
    assert Service.objects.get().is_listed
