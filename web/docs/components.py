"""The shapes and examples of refusals, shared by all operations."""

from typing import Any

from web import errors

_FIELDS = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
COMPONENTS: dict[str, Any] = {
    "FieldErrors": {
        **_FIELDS,
        "description": "Messages by field; what belongs to none is under non_field_errors.",
        "example": {"email": ["This field is required."]},
    },
    "Problem": {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "Refused": {
        "description": "By field, or what belongs to none.",
        "anyOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"$ref": "#/components/schemas/FieldErrors"},
        ],
    },
    "AuthenticationProblem": {
        "type": "object",
        "properties": {
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": ["token_not_valid", "user_inactive"]},
            "messages": {"type": "array", "items": {"$ref": "#/components/schemas/TokenMessage"}},
        },
        "required": ["detail"],
    },
    "TokenMessage": {
        "type": "object",
        "properties": {
            "token_class": {"type": "string"},
            "token_type": {"type": "string"},
            "message": {"type": "string"},
        },
        "required": ["token_class", "token_type", "message"],
    },
}
EXAMPLES: dict[str, Any] = {
    "400": {"non_field_errors": ["The request body is not valid JSON."]},
    "401": errors.TOKEN_NOT_VALID,
    "403": {"detail": "You do not have permission to perform this action."},
    "404": {"detail": "Not found."},
    "408": {"detail": "The request body did not arrive in time."},
    "409": {"detail": "This Idempotency-Key was already used with a different request."},
    "413": {"detail": "Request body too large."},
    "415": {"detail": 'Unsupported media type "text/plain" in request.'},
    "429": {"detail": "Too many requests. Please try again later."},
    "503": {"detail": "The service is temporarily unavailable. Please try again later."},
}
RETRY_AFTER: dict[str, Any] = {
    "description": "Seconds",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
