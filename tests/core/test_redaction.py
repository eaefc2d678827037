"""What a line of the log shows of secrets, in either format: nothing, wherever in the record they are."""

import json
import logging
from io import StringIO
from logging.config import DictConfigurator

import pytest
from django.conf import settings

from core.correlation import CorrelationFilter

_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
_PASSWORD = "Sahara-12345"
_SAID = f'{{"password": "{_PASSWORD}"}} with {_TOKEN}'


@pytest.fixture
def log() -> logging.Logger:
    return logging.Logger("redacted")  # noqa: LOG001 - nobody else's


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest, log: logging.Logger) -> StringIO:
    """What the logger writes as the settings have it."""
    configured = settings.LOGGING
    handler = logging.StreamHandler(StringIO())
    formatter = dict(configured["formatters"][request.param])
    handler.setFormatter(DictConfigurator(configured).configure_formatter(formatter))
    handler.addFilter(CorrelationFilter())
    log.addHandler(handler)
    return handler.stream


def fail() -> None:
    raise ValueError(_SAID)


def test_messages_traces_and_facts_hold_no_secret(log: logging.Logger, written: StringIO) -> None:
    log.info("told: %s", _SAID)
    log.info("told in fields: %s", _TOKEN, extra={"said": _SAID, "several": {"of": [_SAID]}})
    try:
        fail()
    except ValueError:
        log.exception("failed", stack_info=True)
    seen = written.getvalue()
    assert "ValueError" in seen
    assert seen.count("[token]") >= 3
    assert _TOKEN not in seen
    assert _PASSWORD not in seen


def test_the_rest_of_a_line_stands(log: logging.Logger, written: StringIO) -> None:
    log.info("told: %s", _SAID, extra={"count": 3, "flag": True})
    line = written.getvalue().strip()
    if line.startswith("{"):
        told = json.loads(line)
        assert (told["level"], told["count"], told["flag"]) == ("INFO", 3, True)
        assert told["message"] == 'told: {"password": [secret]} with [token]'
    else:
        assert line == 'INFO    redacted told: {"password": [secret]} with [token] [-]'
