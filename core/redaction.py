"""Keeps secrets out of logs, whoever logs them."""

import logging
import re

_PATTERNS = (
    # A JWT, wherever it stands.
    (re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*"), "[token]"),
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
)


def redact(text: str) -> str:
    """The text with tokens, codes and passwords blanked."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class SecretsFilter(logging.Filter):
    """Redacts the message of every record, and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = redact(message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
