"""A profile is made with its account, and shows a picture once it is ready, in the same transactions."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from core.accounts.models import User, UserType
from core.files.models import FileState, Purpose, StoredFile
from core.files.signals import file_settled
from core.profiles.actions import show_picture
from core.profiles.models import Profile


@receiver(post_save, sender=User)
def make_profile(instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw and instance.user_type != UserType.ADMIN:
        Profile.objects.create(user=instance)


@receiver(file_settled, sender=StoredFile)
def show_ready_picture(stored_file: StoredFile, **_: Any) -> None:
    if stored_file.purpose == Purpose.PROFILE_PICTURE and stored_file.state == FileState.READY:
        show_picture(stored_file=stored_file)
