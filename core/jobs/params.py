"""What a job may carry: ids. Brokers, Flower and the admin show it, so never a secret or a text."""

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

Id = UUID | int | str
Stored = dict[str, str | int]
_TEXT_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class BadDeclaration(TypeError):
    """The job function's signature isn't keyword-only ids."""


class BadParams(TypeError):
    """The job was called, or stored, with other parameters than it declares."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One id a job takes; an optional one may be left out or None."""

    name: str
    kind: type[UUID] | type[int] | type[str]
    optional: bool

    def encode(self, value: object) -> str | int:
        """The id as JSON carries it."""
        if type(value) is not self.kind:
            raise BadParams(f"{self.name} must be {self.kind.__name__}, not {value!r}")
        if self.kind is str and not _TEXT_ID.fullmatch(str(value)):
            raise BadParams(f"{self.name} isn't an id: {value!r}")
        return value if isinstance(value, int) else str(value)

    def decode(self, value: object) -> Id:
        """The id as the task gets it."""
        if self.kind is UUID and isinstance(value, str):
            try:
                return UUID(value)
            except ValueError as error:
                raise BadParams(f"{self.name} isn't a UUID: {value!r}") from error
        if type(value) is self.kind and isinstance(value, int | str):
            return value
        raise BadParams(f"{self.name} must be {self.kind.__name__}, not {value!r}")


def declared(function: Callable[..., object]) -> tuple[Parameter, ...]:
    """The parameters of a job's declaration; raises BadDeclaration."""
    hints = typing.get_type_hints(function)
    return tuple(
        _declared(parameter, hints.get(parameter.name))
        for parameter in inspect.signature(function).parameters.values()
    )


def _declared(parameter: inspect.Parameter, hint: object) -> Parameter:
    if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise BadDeclaration(f"{parameter.name} must be keyword-only")
    optional = False
    if isinstance(hint, types.UnionType) and type(None) in hint.__args__:
        optional = True
        (hint,) = (kind for kind in hint.__args__ if kind is not type(None))
    if hint not in (UUID, int, str):
        raise BadDeclaration(f"{parameter.name} must be a UUID, int or str: jobs carry ids")
    if parameter.default is not (None if optional else inspect.Parameter.empty):
        raise BadDeclaration(f"{parameter.name}: an optional id defaults to None, others to nothing")
    return Parameter(parameter.name, typing.cast("type[UUID]", hint), optional)


def encode(parameters: tuple[Parameter, ...], values: Mapping[str, object]) -> Stored:
    """The parameters as the ledger stores them; raises BadParams."""
    given = _given(parameters, values)
    return {name: parameter.encode(values[name]) for name, parameter in given.items()}


def decode(parameters: tuple[Parameter, ...], stored: Mapping[str, object]) -> dict[str, Id]:
    """The stored parameters as the task gets them; raises BadParams."""
    given = _given(parameters, stored)
    return {name: parameter.decode(stored[name]) for name, parameter in given.items()}


def _given(parameters: tuple[Parameter, ...], values: Mapping[str, object]) -> dict[str, Parameter]:
    known = {parameter.name: parameter for parameter in parameters}
    if unknown := values.keys() - known.keys():
        raise BadParams(f"unknown: {', '.join(sorted(unknown))}")
    given = {name: known[name] for name, value in values.items() if value is not None}
    required = {parameter.name for parameter in parameters if not parameter.optional}
    if missing := required - given.keys():
        raise BadParams(f"missing: {', '.join(sorted(missing))}")
    return given
