"""ZIP files looked at from outside: only their directory is read, nothing is unpacked."""

import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from core.files.sniffing import head

MAX_ENTRIES = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
_LOCAL_HEADER = b"PK\x03\x04"
END = b"PK\x05\x06"
"""Begins the record that a ZIP file ends with; a comment of up to 65,535 bytes is part of it."""
_END_SIZE = 22
LONGEST_END = _END_SIZE + 65_535
_CONTENT_TYPES = "[Content_Types].xml"
# What zipfile raises of files that lie about themselves; a RuntimeError is one that is encrypted, or
# packed in a way it doesn't know.
FAULTS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, OverflowError, KeyError, RuntimeError),
)


class BadArchive(Exception):
    """Not a ZIP file, or one made to hurt."""


def is_zip(file: IO[bytes]) -> bool:
    """A ZIP file from its first byte to its last, with a sane directory; it may be empty."""
    try:
        directory(file)
    except BadArchive:
        return False
    return True


def is_office(file: IO[bytes], folder: str) -> bool:
    """A ZIP file that holds an Office document whose parts lie in the folder."""
    try:
        names = [entry.filename for entry in directory(file)]
    except BadArchive:
        return False
    return _CONTENT_TYPES in names and any(name.startswith(folder) for name in names)


def directory(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """The entries. Raises BadArchive: foreign bytes around it, too much in it, or paths outside."""
    if _sane_end(file) and not head(file).startswith(_LOCAL_HEADER):
        raise BadArchive("no entry at the start")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except FAULTS as error:
        raise BadArchive(str(error)) from error
    finally:
        file.seek(0)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadArchive("too large unpacked")
    if any(_leads_outside(entry.filename) for entry in entries):
        raise BadArchive("an entry leads outside")
    return entries


def _sane_end(file: IO[bytes]) -> int:
    """Where the end of the directory begins, 0 of an empty one; it is small, and the file ends with it."""
    size = file.seek(0, 2)
    start = file.seek(max(0, size - LONGEST_END))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise BadArchive("no directory")
    entries, comment = struct.unpack_from("<10xH8xH", tail, at)
    if at + _END_SIZE + comment != len(tail):
        raise BadArchive("something follows its end")
    if entries > MAX_ENTRIES:
        raise BadArchive("too many entries")
    return start + at


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts
