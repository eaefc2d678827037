"""The answer to a create, in the form that is kept under its Idempotency-Key."""

from http import HTTPStatus

import orjson
from django.http import HttpResponse

from core.bookings.models import Booking
from core.files.urls import signed
from core.idempotency.actions import Answer
from web.bookings.rendering import shown
from web.bookings.schemas import BookingOut


def created(booking: Booking) -> Answer:
    """201 and the booking, with its CV's key for an address: what is kept is never signed."""
    key = booking.cv.key if booking.cv else None
    body = BookingOut.model_validate({**shown(booking), "cv_file": key})
    return Answer(HTTPStatus.CREATED, body.model_dump_json())


def sent(answer: Answer) -> HttpResponse:
    """The answer as it was given, but for the address of the CV: that is signed for now."""
    body = orjson.loads(answer.body)
    if key := body["cv_file"]:
        body["cv_file"] = signed(key)
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=answer.status)
