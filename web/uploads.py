"""Files as fields of a body: checked with the other fields, so that all problems are told at once."""

from typing import Annotated, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from pydantic import BeforeValidator, WithJsonSchema

from core.files.acceptance import BadUpload, CheckedUpload, check_upload
from core.files.models import Purpose
from web.forms import rule

SEVERAL_FILES = "Only one file can be sent here."
NOT_A_FILE = "The submitted data was not a file. Check the encoding type on the form."
BINARY = {"type": "string", "format": "binary"}


def a_file(purpose: Purpose) -> Any:
    """The type of a field that takes one file."""

    def check(value: Any) -> CheckedUpload:
        if isinstance(value, list) and any(isinstance(one, UploadedFile) for one in value):
            raise rule(SEVERAL_FILES)
        if not isinstance(value, UploadedFile):
            raise rule(NOT_A_FILE)
        try:
            return check_upload(value, purpose)
        except BadUpload as refusal:
            raise rule(refusal.message) from None

    return Annotated[Any, BeforeValidator(check), WithJsonSchema(BINARY)]


def an_optional_file(purpose: Purpose) -> Any:
    """The type of a field that takes one file, or null (in a form: nothing) to remove it."""
    return Annotated[a_file(purpose) | None, BeforeValidator(lambda value: value or None)]


def files(purpose: Purpose) -> Any:
    """The type of a field that takes several files under one repeated key; null says nothing.

    To send none at all, in place of those there are, is an empty list (in a form: an empty field).
    """
    several = WithJsonSchema({"type": "array", "items": BINARY, "maxItems": settings.UPLOAD_MAX_FILES})
    return Annotated[list[a_file(purpose)] | None, BeforeValidator(_several), several]  # type: ignore[misc]


def _several(value: Any) -> list[Any] | None:
    if value is None:
        return None
    if value == "":
        return []
    many = value if isinstance(value, list) else [value]
    limit = settings.UPLOAD_MAX_FILES
    if len(many) > limit:
        raise rule(f"No more than {limit} files may be uploaded at once.")
    return many
