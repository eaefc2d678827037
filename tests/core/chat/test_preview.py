"""What a notification shows of a message."""

import pytest

from core.chat.actions.announce import preview


@pytest.mark.parametrize(
    ("content", "shown"), [("x", "x"), ("x" * 50, "x" * 50), ("م" * 60, "م" * 50 + "...")]
)
def test_the_preview_is_fifty_characters(content: str, shown: str) -> None:
    assert preview(content) == shown
