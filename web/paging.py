"""Lists in pages of 20: `{count, next, previous, results}`, the links absolute."""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Schema as NinjaSchema
from pydantic import Field, WithJsonSchema

from core.errors import NotFound
from core.pages import PAGE_SIZE
from web.schema import Schema

_LONGEST_NUMBER = 9
_Item = TypeVar("_Item")


PageNumber = Annotated[str, WithJsonSchema({"type": "integer", "minimum": 1})]
"""As sent; page_number reads it."""
FIRST: dict[str, Any] = {"default": 1}


class PageQuery(Schema):
    page: PageNumber = Field("1", description=f"{PAGE_SIZE} each", json_schema_extra=FIRST)


class Page(NinjaSchema, Generic[_Item]):
    """A page; next and previous keep the other query parameters."""

    count: int
    next: str | None
    previous: str | None
    results: list[_Item]


def page_number(request: HttpRequest) -> int:
    """The `page` asked for, 1 without one; NotFound if it can't be one."""
    asked = request.GET.get("page", "") or "1"
    if not (asked.isascii() and asked.isdigit()) or len(asked) > _LONGEST_NUMBER or int(asked) < 1:
        raise NotFound("Invalid page.")
    return int(asked)


def links(request: HttpRequest, page: int, count: int) -> dict[str, Any]:
    """count, next and previous of a page."""
    return {
        "count": count,
        "next": link(request, page=page + 1) if page * PAGE_SIZE < count else None,
        "previous": link(request, page=page - 1) if page > 1 else None,
    }


def link(request: HttpRequest, **changes: object) -> str:
    """This request's absolute URL with query parameters changed; page 1 needs none."""
    params = request.GET.copy()
    for name, value in changes.items():
        params[name] = str(value)
    if params.get("page") == "1":
        del params["page"]
    query = f"?{params.urlencode()}" if params else ""
    return request.build_absolute_uri(request.path + query)


def json_page(envelope: Mapping[str, Any], results: str) -> HttpResponse:
    """A page whose results are JSON already; they are passed through unparsed."""
    head = orjson.dumps(dict(envelope))[:-1]
    body = b"".join((head, b',"results":', results.encode(), b"}"))
    return HttpResponse(body, content_type="application/json")
