"""Telephone numbers, as people write them."""

import re
from typing import Annotated

from pydantic import AfterValidator

from web.forms import rule
from web.schema import FilledTrimmed, Trimmed, at_most

# Address books put these around numbers in texts that run from right to left.
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+\d ()./\u00a0-]+")
_DIGIT = re.compile(r"\d")


def _a_number(text: str) -> str:
    number = _DIRECTIONS.sub("", text).strip()
    if number and not (_NUMBER.fullmatch(number) and _DIGIT.search(number)):
        raise rule("Enter a valid phone number.")
    return number


Phone = Annotated[Trimmed, at_most(32), AfterValidator(_a_number)]
"""Digits of any script, with the signs and blanks that are usual between them; or nothing."""
RequiredPhone = Annotated[FilledTrimmed, at_most(32), AfterValidator(_a_number)]
