"""The OpenAPI document, completed with what every operation shares: errors and body formats."""

from collections.abc import Iterator
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from web import errors
from web.auth import BearerAuth

_METHODS = {"get", "post", "put", "patch", "delete"}
_BEARER = "BearerAuth"  # whatever a route asks of the account besides
_JSON = "application/json"
_MULTIPART = "multipart/form-data"
_FORMS = (_MULTIPART, "application/x-www-form-urlencoded")

_COMPONENTS: dict[str, Any] = {
    "FieldErrors": {
        "type": "object",
        "description": "Messages by field; what belongs to none is under non_field_errors.",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
        "example": {"email": ["This field is required."]},
    },
    "Problem": {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "AuthenticationProblem": {
        "type": "object",
        "properties": {
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": ["token_not_valid", "user_inactive"]},
            "messages": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["detail"],
        "example": errors.TOKEN_NOT_VALID,
    },
}


class Api(errors.Api):
    """The API with its document completed."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"].setdefault("schemas", {}).update(_COMPONENTS)
        schema["components"]["securitySchemes"] = {_BEARER: BearerAuth().openapi_security_schema}
        for operation in _operations(schema):
            if "security" in operation:
                operation["security"] = [{_BEARER: []}]
            _accept_forms(operation, schema["components"]["schemas"])
            _add_errors(operation)
        return schema


def _operations(schema: OpenAPISchema) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                yield operation


def _accept_forms(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Every body may be sent as a form too (web/body.py); files only as multipart."""
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON not in content or _MULTIPART in content:  # PUT and PATCH may share one operation
        return
    whole = content[_JSON]
    plain = _without_files(whole, components)
    for media_type in (_JSON, *_FORMS):
        content[media_type] = whole if media_type == _MULTIPART else plain


def _without_files(body: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The body without its files; the same one if it has none."""
    name = body["schema"].get("$ref", "").rpartition("/")[2]
    fields = components.get(name, {}).get("properties", {})
    kept = {field: shape for field, shape in fields.items() if not _is_file(shape)}
    if len(kept) == len(fields):
        return body
    components[f"{name}WithoutFiles"] = {**components[name], "properties": kept}
    return {"schema": {"$ref": f"#/components/schemas/{name}WithoutFiles"}}


def _is_file(shape: dict[str, Any]) -> bool:
    """Whether a property takes a file, several, or a file or nothing."""
    forms = [shape, shape.get("items", {}), *shape.get("anyOf", [])]
    return any(form.get("format") == "binary" for form in forms)


def _add_errors(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, (description, component) in _errors_of(operation).items():
        if status not in responses and int(status) not in responses:
            responses[status] = {
                "description": description,
                "content": {_JSON: {"schema": {"$ref": f"#/components/schemas/{component}"}}},
            }


def _errors_of(operation: dict[str, Any]) -> dict[str, tuple[str, str]]:
    found = {"429": ("Too many requests; Retry-After says when", "Problem")}
    parameters = operation.get("parameters", [])
    if "requestBody" in operation or any(item["in"] == "query" for item in parameters):
        found["400"] = ("What was sent breaks a rule", "FieldErrors")
    if "requestBody" in operation:
        found["413"] = ("The body is too large", "Problem")
        found["415"] = ("The body is neither JSON nor a form", "Problem")
    if "security" in operation:
        found["401"] = ("No token, a bad one, or an account that isn't active", "AuthenticationProblem")
        found["403"] = ("One may not do this", "Problem")
    if any(item["in"] == "path" for item in parameters):
        found["404"] = ("No such thing, or none that one may know of", "Problem")
    return found
