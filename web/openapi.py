"""The OpenAPI document: what routes say of themselves, completed with what they share."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from web import errors
from web.docs.components import COMPONENTS, EXAMPLES, RETRY_AFTER
from web.docs.examples import requests_of, responses_of
from web.docs.links import links_of
from web.docs.operations import HEADINGS, SECTIONS

_METHODS = ("get", "post", "put", "patch", "delete")
_JSON = "application/json"
_MULTIPART = "multipart/form-data"
_FORMS = (_MULTIPART, "application/x-www-form-urlencoded")
_BEARER = "BearerAuth"


class Api(errors.Api):
    """The API with its document completed."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["tags"] = [{"name": name, "description": text} for name, text in SECTIONS.items()]
        components = schema["components"]
        components.setdefault("schemas", {}).update(COMPONENTS)
        _name_one_scheme(components)
        for path, item in schema["paths"].items():
            for method in [name for name in _METHODS if name in item]:
                # PUT and PATCH of one route share what ninja made.
                operation = item[method] = deepcopy(item[method])
                _head(operation, method, path)
                _accept_forms(operation, components["schemas"])
                _add_errors(operation)
                _add_examples(operation)
        return schema


def _name_one_scheme(components: dict[str, Any]) -> None:
    """Each kind of BearerAuth is the same to a client."""
    schemes = components.get("securitySchemes", {})
    components["securitySchemes"] = {name: each for name, each in schemes.items() if name == _BEARER}


def _head(operation: dict[str, Any], method: str, path: str) -> None:
    """Its section, heading and id, the refusals of its own, and where its answers lead."""
    if "security" in operation:
        operation["security"] = [{_BEARER: []}]
    heading = HEADINGS.get((method, path))
    if heading is None:
        return
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "string", "format": "uuid"}
    operation |= {
        "operationId": heading.operation_id,
        "summary": heading.summary,
        "tags": [heading.tag],
    }
    for status, response in operation["responses"].items():
        if links := links_of(heading.operation_id, str(status)):
            response["links"] = links
    for refusal in heading.refusals:
        status, _, component = refusal.partition(":")
        _refuse(operation, status, component or _SHARED[status][1])


def _accept_forms(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Every body may be sent as a form too (web/body.py); files only as multipart."""
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON not in content or _MULTIPART in content:  # PUT and PATCH may share one operation
        return
    whole = content[_JSON]
    plain = _without_files(whole, components)
    for media_type in (_JSON, *_FORMS):
        content[media_type] = dict(whole if media_type == _MULTIPART else plain)
    needed = components[_name_of(whole)].get("required", [])
    fields = components[_name_of(whole)]["properties"]
    if any(_is_file(fields[name]) for name in needed):
        operation["requestBody"]["content"] = {_MULTIPART: whole}
    operation["requestBody"]["required"] = bool(needed)


def _without_files(body: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The body with nothing in its files' places but what takes them away; the same one if it has none."""
    name = _name_of(body)
    fields = components.get(name, {}).get("properties", {})
    emptied = {field: _emptied(shape) if _is_file(shape) else shape for field, shape in fields.items()}
    if emptied == fields:
        return body
    components[f"{name}WithoutFiles"] = {**components[name], "properties": emptied}
    return {"schema": {"$ref": f"#/components/schemas/{name}WithoutFiles"}}


def _emptied(shape: dict[str, Any]) -> dict[str, Any]:
    """Null, of several files also an empty list."""
    if shape.get("type") == "array":
        return {**shape, "type": ["array", "null"], "items": {}, "maxItems": 0}
    return {"title": shape["title"], "type": "null"}


def _name_of(body: dict[str, Any]) -> str:
    return str(body["schema"].get("$ref", "")).rpartition("/")[2]


def _is_file(shape: dict[str, Any]) -> bool:
    """Whether a property takes a file, several, or a file or nothing."""
    forms = [shape, shape.get("items", {}), *shape.get("anyOf", [])]
    return any(form.get("format") == "binary" for form in forms)


_SHARED: dict[str, tuple[str, str]] = {
    "400": ("What was sent breaks a rule", "FieldErrors"),
    "401": ("No token, a bad one, or an account that isn't active", "AuthenticationProblem"),
    "403": ("One may not do this", "Problem"),
    "404": ("No such thing, or none that one may know of", "Problem"),
    "408": ("The body didn't arrive in time", "Problem"),
    "409": ("The key was used for another request", "Problem"),
    "413": ("The body is too large", "Problem"),
    "415": ("The body is neither JSON nor a form", "Problem"),
    "429": ("Too many requests; Retry-After says when", "Problem"),
    "503": ("Something this depends on is away; Retry-After says when", "Problem"),
}


def _add_errors(operation: dict[str, Any]) -> None:
    """The refusals that follow from the operation's shape."""
    for status in _statuses_of(operation):
        _refuse(operation, status, _SHARED[status][1])
    query = any(item["in"] == "query" for item in operation.get("parameters", []))
    if query:  # too many parameters are nobody's field
        _refuse(operation, "400", "Refused", again=True)
    operation["responses"] = dict(sorted(_by_text(operation["responses"]).items()))


def _statuses_of(operation: dict[str, Any]) -> Iterator[str]:
    places = {item["in"] for item in operation.get("parameters", [])}
    if "requestBody" in operation:
        yield from ("400", "408", "413", "415")
    if "security" in operation:
        yield "401"
    if "path" in places:
        yield "404"
    yield from ("429", "503")


def _refuse(operation: dict[str, Any], status: str, component: str, *, again: bool = False) -> None:
    """Say that the operation may answer so, unless its route says it in words of its own."""
    responses = _by_text(operation["responses"])
    if status in responses and not again:
        return
    media = {"schema": {"$ref": f"#/components/schemas/{component}"}, "example": EXAMPLES[status]}
    refusal = {"description": _SHARED[status][0], "content": {_JSON: media}}
    if status in ("429", "503"):
        refusal["headers"] = {"Retry-After": RETRY_AFTER}
    operation["responses"] = {**responses, status: refusal}


def _by_text(responses: dict[Any, Any]) -> dict[str, Any]:
    return {str(status): response for status, response in responses.items()}


def _add_examples(operation: dict[str, Any]) -> None:
    """In Arabic, French and English, where what is said has a language."""
    name = operation["operationId"]
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON in content and (found := requests_of(name)):
        content[_JSON]["examples"] = found
    for status, response in operation["responses"].items():
        if found := responses_of(name, status):
            media = {name: told for name, told in response["content"][_JSON].items() if name != "example"}
            response["content"][_JSON] = {**media, "examples": found}
