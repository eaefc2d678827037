"""Reads of profiles."""

from core.accounts.models import User
from core.errors import NotFound
from core.profiles.models import Profile


def profile_of(user: User) -> Profile:
    """The account's profile; NotFound for administrators, who have none."""
    profile = Profile.objects.filter(user=user).first()
    if profile is None:
        raise NotFound
    return profile


def bio_of(user: User) -> str:
    """What login mirrors of the profile; "" without one."""
    return Profile.objects.filter(user=user).values_list("bio", flat=True).first() or ""
