"""What is left of a deleted account's profile and services: nothing that can be seen."""

import pytest

from core.accounts.models import User
from core.files.acceptance import check_upload
from core.files.deletion import unreferenced
from core.files.models import Purpose, StoredFile
from core.marketplace import actions as marketplace
from core.marketplace.models import Service
from core.profiles.actions import erase_for, update_profile
from core.profiles.models import Profile
from tests.samples import pdf, picture, upload
from tests.services import make_service

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
