"""What is wrong with a body or a query, by field and in the words of this API."""

from typing import Any

GENERAL = "non_field_errors"

# pydantic's error types in the words of this API; the rest fall under "Invalid value."
_MESSAGES: dict[str, str] = {
    "missing": "This field is required.",
    "string_type": "Not a valid string.",
    "string_unicode": "Not a valid string.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "too_long": "Ensure this field has no more than {max_length} {unit}.",
    "string_too_short": "Ensure this field has at least {min_length} characters.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_parsing_size": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "float_type": "A valid number is required.",
    "float_parsing": "A valid number is required.",
    "decimal_type": "A valid number is required.",
    "decimal_parsing": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "decimal_max_digits": "Ensure that there are no more than {max_digits} digits in total.",
    "decimal_max_places": "Ensure that there are no more than {decimal_places} decimal places.",
    "decimal_whole_digits": (
        "Ensure that there are no more than {whole_digits} digits before the decimal point."
    ),
    "greater_than_equal": "Ensure this value is greater than or equal to {ge}.",
    "greater_than": "Ensure this value is greater than {gt}.",
    "less_than_equal": "Ensure this value is less than or equal to {le}.",
    "uuid_type": "Must be a valid UUID.",
    "uuid_parsing": "Must be a valid UUID.",
    "date_type": "Date has wrong format. Use YYYY-MM-DD.",
    "date_parsing": "Date has wrong format. Use YYYY-MM-DD.",
    "date_from_datetime_parsing": "Date has wrong format. Use YYYY-MM-DD.",
    "date_from_datetime_inexact": "Date has wrong format. Use YYYY-MM-DD.",
    "list_type": 'Expected a list of items but got type "{got}".',
    "literal_error": '"{input}" is not a valid choice.',
    "enum": '"{input}" is not a valid choice.',
    "model_type": "Invalid data. Expected a dictionary, but got {got}.",
    "model_attributes_type": "Invalid data. Expected a dictionary, but got {got}.",
}
_NULL = "This field may not be null."
_INPUT_LIMIT = 100
_CHOICES = {"literal_error", "enum"}
# Raised by our own validators: their text is already ours.
_OWN_TYPES = {"null_characters", "surrogate", "blank", "rule", "general"}


def fields_of(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    """pydantic's list of errors as messages by field."""
    fields: dict[str, list[str]] = {}
    for error in found:
        general = error["ctx"]["general"] if error["type"] == "rules" else []
        for field, texts in ((_field_of(error), _messages_of(error)), (GENERAL, general)):
            for text in texts:
                if text not in fields.setdefault(field, []):
                    fields[field].append(text)
    return fields


def _field_of(error: dict[str, Any]) -> str:
    """The first name in the location behind the source ("body", parameter): the field."""
    if error["type"] == "general":
        return GENERAL
    source, *path = error["loc"]
    names = path[1:] if source == "body" else path
    return next((name for name in names if isinstance(name, str)), GENERAL)


def _messages_of(error: dict[str, Any]) -> list[str]:
    kind = str(error["type"])
    if kind == "rules":
        return list(error["ctx"]["field"])
    if kind in _OWN_TYPES:
        return [str(error["msg"])]
    given = error.get("input")
    return [_NULL if given is None and kind != "missing" else _wording(kind, given, error)]


def _wording(kind: str, given: Any, error: dict[str, Any]) -> str:
    if kind in _CHOICES and not isinstance(given, str | int):
        kind = "string_type"
    template = _MESSAGES.get(kind, "Invalid value.")
    shown = str(given)[:_INPUT_LIMIT].encode("utf-8", "replace").decode()
    unit = "characters" if isinstance(given, str) else "items"
    context = error.get("ctx") or {}
    return template.format(input=shown, got=type(given).__name__, unit=unit, **context)
