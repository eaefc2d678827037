"""Lists as people send them: each item once, in the order they came, at a cost that grows with them."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from web.forms import Listed

LIST = TypeAdapter(Annotated[list[Any], Listed])


class Compared(str):
    """A text that counts how often texts like it are compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Compared.compared += 1
        return super().__eq__(other)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (["b", "a", "b"], ["b", "a"]),
        ('["b", "a", "b"]', ["b", "a"]),
        ("b", ["b"]),
        ("[b", ["[b"]),
        (" ", []),
        ([{}, {}, ["a"]], [{}, {}, ["a"]]),
    ],
)
def test_b10_lists_in_bodies_of_any_kind(sent: Any, read: list[Any]) -> None:
    assert LIST.validate_python(sent) == read


def test_no_item_is_compared_with_every_other() -> None:
    Compared.compared = 0
    assert len(LIST.validate_python([Compared(number) for number in range(2000)])) == 2000
    assert Compared.compared < 20_000
