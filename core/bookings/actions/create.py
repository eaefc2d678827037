"""Booking a service, or proposing to one."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from django.db import transaction

from core.accounts.models import User
from core.bookings.models import Booking
from core.bookings.rules import bookable_service, hold_listed
from core.files.acceptance import CheckedUpload
from core.files.actions import attach_files, store_upload
from core.files.models import StoredFile
from core.idempotency.actions import Answer, Request, claim, earlier_result, keep_answer, keyed_request
from core.jobs import bookings as jobs
from core.marketplace.models import Service, ServiceType
from core.problems import Problems

_OPERATION = "bookings.create"


@dataclass(frozen=True, slots=True)
class Details:
    """What the requester says of themselves."""

    full_name: str
    linkedin_url: str = ""
    additional_notes: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A booking by its id, and the answer to its request if one was kept or made with it.

    repeated: an earlier request under the same key made the booking, and was answered so.
    """

    booking_id: UUID
    answer: Answer | None
    repeated: bool = False


def create_booking(
    *,
    actor: User,
    service_id: UUID | None,
    details: Details,
    cv: CheckedUpload | None = None,
    key: str | None = None,
    answered: Callable[[UUID], Answer] | None = None,
    already_wrong: Mapping[str, list[str]] | None = None,
) -> Made:
    """Book a service as the actor; its owner is told.

    OwnService comes first; then Invalid with everything that is wrong, including what the caller
    knows to be wrong already. The same key and request again make nothing new: they come to what
    `answered` said of the booking when it was made. KeyReused.
    """
    found = Problems(already_wrong)
    request = (
        None if key is None else found.attempt(_request, actor, service_id, details, cv, key, already_wrong)
    )
    if request and (earlier := earlier_result(request)):
        return Made(earlier.result_id, earlier.answer, repeated=True)
    service = service_id and found.attempt(bookable_service, actor=actor, service_id=service_id)
    if found or not service:
        raise found.error()
    stored = None if cv is None else store_upload(owner=actor, upload=cv)
    booking_id = uuid4()
    with transaction.atomic():
        if request and (earlier := claim(request, result_id=booking_id)):
            return Made(earlier.result_id, earlier.answer, repeated=True)
        _insert(booking_id, actor, service, details, stored)
        answer = answered(booking_id) if answered else None
        if request and answer:
            keep_answer(request, answer)
    return Made(booking_id, answer)


def _insert(booking_id: UUID, actor: User, service: Service, details: Details, cv: StoredFile | None) -> None:
    hold_listed(service)
    offered = service.service_type == ServiceType.OFFERED
    Booking.objects.create(
        id=booking_id,
        service=service,
        client_id=actor.id if offered else service.user_id,
        accountant_id=service.user_id if offered else actor.id,
        cv=cv,
        **asdict(details),
    )
    if cv is not None:
        attach_files([cv])
    jobs.announce(booking_id=booking_id, event="created")


def _request(
    actor: User,
    service_id: UUID | None,
    details: Details,
    cv: CheckedUpload | None,
    key: str,
    wrong: Mapping[str, list[str]] | None,
) -> Request:
    """What can't be booked has a fingerprint too: no booking was made for the same."""
    asked = {"service": service_id, "cv": cv and _digest(cv), **asdict(details)}
    asked |= {"wrong": wrong} if wrong else {}
    return keyed_request(user_id=actor.id, operation=_OPERATION, key=key, asked=asked)


def _digest(upload: CheckedUpload) -> str:
    upload.content.seek(0)
    return hashlib.file_digest(upload.content, "sha256").hexdigest()
