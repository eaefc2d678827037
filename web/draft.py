"""Bodies whose problems wait for those of the action, so that all are told at once."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from web.wording import fields_of

_Body = TypeVar("_Body", bound=BaseModel)


class Draft(Generic[_Body]):
    """What was sent for a schema: `Payload[Draft[BookingIn]]` never fails, but for a non-object.

    values has the valid fields, defaults included; sent names the fields that were there.
    """

    # Not a dataclass: pydantic would take that for the schema.
    def __init__(
        self,
        values: Mapping[str, Any],
        sent: frozenset[str],
        problems: Mapping[str, list[str]],
    ) -> None:
        self.values = values
        self.sent = sent
        self.problems = problems

    def valid(self, *names: str) -> dict[str, Any]:
        """Those of the fields that were sent and are valid."""
        return {name: self.values[name] for name in names if name in self.sent & self.values.keys()}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (model,) = get_args(source)
        return core_schema.no_info_wrap_validator_function(
            partial(_read, model), handler.generate_schema(model)
        )


def _read(model: type[BaseModel], given: Any, validate: Any) -> Draft[Any]:
    try:
        body = validate(given)
    except ValidationError as error:
        found = [{**item, "loc": ("draft", *item["loc"])} for item in error.errors()]
        return Draft(_valid_fields(model, given), frozenset(given), fields_of(found))
    values = {name: getattr(body, name) for name in type(body).model_fields}
    return Draft(values, frozenset(body.model_fields_set), {})


def _valid_fields(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """Field by field, for the rules that need only one."""
    values = {}
    for name, field in model.model_fields.items():
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
            values[name] = adapter.validate_python(given[name])
        except (KeyError, ValidationError):
            continue
    return values
