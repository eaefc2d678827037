"""Making and reading bookings, and changing what they say. decisions.py has the rest."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Router

from core.bookings.actions.create import Details, create_booking
from core.bookings.actions.update import CvChange, update_booking
from core.bookings.models import BookingStatus
from core.bookings.queries import bookings_json, require_party, view_booking
from core.idempotency.actions import HEADER, Answer
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.bookings import answers, schemas
from web.bookings.rendering import shown
from web.draft import Draft
from web.gates import Gate

router = Router(tags=["Bookings"], auth=BearerAuth())
_PARTY = Gate("booking_id", require_party)
_KEY = "one request's own: 1 to 255 visible ASCII characters"
_TEXTS = ("full_name", "linkedin_url", "additional_notes")


@router.post("create/", response={201: schemas.BookingOut})
def create(
    request: AuthedRequest,
    draft: Payload[Draft[schemas.BookingIn]],
    key: Annotated[str | None, Header(alias=HEADER, description=_KEY)] = None,
) -> HttpResponse:
    """Book an offered service or course, or propose to a needed one.

    The same Idempotency-Key and body again, within 24 hours, make nothing new and have the answer
    of the first time.
    """

    def answered(booking_id: UUID) -> Answer:
        return answers.created(view_booking(actor=request.auth.user, booking_id=booking_id))

    texts = {name: draft.values.get(name, "") for name in _TEXTS}
    made = create_booking(
        actor=request.auth.user,
        service_id=draft.values.get("service"),
        details=Details(**texts),
        cv=draft.values.get("cv_file"),
        key=key,
        answered=answered,
        already_wrong=draft.problems,
    )
    response = answers.sent(made.answer or answered(made.booking_id))
    if made.repeated:
        response["Idempotent-Replayed"] = "true"
    return response


@router.get("", response=list[schemas.BookingCard])
def list_own(request: AuthedRequest) -> HttpResponse:
    """One's own bookings, newest first; of academics the courses."""
    return HttpResponse(bookings_json(request.auth.user), content_type="application/json")


@router.get("{booking_id}/", response=schemas.BookingOut)
def get_booking(request: AuthedRequest, booking_id: UUID) -> dict[str, object]:
    """One booking of one's own."""
    actor = request.auth.user
    return shown(view_booking(actor=actor, booking_id=booking_id), viewer=actor)


@router.api_operation(["PUT", "PATCH"], "{booking_id}/update/", response=schemas.BookingOut, auth=_PARTY)
def change_booking(
    request: AuthedRequest, booking_id: UUID, draft: Payload[Draft[schemas.BookingPatch]]
) -> dict[str, object]:
    """Change what a booking says, or as the service's owner its status."""
    sent = draft.valid("status", "cv_file", *_TEXTS)
    update_booking(
        actor=request.auth.user,
        booking_id=booking_id,
        texts={name: sent[name] for name in _TEXTS if name in sent},
        cv=CvChange(sent["cv_file"]) if "cv_file" in sent else None,
        status=BookingStatus(sent["status"]) if "status" in sent else None,
        already_wrong=draft.problems,
    )
    actor = request.auth.user
    return shown(view_booking(actor=actor, booking_id=booking_id), viewer=actor)
