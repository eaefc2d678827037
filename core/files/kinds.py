"""The kinds of files there are, each known by its extensions and by its content."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from core.files import archives, sniffing

_Looks = Callable[[IO[bytes]], bool]


class Family(StrEnum):
    """Decides how a file is processed, and whether a browser may show it."""

    IMAGE = "image"
    PDF = "pdf"
    OLE = "ole"
    OOXML = "ooxml"
    TEXT = "text"
    ARCHIVE = "archive"
    AUDIO = "audio"
    VIDEO = "video"


SHOWN_INLINE = frozenset({Family.IMAGE, Family.AUDIO, Family.VIDEO})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file; looks_right tells from the content, quickly and without decoding it."""

    extension: str
    content_type: str
    family: Family
    looks_right: _Looks
    aliases: tuple[str, ...] = ()

    @property
    def pillow_format(self) -> str:
        """What Pillow calls an image of this kind."""
        return self.content_type.partition("/")[2].upper()


def _starts(*prefixes: bytes) -> _Looks:
    return lambda file: sniffing.head(file).startswith(prefixes)


def _riff(form: bytes) -> _Looks:
    pattern = re.compile(rb"RIFF.{4}" + form, re.DOTALL)
    return lambda file: pattern.match(sniffing.head(file)) is not None


def _ole(*streams: str) -> _Looks:
    return lambda file: sniffing.is_ole_with(file, streams)


def _ooxml(folder: str) -> _Looks:
    return lambda file: archives.is_office(file, folder)


_OFFICE = "application/vnd.openxmlformats-officedocument"

_ALL = (
    Kind("jpg", "image/jpeg", Family.IMAGE, _starts(b"\xff\xd8\xff"), ("jpeg",)),
    Kind("png", "image/png", Family.IMAGE, _starts(b"\x89PNG\r\n\x1a\n")),
    Kind("gif", "image/gif", Family.IMAGE, _starts(b"GIF87a", b"GIF89a")),
    Kind("webp", "image/webp", Family.IMAGE, _riff(b"WEBP")),
    Kind("pdf", "application/pdf", Family.PDF, _starts(b"%PDF-")),
    Kind("doc", "application/msword", Family.OLE, _ole("WordDocument")),
    Kind("xls", "application/vnd.ms-excel", Family.OLE, _ole("Workbook", "Book")),
    Kind("docx", f"{_OFFICE}.wordprocessingml.document", Family.OOXML, _ooxml("word/")),
    Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", Family.OOXML, _ooxml("xl/")),
    Kind("txt", "text/plain", Family.TEXT, sniffing.is_plain_text),
    Kind("csv", "text/csv", Family.TEXT, sniffing.is_plain_text),
    Kind("zip", "application/zip", Family.ARCHIVE, archives.is_zip),
    Kind("rar", "application/vnd.rar", Family.ARCHIVE, _starts(b"Rar!\x1a\x07")),
    Kind("mp3", "audio/mpeg", Family.AUDIO, sniffing.is_mp3),
    Kind("wav", "audio/wav", Family.AUDIO, _riff(b"WAVE")),
    Kind("m4a", "audio/mp4", Family.AUDIO, sniffing.is_mp4),
    Kind("mp4", "video/mp4", Family.VIDEO, sniffing.is_mp4),
    Kind("avi", "video/x-msvideo", Family.VIDEO, _riff(b"AVI ")),
    Kind("mov", "video/quicktime", Family.VIDEO, sniffing.is_quicktime),
)
BY_EXTENSION = {name: kind for kind in _ALL for name in (kind.extension, *kind.aliases)}
_BY_CONTENT_TYPE = {kind.content_type: kind for kind in _ALL}


def kind_of(content_type: str) -> Kind:
    """The kind of a stored file."""
    return _BY_CONTENT_TYPE[content_type]
