"""Keeps secrets out of logs and of what is stored or told of errors, whoever tells them."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from pythonjsonlogger.json import JsonFormatter

_PATTERNS = (
    # A JWT, wherever it stands.
    (re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*"), "[token]"),
    # A hash or a token as hex, longer than the ids of requests and traces.
    (re.compile(r"(?i)(?<![0-9a-z])[0-9a-f]{40,}(?![0-9a-z])"), "[token]"),
    # A secret in a query string.
    (re.compile(r"(?i)\b(\w*token|sig|signature|appsecret_proof)=[^&\s\"']+"), r"\1=[secret]"),
    # A secret in JSON, a dict's repr or a header.
    (
        re.compile(
            r"(?i)([\"']?\b(?:otp_code|password\d?|old_password|new_password\d?|refresh|access|"
            r"access_token|refresh_token|authorization)[\"']?\s*[:=]\s*)"
            r"(\"[^\"]*\"|'[^']*'|bearer\s+\S+)"
        ),
        r"\1[secret]",
    ),
    # The password of a URL.
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:[secret]@"),
    # What PostgreSQL says after the first line of an error: values of rows, and the query. Up to
    # the next exception of a trace, since a value may have any form.
    (
        re.compile(
            r"((?:\n|\\n)[\s|]*(?:DETAIL|CONTEXT|QUERY|LINE \d+):).*?"
            r"(?=\n[\s|]*\n[\s|]*(?:The above exception was|During handling of the above)|\Z)",
            re.DOTALL,
        ),
        r"\1 [values]",
    ),
)
_PERSONAL = (
    (re.compile(r"[^\s@<>\"'(),;:=\[\]{}]+@[^\s@<>\"'(),;:=\[\]{}]+\.\w+"), "[email]"),
    (re.compile(r"(?<![\w-])\+?\d{6,15}(?![\w-])"), "[number]"),
)


def redact(text: str) -> str:
    """The text with tokens, passwords and the values of rows blanked."""
    return _blanked(text, _PATTERNS)


def anonymous(text: str) -> str:
    """The text without secrets, and without emails and numbers: codes and phones among them."""
    return _blanked(redact(text), _PERSONAL)


def _blanked(text: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, replacement in patterns:
        text = pattern.sub(replacement, text)
    return text


def in_each_text(change: Callable[[str], str], value: Any) -> Any:
    """A value as JSON has them, with every text it holds changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: in_each_text(change, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [in_each_text(change, inner) for inner in value]
    return value


class TextLines(logging.Formatter):
    """A record as text, redacted with the trace of its exception."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonLines(JsonFormatter):
    """A record as JSON, each of its fields redacted before quotes are escaped."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        # Django gives the request along, whose address may hold a token, a code or a signature.
        told = {key: _as_json(value) for key, value in log_data.items() if key != "request"}
        return dict(in_each_text(redact, super().process_log_record(told)))


def _as_json(value: Any) -> Any:
    """What JSON has no form for is written as text later, past the redaction: here it becomes one."""
    return (
        value if value is None or isinstance(value, str | int | float | dict | list | tuple) else str(value)
    )
