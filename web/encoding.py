"""How forms are read as text: what isn't UTF-8 is kept apart, not replaced.

Django decodes with errors="replace", which would store something other than what was sent. In this
codec bytes that are no text become lone surrogates, which every field refuses by its own name.
"""

import codecs
from typing import Any

from django.http import HttpRequest

_UTF_8 = "utf-8"
_STRICT = "utf_8_kept_apart"


def form_encoding(request: HttpRequest) -> str:
    """The encoding to read the request's form by: what it declares, or UTF-8."""
    declared = request.encoding or _UTF_8
    return _STRICT if codecs.lookup(declared).name == _UTF_8 else declared


def _decode(data: Any, errors: str = "strict") -> tuple[str, int]:
    return codecs.utf_8_decode(data, "surrogateescape", True)


def _search(name: str) -> codecs.CodecInfo | None:
    return codecs.CodecInfo(codecs.utf_8_encode, _decode, name=_STRICT) if name == _STRICT else None


codecs.register(_search)
