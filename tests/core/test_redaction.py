"""What a line of the log shows of secrets, in either format: nothing, wherever in the record they are."""

import json
import logging
from io import StringIO
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import RequestFactory

from core.correlation import CorrelationFilter
from core.redaction import anonymous

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


def test_what_comes_along_as_an_object_holds_none_either(log: logging.Logger, written: StringIO) -> None:
    """As Django gives the request along when it refuses one."""
    request = RequestFactory().post("/media/a.png?signature=c2lnbmF0dXJl&otp_code=206099")
    log.warning("refused", extra={"request": request, "error": ValueError(_SAID)})
    seen = written.getvalue()
    assert "refused" in seen
    for secret in ("c2lnbmF0dXJl", "206099", _PASSWORD):
        assert secret not in seen


def test_the_rest_of_a_line_stands(log: logging.Logger, written: StringIO) -> None:
    log.info("told: %s", _SAID, extra={"count": 3, "flag": True})
    line = written.getvalue().strip()
    if line.startswith("{"):
        told = json.loads(line)
        assert (told["level"], told["count"], told["flag"]) == ("INFO", 3, True)
        assert told["message"] == 'told: {"password": [secret]} with [token]'
    else:
        assert line == 'INFO    redacted told: {"password": [secret]} with [token] [-]'


_VALUES = ["argon2id$hash", "Said (in a) room).\n\nCONTEXT: to you", "amina@example.com"]
_EMPTY = "INSERT INTO written VALUES (%s, %s, %s, NULL)"
_TWICE = "INSERT INTO written VALUES (%s, %s, %s, 1), (%s, %s, %s, 1)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "told"),
    [(_EMPTY, 'null value in column "count"'), (_TWICE, '"written_said_key"'), (f"{_EMPTY} !", "syntax")],
)
def test_what_the_database_says_of_rows_is_blanked(
    log: logging.Logger, written: StringIO, statement: str, told: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE written "
            "(password text, said text UNIQUE, email text, count int NOT NULL) ON COMMIT DROP"
        )
        with pytest.raises(Error) as caught, transaction.atomic():
            cursor.execute(statement, (_VALUES * 2)[: statement.count("%s")])
    log.error("failed: %r", caught.value, exc_info=caught.value)
    seen = written.getvalue()
    assert told in seen.replace("\\", "")
    assert "the direct cause" in seen
    assert not [word for word in ("argon2id", "room", "to you", "amina") if word in seen]


@pytest.mark.parametrize("secret", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln", "0123456789abcdef" * 4])
def test_a_token_in_a_path_is_blanked(log: logging.Logger, written: StringIO, secret: str) -> None:
    log.info("GET /verify/%s/again 404", secret)
    assert "GET /verify/[token]/again 404" in written.getvalue()


def test_ids_of_requests_and_traces_stand(log: logging.Logger, written: StringIO) -> None:
    ids = f"{'0123456789abcdef' * 2} 00-{'ab' * 16}-{'cd' * 8}-01 01975c3e-6f1c-7a52-8a4e-3f0d7f2b8a11"
    log.info("ids %s", ids)
    assert ids in written.getvalue()


def test_what_is_kept_of_an_error_names_nobody() -> None:
    said = f"b'rejected: 858798 for amina@example.com, +213796269301' {_SAID}"
    kept = anonymous(said)
    assert kept == ("b'rejected: [number] for [email], [number]' {\"password\": [secret]} with [token]")
