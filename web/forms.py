"""Field types for what forms can't say plainly, and errors in our own words."""

import json
from typing import Any

from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError


def rule(message: str) -> PydanticCustomError:
    """A broken rule of ours, told to the user in these words."""
    return PydanticCustomError("rule", "{text}", {"text": message})


def not_a_choice(value: str) -> PydanticCustomError:
    """What is told of a value that isn't offered; of a long one, the beginning."""
    return rule(f'"{value[:100]}" is not a valid choice.')


def _listed(value: Any) -> Any:
    """A JSON list as a string, repeated keys, or a single value."""
    if not isinstance(value, str):
        return _distinct(value)
    if not value.strip():
        return []
    if value.lstrip().startswith("["):
        try:
            return _distinct(json.loads(value))
        except (ValueError, RecursionError):
            return [value]
    return [value]


def _distinct(value: Any) -> Any:
    """A list without repetitions; anything else as it is, and so a list of what nothing here takes."""
    if not isinstance(value, list):
        return value
    try:
        return list(dict.fromkeys(value))
    except TypeError:
        return value


def _as_written(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
        raise rule("A valid number is required.")
    return value


AsWritten = BeforeValidator(_as_written)
"""Numbers as people write them: no boolean is one, nor is Python's own spelling, 1_000."""


Listed = BeforeValidator(_listed)
"""A list, in JSON or in a form; duplicates are dropped."""


def few(most: int) -> BeforeValidator:
    """A list of no more items than this; of too many none is looked at, for each could be wrong."""

    def check(value: Any) -> Any:
        if isinstance(value, list) and len(value) > most:
            raise rule(f"Ensure this field has no more than {most} items.")
        return value

    return BeforeValidator(check)


def _blank_is_null(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _null_is_blank(value: Any) -> Any:
    return "" if value is None else value


class _Nullable(BeforeValidator):
    """One by which null is taken too."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "null"}]}


BlankIsNull = BeforeValidator(_blank_is_null)
"""An empty form field means null."""
NullIsBlank = _Nullable(_null_is_blank)
"""null means an empty text."""
