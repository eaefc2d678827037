"""One's own profile."""

from ninja import Router

from core.profiles.queries import profile_of
from web.auth import AuthedRequest, BearerAuth
from web.profiles.schemas import render

router = Router(tags=["Profiles"], auth=BearerAuth())


@router.get("me/")
def get_profile(request: AuthedRequest) -> object:
    """One's own profile, in the shape of one's role."""
    return render(profile_of(request.auth.user), request.auth.user)
