"""The one place that takes what users send: type, size and content must be in order."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile

from core.errors import DomainError
from core.files import images
from core.files.kinds import BY_EXTENSION, Family, Kind
from core.files.models import Purpose
from core.files.purposes import RULES

_NAME_LENGTH = 255
_MEGABYTE = 1024 * 1024
# Directions and joiners that make a name read as another; tatweel and letters stay.
_DECEIVING = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class BadUpload(DomainError):
    """The file is not taken; the message is for the user, under the field it came in."""


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that passed check_upload; name is for display only."""

    content: "UploadedFile[bytes]"
    name: str
    kind: Kind
    purpose: Purpose

    @property
    def size(self) -> int:
        return self.content.size or 0


def check_upload(upload: "UploadedFile[bytes]", purpose: Purpose) -> CheckedUpload:
    """The upload, known to be of an allowed type and size; raises BadUpload.

    What has to be decoded to be known (bombs, polyglots, viruses) is left to the workers.
    """
    rules = RULES[purpose]
    name = display_name(upload.name or "")
    kind = BY_EXTENSION.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if kind is None or kind not in rules.kinds:
        supported = ", ".join(kind.extension.upper() for kind in rules.kinds)
        raise BadUpload(f"This type of file is not supported. Supported types: {supported}.")
    if not upload.size:
        raise BadUpload("The submitted file is empty.")
    if upload.size > rules.max_bytes:
        raise BadUpload(f"Ensure this file is no larger than {rules.max_bytes // _MEGABYTE} MB.")
    _require_agreement(upload, kind)
    return CheckedUpload(upload, name, kind, purpose)


def _require_agreement(upload: "UploadedFile[bytes]", kind: Kind) -> None:
    if not kind.looks_right(upload):
        raise BadUpload("The content of the file does not match its extension.")
    if kind.family == Family.IMAGE:
        try:
            images.require_sane_header(upload, kind.pillow_format)
        except images.BadImage as error:
            raise BadUpload(str(error)) from error


def display_name(name: str) -> str:
    """The last part of the client's path, without control characters, its extension kept."""
    last = re.split(r"[/\\]", _DECEIVING.sub("", name))[-1]
    shown = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in last)
    stem, dot, extension = shown.strip().rpartition(".")
    if not dot:
        return extension[:_NAME_LENGTH]
    extension = extension[:16]
    return f"{stem[: _NAME_LENGTH - len(extension) - 1].rstrip()}.{extension}"
