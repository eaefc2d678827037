"""What a file's first bytes say it is. Nothing here decodes or unpacks."""

import re
from collections.abc import Iterator
from typing import IO

_HEAD = 4096
_CHUNK = 64 * 1024
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_SCRIPT = b"#!"
_MARKUP = re.compile(rb"\s*<(!doctype|\?xml|html|head|body|script|svg|iframe|!--)", re.IGNORECASE)
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8_MARK = b"\xef\xbb\xbf"
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def head(file: IO[bytes], size: int = _HEAD) -> bytes:
    """The first bytes; the file is left at its start."""
    file.seek(0)
    start = file.read(size)
    file.seek(0)
    return start


def chunks(file: IO[bytes], size: int = _CHUNK) -> Iterator[bytes]:
    """The whole file from its start."""
    file.seek(0)
    while chunk := file.read(size):
        yield chunk


def is_plain_text(file: IO[bytes]) -> bool:
    """Text of any encoding without control characters.

    None that a browser would take for markup, or a shell for a script.
    """
    start = head(file)
    if encoding := _BYTE_ORDER_MARKS.get(start[:2]):
        return _is_wide_text(file, encoding)
    plain = start.removeprefix(_UTF8_MARK)
    if plain.startswith(_SCRIPT) or _MARKUP.match(plain):
        return False
    return not any(_CONTROL.search(chunk) for chunk in chunks(file))


def _is_wide_text(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    try:
        text = file.read().decode(encoding)
    except UnicodeDecodeError:
        return False
    body = text.removeprefix("\ufeff")
    is_code = body.startswith("#!") or _MARKUP.match(body[:_HEAD].encode("utf-8", "replace"))
    return not is_code and not _WIDE_CONTROL.search(body)


def is_ole_with(file: IO[bytes], streams: tuple[str, ...]) -> bool:
    """An OLE container (Office before 2007) whose directory names one of the streams."""
    if not head(file).startswith(_OLE_MAGIC):
        return False
    names = [_ole_name(name) for name in streams]
    tail = b""
    for chunk in chunks(file):
        if any(name in tail + chunk for name in names):
            return True
        tail = chunk[-64:]
    return False


def _ole_name(name: str) -> bytes:
    return f"{name}\x00".encode("utf-16-le")


def is_mp3(file: IO[bytes]) -> bool:
    """A tag, or a frame of MPEG audio layer III."""
    start = head(file)
    if start.startswith(b"ID3"):
        return True
    return len(start) > 2 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2


def is_mp4(file: IO[bytes]) -> bool:
    """An ISO media file that isn't QuickTime."""
    start = head(file)
    return start[4:8] == b"ftyp" and start[8:12] != b"qt  "


def is_quicktime(file: IO[bytes]) -> bool:
    """A QuickTime movie, with or without a type box."""
    start = head(file)
    return start[4:12] == b"ftypqt  " or start[4:8] in _QUICKTIME_ATOMS
