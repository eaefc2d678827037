"""Lists in pages of one length."""

from dataclasses import dataclass

from core.errors import NotFound

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """count is of all pages; results is a JSON array."""

    count: int
    results: str


def offset_of(page: int) -> int:
    """How many come before this page."""
    return (page - 1) * PAGE_SIZE


def require_page(page: int, count: int) -> None:
    """NotFound unless a list of so many has this page; the first is always there."""
    if page > 1 and offset_of(page) >= count:
        raise NotFound("Invalid page.")
