"""Categories, one's own services, and those one may browse."""

from typing import Any, cast
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from core.errors import NotFound
from core.marketplace import actions, queries
from core.marketplace.actions import ServiceDetails
from core.marketplace.browse import browse
from core.marketplace.models import Category, Service
from core.marketplace.visibility import type_made_by
from web.auth import AuthedRequest, BearerAuth
from web.body import Payload
from web.gates import ActorGate, Gate
from web.marketplace import rendering, schemas
from web.marketplace.filters import BrowseQuery
from web.paging import Page, json_page, link, links, page_number

router = Router(tags=["Services"], auth=BearerAuth())
_InFull = schemas.NeededService | schemas.OfferedService
_Created = schemas.NewNeededService | schemas.NewOfferedService
_OWNER = Gate("service_id", queries.require_own_service)
# A cursor is the id of a listed service, signed: one that was never given out can't be asked about.
_CURSORS = Signer(salt="services.browse")
_ASIDE = {"categories", "upload_files", "is_course"}


class BrowsePage(Page[schemas.ServiceCard]):
    """next_cursor is for reading on deep into a list: `?cursor=`."""

    next_cursor: str | None


@router.get("categories/", response=list[schemas.CategoryOut])
def list_categories(request: AuthedRequest) -> Any:
    """The active categories, by name."""
    return queries.active_categories()


@router.get("categories/{category_id}/", response=schemas.CategoryOut)
def get_category(request: AuthedRequest, category_id: UUID) -> Category:
    """One active category."""
    return queries.access_category(category_id=category_id)


@router.post("create/", response={201: _Created}, auth=ActorGate(type_made_by))
def create_service(request: AuthedRequest, payload: Payload[schemas.ServiceIn]) -> Status[Any]:
    """Request a service as a client, offer one or a course as an accountant."""
    service_id = actions.create_service(
        actor=request.auth.user,
        details=_details(payload),
        categories=payload.categories,
        is_course=payload.is_course,
        attachments=payload.upload_files or (),
    )
    return Status(201, rendering.created(_own(request, service_id)))


@router.get("my/", response=list[schemas.OwnServiceCard])
def list_own_services(request: AuthedRequest) -> HttpResponse:
    """One's own services, the newest first."""
    found = queries.own_services_json(request.auth.user)
    return HttpResponse(found, content_type="application/json")


@router.get("my/{service_id}/", response=_InFull)
def get_own_service(request: AuthedRequest, service_id: UUID) -> Any:
    """One of one's own services in full."""
    return rendering.in_full(_own(request, service_id))


@router.api_operation(["PUT", "PATCH"], "{service_id}/update/", response=_InFull, auth=_OWNER)
def update_service(request: AuthedRequest, service_id: UUID, payload: Payload[schemas.ServicePatch]) -> Any:
    """Change one's own service; PUT and PATCH alike leave what isn't sent as it is."""
    sent = payload.model_fields_set
    actions.update_service(
        actor=request.auth.user,
        service_id=service_id,
        details=_details(payload),
        categories=payload.categories if "categories" in sent else None,
        attachments=payload.upload_files,
    )
    return rendering.in_full(_own(request, service_id))


@router.delete("{service_id}/delete/", response={204: None})
def delete_service(request: AuthedRequest, service_id: UUID) -> Status[None]:
    """Take one's own service off the market for good."""
    actions.delete_service(actor=request.auth.user, service_id=service_id)
    return Status(204, None)


@router.get("browse/", response=BrowsePage)
def browse_services(request: AuthedRequest, query: Query[BrowseQuery]) -> HttpResponse:
    """Clients see offered services, accountants needed ones, academics courses."""
    cursor, page = _place(request, query)
    found = browse(
        actor=request.auth.user,
        filters=query.filters(),
        ordering=query.ordering,
        page=page,
        cursor=cursor,
    )
    following = _CURSORS.sign(str(found.last_id)) if found.last_id else None
    if cursor is None:
        envelope = links(request, page, found.count)
    else:
        next_link = link(request, cursor=following) if following else None
        envelope = {"count": found.count, "next": next_link, "previous": None}
    return json_page({**envelope, "next_cursor": following}, found.results)


@router.get("browse/{service_id}/", response=_InFull)
def view_service(request: AuthedRequest, service_id: UUID) -> Any:
    """A service as one's role may see it."""
    return rendering.in_full(queries.view_service(actor=request.auth.user, service_id=service_id))


def _own(request: AuthedRequest, service_id: UUID) -> Service:
    return queries.access_own_service(actor=request.auth.user, service_id=service_id)


def _details(payload: schemas.ServiceIn | schemas.ServicePatch) -> ServiceDetails:
    sent = payload.model_fields_set - _ASIDE
    return cast("ServiceDetails", {name: getattr(payload, name) for name in sent})


def _place(request: HttpRequest, query: BrowseQuery) -> tuple[UUID | None, int]:
    if not query.cursor:
        return None, page_number(request)
    try:
        return UUID(_CURSORS.unsign(query.cursor)), 1
    except BadSignature:
        raise NotFound("Invalid cursor.") from None
