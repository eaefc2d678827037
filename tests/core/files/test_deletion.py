"""What nothing refers to is deleted, and nothing else, whatever dies in between."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db.models import ProtectedError
from django.utils import timezone

from core.accounts.models import User
from core.errors import Conflict
from core.files import actions, deletion
from core.files.acceptance import check_upload
from core.files.models import FileState, Purpose, StoredFile
from core.profiles.actions import update_profile
from core.profiles.models import Profile, ProfileAttachment
from tests.samples import SAMPLES, pdf, picture, upload
from tests.stores import stored_keys

pytestmark = pytest.mark.django_db


def attached(owner: User, name: str = "a.pdf", content: bytes = pdf()) -> StoredFile:
    """A ready file on the owner's profile; it replaces the one before."""
    checked = check_upload(upload(name, content), Purpose.PROFILE_ATTACHMENT)
    update_profile(actor=owner, changes={"attachments": [checked]})
    stored_file = ProfileAttachment.objects.get(profile__user=owner).file
    actions.process_file(file_id=stored_file.id)
    return stored_file


def pictured(owner: User) -> StoredFile:
    checked = check_upload(upload("a.jpg", picture()), Purpose.PROFILE_PICTURE)
    update_profile(actor=owner, changes={"picture": checked})
    stored_file = Profile.objects.get(user=owner).sent_picture
    assert stored_file is not None
    actions.process_file(file_id=stored_file.id)
    return stored_file


def unattached(owner: User) -> StoredFile:
    checked = check_upload(upload("a.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)
    return actions.store_upload(owner=owner, upload=checked)


def grow_old() -> None:
    """As if everything had happened two hours ago."""
    past = timezone.now() - timedelta(hours=2)
    StoredFile.objects.update(created_at=past)
    StoredFile.objects.exclude(attached_at=None).update(attached_at=past)


def sweep() -> tuple[int, int]:
    return deletion.condemn_unreferenced(), deletion.delete_condemned()


def test_replaced_files_go_and_referenced_ones_stay(accountant: User) -> None:
    first, old_picture = attached(accountant), pictured(accountant)
    second, new_picture = attached(accountant, "b.pdf"), pictured(accountant)
    grow_old()
    assert sweep() == (2, 2)
    assert set(StoredFile.objects.values_list("id", flat=True)) == {second.id, new_picture.id}
    kept = stored_keys()
    assert second.key in kept
    assert new_picture.thumbnail_key(128) in kept
    assert not {first.key, first.incoming_key, old_picture.key, old_picture.thumbnail_key(512)} & kept
    assert sweep() == (0, 0)


def test_never_attached_files_go_after_an_hour(accountant: User) -> None:
    stored_file = unattached(accountant)
    assert sweep() == (0, 0)
    grow_old()
    assert sweep() == (1, 1)
    assert stored_file.incoming_key not in stored_keys()


def test_what_was_attached_just_now_is_left_alone(accountant: User) -> None:
    attached(accountant)
    attached(accountant, "b.pdf")
    assert sweep() == (0, 0)


def test_a_crash_between_the_steps_leaves_the_second_to_be_done(accountant: User) -> None:
    first = attached(accountant)
    attached(accountant, "b.pdf")
    grow_old()
    assert deletion.condemn_unreferenced() == 1
    assert default_storage.exists(first.key)
    assert deletion.delete_condemned() == 1
    assert not default_storage.exists(first.key)


def test_a_crash_after_the_bytes_went_leaves_a_row_to_go_on_from(
    accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = attached(accountant)
    second = attached(accountant, "b.pdf")
    grow_old()
    deletion.condemn_unreferenced()
    with monkeypatch.context() as crash:
        crash.setattr(deletion, "_delete_bytes", _delete_and_die)
        with pytest.raises(SystemError):
            deletion.delete_condemned()
    assert not default_storage.exists(first.key)
    assert StoredFile.objects.filter(id=first.id).exists()
    assert sweep() == (0, 1)
    assert default_storage.exists(second.key)


_delete_bytes = deletion._delete_bytes


def _delete_and_die(file: StoredFile) -> None:
    _delete_bytes(file)
    raise SystemError("killed")


def test_a_condemned_file_cannot_be_attached(accountant: User) -> None:
    stored_file = unattached(accountant)
    grow_old()
    deletion.condemn_unreferenced()
    with pytest.raises(Conflict):
        actions.attach_files([stored_file])


def test_a_condemned_file_that_is_referred_to_all_the_same_is_kept(accountant: User) -> None:
    stored_file = attached(accountant)
    StoredFile.objects.update(condemned_at=timezone.now())
    assert deletion.delete_condemned() == 0
    assert default_storage.exists(stored_file.key)


def test_a_referenced_row_cannot_be_deleted_by_anybody(accountant: User) -> None:
    stored_file = attached(accountant)
    with pytest.raises(ProtectedError):
        stored_file.delete()


@pytest.mark.parametrize("content", [pdf(), b"%PDF-damaged"])
def test_what_was_sent_goes_once_it_is_settled(accountant: User, content: bytes) -> None:
    stored_file = attached(accountant, content=content)
    assert default_storage.exists(stored_file.incoming_key)
    assert deletion.delete_incoming() == 1
    assert not default_storage.exists(stored_file.incoming_key)
    assert deletion.delete_incoming() == 0


def test_what_is_pending_keeps_what_was_sent(accountant: User) -> None:
    stored_file = unattached(accountant)
    assert deletion.delete_incoming() == 0
    assert default_storage.exists(stored_file.incoming_key)


def test_a_file_no_worker_could_process_is_rejected_after_a_day(accountant: User) -> None:
    checked = check_upload(upload("a.txt", SAMPLES["txt"]), Purpose.PROFILE_ATTACHMENT)
    update_profile(actor=accountant, changes={"attachments": [checked]})
    assert deletion.reject_stuck() == 0
    StoredFile.objects.update(attached_at=timezone.now() - timedelta(days=2))
    assert deletion.reject_stuck() == 1
    assert StoredFile.objects.get().state == FileState.REJECTED
