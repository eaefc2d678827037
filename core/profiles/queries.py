"""Reads of profiles."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from core.accounts.models import AccountStatus, User, UserType
from core.errors import NotFound
from core.files.models import FileState, StoredFile
from core.profiles.models import Profile, ProfileAttachment


def profile_of(user: User) -> Profile:
    """One's own profile with its files; NotFound for administrators, who have none."""
    return _found(_with_files().filter(user=user))


def require_profile(user: User) -> None:
    """NotFound for administrators, who have no profile."""
    if user.user_type == UserType.ADMIN:
        raise NotFound


def access_profile(*, user_id: UUID) -> Profile:
    """The profile of an active account, for anybody; its files but the rejected ones."""
    return _found(
        _with_files(exclude=FileState.REJECTED).filter(
            user_id=user_id, user__account_status=AccountStatus.ACTIVE
        )
    )


def bio_and_picture_of(user: User) -> tuple[str, StoredFile | None]:
    """What login mirrors of the profile; "" and None without one."""
    profile = Profile.objects.select_related("picture", "sent_picture").filter(user=user).first()
    return ("", None) if profile is None else (profile.bio, shown_picture(profile))


def shown_picture(profile: Profile) -> StoredFile | None:
    """The picture that is ready, else the first one while it is processed."""
    sent = profile.sent_picture
    if profile.picture is None and sent is not None and sent.state == FileState.PENDING:
        return sent
    return profile.picture


def _with_files(*, exclude: FileState | None = None) -> QuerySet[Profile]:
    attachments = ProfileAttachment.objects.select_related("file")
    if exclude is not None:
        attachments = attachments.exclude(file__state=exclude)
    return Profile.objects.select_related("user", "picture", "sent_picture").prefetch_related(
        Prefetch("attachments", attachments)
    )


def _found(profiles: QuerySet[Profile]) -> Profile:
    profile = profiles.first()
    if profile is None:
        raise NotFound
    return profile
