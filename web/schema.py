"""The base of every schema, and the field types they share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any
from unicodedata import bidirectional, category

from ninja import Schema as NinjaSchema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError


class Schema(NinjaSchema):
    """Unknown keys are ignored; numbers are finite; a string is never a number."""

    model_config = ConfigDict(
        allow_inf_nan=False,
        extra="ignore",
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
        populate_by_name=True,
    )


def _undefaulted(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class Patch(Schema):
    """A body of which what is left out stays: the document names no value for it."""

    model_config = ConfigDict(json_schema_extra=_undefaulted)


class Documented:
    """Keys that the document adds to a type: what is checked elsewhere, in words of its own."""

    def __init__(self, **keys: Any) -> None:
        self._keys = keys

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), **self._keys}


def storable(text: str) -> str:
    """Text PostgreSQL can hold: no NUL, no lone surrogate."""
    if "\x00" in text:
        raise PydanticCustomError("null_characters", "Null characters are not allowed.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "Not a valid string.") from None
    return text


def _a_string(value: Any) -> Any:
    """Numbers in a JSON body are not strings, nor are lists of repeated form keys."""
    if isinstance(value, str):
        return storable(value)
    return value


Text = Annotated[str, BeforeValidator(_a_string)]
Trimmed = Annotated[Text, StringConstraints(strip_whitespace=True)]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "This field may not be blank.")
    return text


# Embeddings, overrides and isolates: by them a name reads as another one.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def one_line(text: str) -> str:
    """Names and numbers hold no line breaks, and nothing that turns the text around them."""
    if any(category(char) == "Cc" or bidirectional(char) in _TURNING for char in text):
        raise PydanticCustomError("blank", "Control characters are not allowed.")
    return text


Filled = Annotated[Text, AfterValidator(_not_blank), Documented(minLength=1)]
FilledTrimmed = Annotated[Trimmed, AfterValidator(_not_blank), Documented(minLength=1)]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Timestamp = Annotated[
    datetime,
    PlainSerializer(_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def at_most(length: int) -> StringConstraints:
    """No more than this many characters."""
    return StringConstraints(max_length=length)


def one_of(values: Iterable[str]) -> WithJsonSchema:
    """Said in the document alone: a text that is sent, and is always one of these."""
    return WithJsonSchema({"type": "string", "enum": list(values)})
