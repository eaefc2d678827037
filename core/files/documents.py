"""Documents and media looked at for structure, in time linear in their size."""

import re
import zipfile
from typing import IO

import olefile

from core.files import archives

_TAIL = 2048
_MAX_CONTENT_TYPES = 1024 * 1024
_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_XREF_TABLE = re.compile(rb"\s*xref\s")
_XREF_STREAM = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_MAIN_PARTS = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
}
_OLE_STREAMS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}


class BadDocument(Exception):
    """The document can't be used; the message is for its owner."""


def require_pdf(file: IO[bytes]) -> None:
    """Header, end, and a table of objects where the end says; nothing else hidden in it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    end = _STARTXREF.search(file.read())
    if end is None:
        raise BadDocument("The PDF is damaged: it doesn't say at its end where its table of objects is.")
    file.seek(min(int(end[1]), size))
    table = file.read(64)
    if not (_XREF_TABLE.match(table) or _XREF_STREAM.match(table)):
        raise BadDocument("The PDF is damaged: its table of objects isn't where it should be.")
    file.seek(max(0, size - archives.LONGEST_END))
    if archives.END in file.read():
        raise BadDocument("The PDF holds another file.")


def require_ole(file: IO[bytes], extension: str) -> None:
    """An OLE container whose directory can be walked and holds the document's stream."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as container:
            found = any(container.exists(name) for name in _OLE_STREAMS[extension])
    except (OSError, ValueError, IndexError, TypeError, olefile.olefile.OleFileError) as error:
        raise BadDocument("The document is damaged and can't be read.") from error
    if not found:
        raise BadDocument("The document holds no text or table.")


def require_ooxml(file: IO[bytes], extension: str) -> None:
    """An Office package of the type its extension says, without macros."""
    try:
        entries = archives.directory(file)
        with zipfile.ZipFile(file) as package, package.open("[Content_Types].xml") as part:
            types = part.read(_MAX_CONTENT_TYPES)
    except (archives.BadArchive, *archives.FAULTS) as error:
        raise BadDocument("The document is damaged and can't be read.") from error
    if any(entry.filename.endswith("vbaProject.bin") for entry in entries):
        raise BadDocument("Documents with macros are not accepted.")
    if _MAIN_PARTS[extension] not in types:
        raise BadDocument("The document is not of the type its extension says.")
