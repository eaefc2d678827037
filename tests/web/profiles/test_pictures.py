"""A picture stays until the next one is ready."""

from typing import Any

import pytest

from core.accounts.models import User
from core.files import actions
from core.files.deletion import unreferenced
from core.files.models import StoredFile
from tests.cast import Api
from tests.samples import picture, upload

PATH = "/profiles/me/"
TORN = picture(size=(800, 600))[:4000]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def send(api: Api, user: User, name: str, content: bytes | None = None) -> StoredFile:
    sent = upload(name, picture() if content is None else content)
    assert api.patch(PATH, {"profile_picture": sent}, user=user).status_code == 200
    return StoredFile.objects.get(original_name=name)


def process(stored_file: StoredFile) -> None:
    actions.process_file(file_id=stored_file.id)


def shown(api: Api, user: User, viewer: User | None = None) -> tuple[Any, str | None, str]:
    """The id in the picture's address, its state and reason."""
    path = PATH if viewer is None else f"/profiles/{user.id}/"
    profile = api.get(path, user=viewer or user).json()
    address = profile["profile_picture"]
    name = address and address.partition("?")[0].rpartition("/")[2].partition(".")[0]
    return name, profile["profile_picture_state"], profile["profile_picture_reason"]


def test_the_first_one_has_its_address_at_once(api: Api, accountant: User) -> None:
    first = send(api, accountant, "a.jpg")
    assert shown(api, accountant) == (first.id.hex, "pending", "")
    process(first)
    assert shown(api, accountant) == (first.id.hex, "ready", "")


def test_the_next_one_takes_its_place_once_it_is_ready(api: Api, accountant: User, stranger: User) -> None:
    first = send(api, accountant, "a.jpg")
    process(first)
    second = send(api, accountant, "b.jpg")
    assert shown(api, accountant) == (first.id.hex, "pending", "")
    assert not unreferenced().exists()
    process(second)
    for viewer in (None, stranger):
        assert shown(api, accountant, viewer) == (second.id.hex, "ready", "")
    assert list(unreferenced()) == [first]


def test_a_rejected_one_leaves_the_old_one_in_place(api: Api, accountant: User, stranger: User) -> None:
    first = send(api, accountant, "a.jpg")
    process(first)
    process(send(api, accountant, "torn.jpg", TORN))
    reason = "The image is damaged and can't be read."
    assert shown(api, accountant) == (first.id.hex, "rejected", reason)
    assert shown(api, accountant, stranger) == (first.id.hex, "ready", "")
    third = send(api, accountant, "c.jpg")
    process(third)
    assert shown(api, accountant) == (third.id.hex, "ready", "")


def test_a_rejected_first_one_is_its_owners_alone(api: Api, accountant: User, stranger: User) -> None:
    process(send(api, accountant, "torn.jpg", TORN))
    assert shown(api, accountant)[:2] == (None, "rejected")
    assert shown(api, accountant, stranger) == (None, None, "")


def test_of_two_that_wait_the_later_is_shown(api: Api, accountant: User) -> None:
    first, second = send(api, accountant, "a.jpg"), send(api, accountant, "b.jpg")
    process(second)
    process(first)
    assert shown(api, accountant) == (second.id.hex, "ready", "")
    assert list(unreferenced()) == [first]


def test_removing_removes_both(api: Api, accountant: User) -> None:
    process(send(api, accountant, "a.jpg"))
    send(api, accountant, "b.jpg")
    api.patch(PATH, {"profile_picture": None}, user=accountant)
    assert shown(api, accountant) == (None, None, "")
    assert unreferenced().count() == 2
