"""Request bodies: JSON or a form, by any method, as one mapping for the schemas.

A repeated form key, or one named in the schema as a list, arrives as a list; a file arrives as
Django's UploadedFile under its key.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from ninja.params.models import BodyModel, Param

from core.errors import DomainError, Invalid
from web.encoding import form_encoding
from web.multipart import parse_multipart

if TYPE_CHECKING:
    from ninja import NinjaAPI

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class UnsupportedMediaType(DomainError):
    """The body is neither JSON nor a form."""


class BodyTooLarge(DomainError):
    """The body is over the server's limit."""

    default = "Request body too large."


def read_body(request: HttpRequest) -> Any:
    """The body as sent: what JSON holds, or a form's fields and files.

    Raises Invalid, UnsupportedMediaType or BodyTooLarge.
    """
    try:
        if _is_json_labelled_multipart(request):
            return _read_json(request.body)
        if request.content_type in _FORMS:
            return _read_form(request)
        if request.content_type and not _is_json(request.content_type):
            raise UnsupportedMediaType(f'Unsupported media type "{request.content_type}" in request.')
        return _read_json(request.body)
    except RequestDataTooBig:
        raise BodyTooLarge from None
    except (MultiPartParserError, UnreadablePostError, TooManyFieldsSent, TooManyFilesSent):
        raise Invalid.general("The request body is malformed or incomplete.") from None


def _is_json_labelled_multipart(request: HttpRequest) -> bool:
    """No form can be sent without a boundary, but some clients label JSON so (C1)."""
    return (
        request.content_type == "multipart/form-data"
        and not (request.content_params or {}).get("boundary")
        and request.body.lstrip()[:1] == b"{"
    )


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")


def _read_json(body: bytes) -> Any:
    if not body.strip():
        return {}
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid.general("The request body is not valid JSON.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read_form(request: HttpRequest) -> dict[str, Any]:
    fields, files = _parse_form(request)
    return {**_flat(fields), **_flat(files)}


def _parse_form(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """Django parses forms for POST alone; this does it for every method."""
    if request.content_type == "multipart/form-data":
        return parse_multipart(request)
    return QueryDict(request.body, encoding=form_encoding(request)), MultiValueDict()


def _flat(values: MultiValueDict[str, Any]) -> dict[str, Any]:
    return {key: many if len(many) > 1 else many[0] for key, many in values.lists()}


class PayloadModel(BodyModel):
    """A ninja parameter model that is read by read_body."""

    @classmethod
    def get_request_data(
        cls, request: HttpRequest, api: "NinjaAPI", path_params: dict[str, Any]
    ) -> dict[str, Any]:
        body = read_body(request)
        if not isinstance(body, dict):
            raise Invalid.general("Invalid data. Expected a JSON object.")
        return {cls.__read_from_single_attr__: body}


class _Payload(Param):  # type: ignore[misc]
    _model = PayloadModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


_Schema = TypeVar("_Schema")
Payload = Annotated[_Schema, _Payload(...)]
