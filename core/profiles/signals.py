"""A profile is made with its account, in the same transaction, whoever makes it."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from core.accounts.models import User, UserType
from core.profiles.models import Profile


@receiver(post_save, sender=User)
def make_profile(instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw and instance.user_type != UserType.ADMIN:
        Profile.objects.create(user=instance)
