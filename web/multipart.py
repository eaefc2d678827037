"""Multipart bodies by any method, and only whole ones: a sender that stopped midway sent nothing."""

import re
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from web.encoding import form_encoding

_LONGEST_END = 1024
# What browsers write for a quote or a line break in the name of a file.
_ESCAPED = re.compile("%(22|0D|0A)")


class Incomplete(MultiPartParserError):
    """The body ends before its closing boundary."""


class _Tail:
    """Passes a request's body on and remembers how it ended."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.end = b""

    def read(self, size: int = -1) -> bytes:
        chunk = self._request.read(size)
        self.end = (self.end + chunk)[-_LONGEST_END:]
        return chunk


def parse_multipart(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """Fields and files. Raises MultiPartParserError and what Django's limits raise."""
    body = _Tail(request)
    encoding = form_encoding(request)
    parser = MultiPartParser(request.META, body, request.upload_handlers, encoding)  # type: ignore[arg-type]
    fields, files = parser.parse()
    for _, several in files.lists():
        for file in several:
            file.name = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), file.name)
    # Where Django keeps them: it closes them, and so deletes what is temporary, with the request.
    request._files = files  # type: ignore[attr-defined]  # noqa: SLF001
    boundary = (request.content_params or {}).get("boundary", "").encode("latin-1", "replace")
    if request.META.get("CONTENT_LENGTH") not in {"0", ""} and b"--" + boundary + b"--" not in body.end:
        raise Incomplete("the closing boundary is missing")
    return fields, files
