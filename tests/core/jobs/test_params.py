"""Jobs carry ids only, and only those they declare."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from core.jobs import params

PARAMETERS = (
    params.Parameter("user_id", UUID, optional=False),
    params.Parameter("number", int, optional=True),
    params.Parameter("kind", str, optional=True),
)


def test_what_is_encoded_is_decoded() -> None:
    values = {"user_id": uuid4(), "number": 7, "kind": "session_reused"}
    assert params.decode(PARAMETERS, params.encode(PARAMETERS, values)) == values


def test_optional_ids_may_be_left_out_or_none() -> None:
    user_id = uuid4()
    assert params.encode(PARAMETERS, {"user_id": user_id, "number": None}) == {"user_id": str(user_id)}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"user_id": None},
        {"user_id": "not a uuid"},
        {"user_id": str(uuid4())},
        {"user_id": uuid4(), "other": 1},
        {"user_id": uuid4(), "number": "1"},
        {"user_id": uuid4(), "number": True},
        {"user_id": uuid4(), "kind": "a text with spaces"},
        {"user_id": uuid4(), "kind": "x" * 65},
        {"user_id": uuid4(), "kind": ""},
        {"user_id": uuid4(), "kind": {"nested": 1}},
    ],
)
def test_anything_else_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(params.BadParams):
        params.encode(PARAMETERS, values)


@pytest.mark.parametrize(
    "stored",
    [{}, {"user_id": "x"}, {"user_id": 1}, {"user_id": str(uuid4()), "number": "1"}, {"gone": 1}],
)
def test_rows_of_another_version_are_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(params.BadParams):
        params.decode(PARAMETERS, stored)


def positional(user_id: UUID) -> None: ...
def text(*, body: bytes) -> None: ...
def untyped(*, user_id) -> None: ...  # type: ignore[no-untyped-def]
def defaulted(*, number: int = 3) -> None: ...
def variadic(**ids: UUID) -> None: ...


@pytest.mark.parametrize("function", [positional, text, untyped, defaulted, variadic])
def test_a_declaration_is_keyword_only_ids(function: Any) -> None:
    with pytest.raises(params.BadDeclaration):
        params.declared(function)
