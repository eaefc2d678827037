"""What is left of a deleted account's profile and services: nothing that can be seen."""

from collections.abc import Callable

import pytest

from core.accounts.actions.deletion import DELETED_NAME, delete_account
from core.accounts.actions.details import update_account
from core.accounts.models import User
from core.errors import InactiveAccount
from core.files.acceptance import check_upload
from core.files.deletion import unreferenced
from core.files.models import Purpose, StoredFile
from core.marketplace import actions as marketplace
from core.marketplace.models import Service
from core.profiles.actions import erase_for, update_profile
from core.profiles.models import Profile
from tests.cast import PASSWORD
from tests.samples import pdf, picture, upload
from tests.services import category, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def test_a_profile_is_emptied_and_its_files_are_let_go(accountant: User, client_user: User) -> None:
    update_profile(
        actor=accountant,
        changes={
            "bio": "Expert",
            "location": "Alger",
            "picture": check_upload(upload("a.jpg", picture()), Purpose.PROFILE_PICTURE),
            "attachments": [check_upload(upload("a.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)],
        },
    )
    erase_for(user_id=accountant.id)
    erase_for(user_id=accountant.id)
    profile = Profile.objects.get(user=accountant)
    assert (profile.bio, profile.location, profile.picture) == ("", "", None)
    assert unreferenced().count() == StoredFile.objects.count() == 2


def test_services_leave_the_market(accountant: User, client_user: User) -> None:
    make_service(accountant)
    others = make_service(client_user)
    marketplace.erase_for(user_id=accountant.id)
    assert list(Service.objects.filter(is_active=True)) == [others]


WRITES: dict[str, Callable[[User], object]] = {
    "account": lambda actor: update_account(actor=actor, full_name="Karim"),
    "profile": lambda actor: update_profile(actor=actor, changes={"bio": "Karim"}),
    "service": lambda actor: marketplace.create_service(
        actor=actor, details={"title": "Karim", "description": "x"}, categories=[category().id]
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_request_that_was_under_way_leaves_nothing(
    accountant: User, write: Callable[[User], object]
) -> None:
    delete_account(actor=accountant, password=PASSWORD, code=None)
    erase_for(user_id=accountant.id)
    with pytest.raises(InactiveAccount):
        write(accountant)
    accountant.refresh_from_db()
    assert accountant.full_name == DELETED_NAME
    assert Profile.objects.get(user=accountant).bio == ""
    assert not Service.objects.exists()
