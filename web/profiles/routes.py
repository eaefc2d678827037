"""One's own profile, and what others may see of one's."""

from typing import Any, cast
from uuid import UUID

from ninja import Router

from core.bookings.queries import share_booking
from core.profiles.actions import ProfileChanges, update_profile
from core.profiles.queries import access_profile, profile_of, require_profile
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.gates import ActorGate
from web.profiles import rendering, schemas

router = Router(tags=["Profiles"], auth=BearerAuth())
_Own = schemas.AccountantProfile | schemas.ClientProfile | schemas.AcademicProfile
_Public = schemas.PublicAccountant | schemas.PublicClient | schemas.PublicAcademic


@router.get("me/", response=_Own)
def get_profile(request: AuthedRequest) -> Any:
    """One's own profile, in the shape of one's role."""
    return rendering.own(request, profile_of(request.auth.user))


@router.api_operation(["PUT", "PATCH"], "me/", response=_Own, auth=ActorGate(require_profile))
def change_profile(request: AuthedRequest, payload: Payload[schemas.ProfilePatch]) -> Any:
    """Change one's profile; PUT and PATCH alike leave what isn't sent as it is."""
    sent = {_INSIDE.get(name, name): getattr(payload, name) for name in payload.model_fields_set}
    if payload.upload_files is None:
        sent.pop("attachments", None)
    changes = cast("ProfileChanges", sent)
    update_profile(actor=request.auth.user, changes=changes)
    return rendering.own(request, profile_of(request.auth.user))


_INSIDE = {"profile_picture": "picture", "upload_files": "attachments"}


@router.get("{user_id}/", response=_Public)
def get_profile_of(request: AuthedRequest, user_id: UUID) -> Any:
    """What anybody may see of an active account; email and phone if one shares a booking."""
    profile = access_profile(user_id=user_id)
    viewer = request.auth.user
    with_contact = viewer == profile.user or share_booking(viewer, profile.user)
    return rendering.public(request, profile, viewer=viewer, with_contact=with_contact)
