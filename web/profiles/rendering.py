"""Profiles in the shape of their owner's role, with absolute addresses of their files."""

from typing import Any

from django.http import HttpRequest

from core.accounts.models import User, UserType
from core.files.models import StoredFile
from core.files.urls import signed_path, thumbnail_paths
from core.marketplace.queries import services_shown_to
from core.profiles.models import Profile, ProfileAttachment
from core.profiles.queries import shown_picture
from web.files.schemas import facts_of
from web.profiles import schemas
from web.schema import Schema

_OWN: dict[str, type[Schema]] = {
    UserType.CLIENT: schemas.ClientProfile,
    UserType.ACCOUNTANT: schemas.AccountantProfile,
    UserType.ACADEMIC: schemas.AcademicProfile,
}
_PUBLIC: dict[str, type[Schema]] = {
    UserType.CLIENT: schemas.PublicClient,
    UserType.ACCOUNTANT: schemas.PublicAccountant,
    UserType.ACADEMIC: schemas.PublicAcademic,
}


def own(request: HttpRequest, profile: Profile) -> Schema:
    """All of it, for its owner, who hears what became of the picture sent last."""
    user = profile.user
    return _OWN[user.user_type].model_validate(
        {
            **_facts(request, profile, viewer=user),
            **_state_of(profile.sent_picture or profile.picture),
            "user": user,
            "phone": user.phone,
        }
    )


def public(request: HttpRequest, profile: Profile, *, viewer: User, with_contact: bool) -> Schema:
    """What others see; email and phone only with_contact, and the services that the viewer browses."""
    user = profile.user
    shown = {name: getattr(user, name) for name in ("id", "full_name", "user_type", "created_at")}
    if with_contact:
        shown |= {"email": user.email, "phone": user.phone}
    facts = _facts(request, profile, viewer=viewer)
    return _PUBLIC[user.user_type].model_validate({**facts, "user": shown})


def _facts(request: HttpRequest, profile: Profile, *, viewer: User) -> dict[str, Any]:
    """What every role shows and what only some do; a schema takes what is its own."""
    attachments = [_attachment(request, attachment) for attachment in profile.attachments.all()]
    return {
        "profile_id": profile.id,
        **_picture(request, profile),
        "location": profile.location,
        "bio": profile.bio,
        "activity_type": profile.activity_type,
        "all_attachments": attachments,
        "attachments_count": len(attachments),
        "all_services": _services(profile.user, viewer),
        "created_at": profile.created_at,
        "updated_at": profile.updated_at,
    }


def _services(user: User, viewer: User) -> list[object]:
    return [] if user.user_type == UserType.ACADEMIC else list(services_shown_to(viewer, of=user))


def _picture(request: HttpRequest, profile: Profile) -> dict[str, Any]:
    shown = shown_picture(profile)
    return {
        "profile_picture": shown and request.build_absolute_uri(signed_path(shown)),
        "profile_picture_thumbnails": {
            side: request.build_absolute_uri(path)
            for side, path in (thumbnail_paths(shown) if shown else {}).items()
        },
        **_state_of(shown),
    }


def _state_of(picture: StoredFile | None) -> dict[str, Any]:
    return {
        "profile_picture_state": picture and picture.state,
        "profile_picture_reason": picture.reason if picture else "",
    }


def _attachment(request: HttpRequest, attachment: ProfileAttachment) -> dict[str, object]:
    facts = facts_of(attachment.file)
    return {
        **facts,
        "attachment_id": attachment.id,
        "url": facts["url"] and request.build_absolute_uri(str(facts["url"])),
        "uploaded_at": attachment.uploaded_at,
    }
