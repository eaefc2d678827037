"""The JSON examples of the API's documentation, and how an answer is held against one.

examples.json has every JSON block by its line there, with the operation it belongs to.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

EXAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))
COVERED: set[int] = set()
_Test = TypeVar("_Test", bound=Callable[..., Any])

# Keys that are there beside the documented ones.
ADDITIONS = {
    *("is_course", "client", "accountant", "decline_reason", "cv_file_state", "cv_file_reason"),
    *("file_state", "file_reason", "name_ar", "name_fr", "next_cursor", "event_id", "client_message_id"),
    *("message_type", "file", "is_edited", "filename", "thumbnail", "message_id"),
    *("profile_picture_thumbnails", "profile_picture_state", "profile_picture_reason"),
}
NULLABLE = {
    *("price", "linkedin_url", "cv_file", "next", "previous", "edited_at", "file"),
    *("profile_picture", "profile_picture_url"),
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FORMS = {
    "a time": (
        re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)"),
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    ),
    "an id": (re.compile(rf"(uuid|\w+-uuid)-here|{_UUID.pattern}"), _UUID),
    "an amount": (re.compile(r"\d+\.\d\d"), re.compile(r"\d+\.\d\d")),
    "an address": (re.compile(r"https?://.*"), re.compile(r"https?://.*")),
    "a path": (re.compile(r"/media/.*"), re.compile(r"/media/.*")),
}


def covers(*lines: int) -> Callable[[_Test], _Test]:
    """The examples that a test holds; the book checks that it did."""

    def mark(test: _Test) -> _Test:
        COVERED.update(lines)
        test.examples = set(lines)  # type: ignore[attr-defined]
        return test

    return mark


class Book:
    """The examples in a test's hands."""

    def __init__(self) -> None:
        self.used: set[int] = set()

    def body(self, line: int, **changes: Any) -> Any:
        """An example, with what it only stands for replaced."""
        self.used.add(line)
        return EXAMPLES[str(line)]["body"] | changes

    def errors(self, line: int) -> list[dict[str, str]]:
        """The error frames of one block."""
        self.used.add(line)
        return list(EXAMPLES[str(line)]["bodies"])

    def answered(self, line: int, response: Any, status: int = 200) -> Any:
        """The body of a response that is as its example says; refusals word for word."""
        assert response.status_code == status, response.content
        return self.like(line, response.json(), exactly=status >= 400)

    def like(self, line: int, value: Any, *, exactly: bool = False) -> Any:
        """The value, which has the example's keys and types, or is the same."""
        self.used.add(line)
        example = EXAMPLES[str(line)]["body"]
        if exactly:
            assert value == example
        assert list(differences(example, value)) == []
        return value


@pytest.fixture
def book(request: pytest.FixtureRequest) -> Iterator[Book]:
    """All examples; the test has held just those that it covers."""
    opened = Book()
    yield opened
    assert opened.used == request.function.examples


def differences(example: Any, value: Any, at: str = "") -> Iterator[str]:
    """Where a value isn't shaped as the example is."""
    if None in (example, value) and at.rpartition(".")[2] in NULLABLE:
        return
    if _kind(example) != _kind(value):
        yield f"{at}: {value!r} is not like {example!r}"
    elif isinstance(example, dict):
        yield from _of_objects(example, value, at)
    elif isinstance(example, list):
        yield from _of_lists(example, value, at)
    elif isinstance(example, str):
        yield from _of_texts(example, value, at)


def _of_objects(example: dict[str, Any], value: dict[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at}.{key}: missing" for key in example.keys() - value.keys())
    yield from (f"{at}.{key}: more than is told" for key in value.keys() - example.keys() - ADDITIONS)
    for key in example.keys() & value.keys():
        yield from differences(example[key], value[key], f"{at}.{key}")


def _of_lists(example: list[Any], value: list[Any], at: str) -> Iterator[str]:
    if bool(example) != bool(value):
        yield f"{at}: empty where the other is not"
    else:
        for item in value:
            yield from differences(example[0], item, at)


def _of_texts(example: str, value: str, at: str) -> Iterator[str]:
    for form, (looks_so, is_so) in _FORMS.items():
        if looks_so.fullmatch(example) and not is_so.fullmatch(value):
            yield f"{at}: {value!r} is not {form}"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__
