"""From the bytes a user sent to those that are served: checked, rewritten, measured."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

from core.files import archives, documents, images, scanning
from core.files.kinds import Family, Kind, kind_of
from core.files.models import Purpose, StoredFile
from core.files.purposes import RULES
from core.files.sniffing import chunks


class Hopeless(Exception):
    """The file will never be served; the message is for its owner."""


@dataclass(frozen=True, slots=True)
class Processed:
    """What is known of a file that now lies at its key."""

    size: int
    sha256: str
    thumbnail_sizes: list[int]


def process(stored_file: StoredFile) -> Processed:
    """Check the file as sent and write what is served to storage; may be repeated at any point.

    Raises Hopeless, or TransientError where trying again may help.
    """
    kind = kind_of(stored_file.content_type)
    with default_storage.open(stored_file.incoming_key) as incoming:
        # S3 sends the whole of it now: a connection that breaks is no fault of the file's.
        incoming.seek(0)
        try:
            scanning.require_clean(incoming)
            content = _checked(incoming, kind)
            sizes = _write_thumbnails(stored_file, content, kind)
        except _REFUSALS as refusal:
            raise Hopeless(str(refusal)) from refusal
        size, sha256 = _measure(content)
        _write(stored_file.key, content)
    return Processed(size, sha256, sizes)


_REFUSALS = (scanning.VirusFound, images.BadImage, documents.BadDocument, archives.BadArchive)


def _checked(file: IO[bytes], kind: Kind) -> IO[bytes]:
    """What is to be served: pictures written anew, the rest as it was sent."""
    if kind.family == Family.IMAGE:
        return images.rewrite(file, kind.pillow_format)
    if check := _CHECKS.get(kind.family):
        check(file, kind)
    return file


_CHECKS: dict[Family, Callable[[IO[bytes], Kind], object]] = {
    Family.PDF: lambda file, kind: documents.require_pdf(file),
    Family.OLE: lambda file, kind: documents.require_ole(file, kind.extension),
    Family.OOXML: lambda file, kind: documents.require_ooxml(file, kind.extension),
}


def _write_thumbnails(stored_file: StoredFile, content: IO[bytes], kind: Kind) -> list[int]:
    if kind.family != Family.IMAGE:
        return []
    sizes = list(RULES[Purpose(stored_file.purpose)].thumbnails)
    for size in sizes:
        thumbnail = images.thumbnail(content, kind.pillow_format, size)
        _write(stored_file.thumbnail_key(size), thumbnail)
    return sizes


def _write(key: str, content: IO[bytes]) -> None:
    content.seek(0)
    default_storage.save(key, File(content, name=key))


def _measure(content: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(content):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
