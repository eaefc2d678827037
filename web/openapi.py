"""The OpenAPI document, completed with what every operation shares: errors and body formats."""

from collections.abc import Iterator
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from web import errors

_METHODS = {"get", "post", "put", "patch", "delete"}
_JSON = "application/json"
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

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
        for operation in _operations(schema):
            _accept_forms(operation)
            _add_errors(operation)
        return schema


def _operations(schema: OpenAPISchema) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                yield operation


def _accept_forms(operation: dict[str, Any]) -> None:
    """Every body may be sent as a form too (web/body.py)."""
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON in content:
        for form in _FORMS:
            content.setdefault(form, content[_JSON])


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
