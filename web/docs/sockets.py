"""The socket's protocol: as an AsyncAPI document, and to be read."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.documents import fields

_PATH: Path = settings.BASE_DIR / "docs" / "api" / "asyncapi.json"


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """`/asyncapi.json`, as `manage.py asyncapi` made it."""
    return HttpResponse(_document(), content_type="application/json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`/asyncapi/`: the same to be read."""
    return render(request, "web/asyncapi.html", _content())


@cache
def _document() -> bytes:
    return _PATH.read_bytes()


@cache
def _content() -> dict[str, Any]:
    """What the page is made of: what clients send with its replies, and what they are sent."""
    whole = orjson.loads(_document())
    operations = whole["operations"].values()
    return {
        "info": whole["info"],
        "host": whole["servers"]["edge"]["host"],
        "channel": whole["channels"]["socket"],
        "query": whole["channels"]["socket"]["bindings"]["ws"]["query"]["properties"],
        "received": [_shown(whole, one) for one in operations if one["action"] == "receive"],
        "sent": [_shown(whole, one) for one in operations if one["action"] == "send"],
    }


def _shown(whole: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    replies = operation.get("reply", {}).get("messages", [])
    (message,) = _messages(whole, operation["messages"])
    answers = [reply for reply in _messages(whole, replies) if reply["name"] != "error"]
    return {**message, "replies": answers, "errors": operation.get("x-errors", [])}


def _messages(whole: dict[str, Any], references: list[dict[str, str]]) -> list[dict[str, Any]]:
    found = [
        whole["components"]["messages"][reference["$ref"].rpartition("/")[2]] for reference in references
    ]
    return [
        {
            **message,
            "payload_name": message["payload"]["$ref"].rpartition("/")[2],
            "fields": list(fields(whole, message["payload"])),
            "example": _example(message),
        }
        for message in found
    ]


def _example(message: dict[str, Any]) -> str:
    """As it is on the wire, but for the spaces."""
    return orjson.dumps(message["examples"][0]["payload"], option=orjson.OPT_INDENT_2).decode()
