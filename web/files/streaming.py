"""One file as a response: whole, one range of it, or nothing because the client has it."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from web import errors

_CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


class Unsatisfiable(Exception):
    """The range lies behind the file's end."""


def stream(request: HttpRequest, file: "File[Any]", *, content_type: str, etag: str) -> HttpResponseBase:
    """The file for this request, which it closes. Honours If-None-Match, Range and If-Range."""
    size = file.size
    if _has_it(request, etag):
        response: HttpResponseBase = _closing(file, HttpResponse(status=304))
    else:
        try:
            span = _range_of(request, size, etag)
        except Unsatisfiable:
            response = _closing(file, errors.detail("The requested range is not in the file.", 416))
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = _part(request, file, span, size, content_type)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def _has_it(request: HttpRequest, etag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))


def _range_of(request: HttpRequest, size: int, etag: str) -> range | None:
    """The bytes asked for; None for the whole. Several ranges at once may be ignored: they are."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked.group(1) == asked.group(2) == "":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if first == "":
        span = range(max(0, size - int(last)), size)
    else:
        if last and int(last) < int(first):
            return None
        span = range(int(first), min(size, int(last) + 1 if last else size))
    if not span:
        raise Unsatisfiable
    return span


def _part(
    request: HttpRequest, file: "File[Any]", span: range | None, size: int, content_type: str
) -> HttpResponseBase:
    wanted = range(size) if span is None else span
    if request.method == "HEAD":
        response: HttpResponseBase = _closing(file, HttpResponse(content_type=content_type))
    else:
        response = StreamingHttpResponse(_Chunks(file, wanted), content_type=content_type)
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    response["Content-Length"] = str(len(wanted))
    return response


class _Chunks:
    """The bytes of a range; close, which Django calls, closes the file even if nobody read on."""

    def __init__(self, file: "File[Any]", span: range) -> None:
        self.close = file.close
        self._file = file
        self._span = span

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.start)
        left = len(self._span)
        while left and (chunk := self._file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _closing(file: "File[Any]", response: HttpResponse) -> HttpResponse:
    file.close()
    return response
