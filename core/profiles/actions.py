"""The writes of profiles."""

from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.actions.details import update_account
from core.accounts.locks import lock_account
from core.accounts.models import User
from core.errors import NotFound
from core.files.acceptance import CheckedUpload
from core.files.actions import attach_files, store_upload
from core.files.models import StoredFile
from core.profiles.models import Profile, ProfileAttachment


class ProfileChanges(TypedDict, total=False):
    """What is to change; what is left out stays. attachments replace all there are."""

    phone: str
    location: str
    bio: str
    activity_type: str
    picture: CheckedUpload | None
    attachments: list[CheckedUpload]


def update_profile(*, actor: User, changes: ProfileChanges) -> None:
    """Change one's own profile; the phone is the account's too.

    NotFound for administrators, InactiveAccount for who was deleted meanwhile.
    """
    if not Profile.objects.filter(user=actor).exists():
        raise NotFound
    picture = changes.get("picture")
    new_picture = store_upload(owner=actor, upload=picture) if picture else None
    sent = changes.get("attachments", [])
    new_files = [store_upload(owner=actor, upload=upload) for upload in sent]
    with transaction.atomic():
        lock_account(actor)
        profile = Profile.objects.select_for_update(no_key=True).get(user=actor)
        if "phone" in changes:
            update_account(actor=actor, phone=changes["phone"])
        profile.location = changes.get("location", profile.location)
        profile.bio = changes.get("bio", profile.bio)
        profile.activity_type = changes.get("activity_type", profile.activity_type)
        if "picture" in changes:
            _set_picture(profile, new_picture)
        if "attachments" in changes:
            _set_attachments(profile, new_files)
        profile.save()


def _set_picture(profile: Profile, picture: StoredFile | None) -> None:
    """The new one takes the place of the one shown once it is ready; None removes both."""
    profile.sent_picture = picture
    if picture is None:
        profile.picture = None
    else:
        attach_files([picture])


def _set_attachments(profile: Profile, files: list[StoredFile]) -> None:
    profile.attachments.all().delete()
    ProfileAttachment.objects.bulk_create(
        ProfileAttachment(profile=profile, file=file, position=position)
        for position, file in enumerate(files)
    )
    attach_files(files)


def show_picture(*, stored_file: StoredFile) -> None:
    """Show a picture that is ready now, unless another was sent since."""
    changes = {"picture": stored_file, "sent_picture": None, "updated_at": timezone.now()}
    Profile.objects.filter(sent_picture=stored_file).update(**changes)


@transaction.atomic
def erase_for(*, user_id: UUID) -> None:
    """Empty the profile of a deleted account; its files go once nothing refers to them."""
    profile = Profile.objects.select_for_update(no_key=True).filter(user_id=user_id).first()
    if profile is None:
        return
    profile.attachments.all().delete()
    profile.picture = profile.sent_picture = None
    profile.location = profile.bio = profile.activity_type = ""
    profile.save()
