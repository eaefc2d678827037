"""Off, nothing is loaded; on, errors leave without what a person wrote, and spans without texts."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.collector import Collector

_SECRETS = (
    "amina@example.com", "123456", "+213796269301", "Sahara-12345", "eyJhbGciOiJIUzI1NiJ9",
    "Boulevard", "اجتماع سري",
)  # fmt: skip
_FAIL = """
import logging
said = {"content": "اجتماع سري"}  # Far from where it fails: the lines around that are told.
import django
django.setup()
from core import correlation, telemetry
telemetry.start("web")
log = logging.getLogger("web.errors")
password = "Sahara-12345"

def act(email, body):
    raise ValueError(
        'amina@example.com may not: code 123456, phone +213796269301, {"password": "Sahara-12345"} '
        '\\nDETAIL:  Key (full_name)=(12 Boulevard) already exists. Failing row contains (1, اجتماع سري, 2).'
    )

with correlation.correlated("request-1"), telemetry.span("work", "server"):
    try:
        act("amina@example.com", said)
    except ValueError as error:
        token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        extra = {"email": "amina@example.com", "authorization": f"Bearer {token}"}
        log.error("request failed for %s: ?token=%s", "amina@example.com", token, exc_info=error, extra=extra)
try:
    with telemetry.span("job", "consumer"):
        act("amina@example.com", {})
except ValueError:
    pass
telemetry.stop()
"""
_TRACED = """
import logging
import django
django.setup()
from core import correlation, telemetry
telemetry.start("web")
log = logging.getLogger("web.errors")
sent = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
for request_id, traceparent in (("one", ""), ("one", ""), ("two", ""), ("", ""), ("", ""), ("", sent)):
    with correlation.correlated(request_id, traceparent):
        log.error("failed")
log.error("failed by itself")
log.error("failed by itself again")
telemetry.stop()
"""
_LOADED = """
import sys
import web.wsgi, celery_app, realtime.asgi
import core.jobs.management.commands.relay
from core import telemetry
telemetry.start("web")
with telemetry.span("work"):
    telemetry.describe({"a": 1})
telemetry.stop()
# What redis-py loads by itself doesn't count.
ours = ("sentry_sdk", "opentelemetry.sdk.trace", "opentelemetry.exporter", "opentelemetry.proto")
print([name for name in sys.modules if name.startswith(ours)])
"""


def run(script: str, **variables: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings.local", **variables}
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def told() -> Collector:
    """What a process that fails tells, with both asked for."""
    with Collector() as collector:
        run(_FAIL, SENTRY_DSN=collector.dsn, OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint)
        return collector


def events(told: Collector) -> list[dict[str, Any]]:
    return [json.loads(envelope.splitlines()[2]) for envelope in told.envelopes()]


def event(told: Collector) -> dict[str, Any]:
    (found,) = events(told)
    return found


def test_unset_nothing_is_loaded() -> None:
    assert run(_LOADED, SENTRY_DSN="", OTEL_EXPORTER_OTLP_ENDPOINT="").strip() == "[]"


def test_an_error_is_told_with_its_place(told: Collector) -> None:
    found = event(told)
    assert found["level"] == "error"
    assert (found["tags"]["process"], found["tags"]["request_id"]) == ("web", "request-1")
    (exception,) = found["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert [frame["function"] for frame in exception["stacktrace"]["frames"]] == ["<module>", "act"]


@pytest.mark.parametrize("secret", _SECRETS)
def test_no_error_tells_what_a_person_wrote(told: Collector, secret: str) -> None:
    assert secret not in json.dumps(event(told), ensure_ascii=False)


def test_neither_variables_nor_requests_are_told(told: Collector) -> None:
    text = json.dumps(event(told))
    assert '"vars"' not in text
    assert not {"user", "request", "breadcrumbs"} & event(told).keys()


def test_errors_share_a_trace_if_they_share_a_request() -> None:
    with Collector() as collector:
        run(_TRACED, SENTRY_DSN=collector.dsn, OTEL_EXPORTER_OTLP_ENDPOINT="")
    traces = [found["contexts"]["trace"] for found in events(collector)]
    ids = [trace["trace_id"] for trace in traces]
    assert len(ids) == 8
    assert ids[0] == ids[1]
    assert len(set(ids)) == 7
    assert (ids[5], traces[5]["span_id"]) == ("ab" * 16, "cd" * 8)


def test_spans_are_marked_as_failed_without_the_exceptions_text(told: Collector) -> None:
    spans = {span.name: span for _, span in told.spans()}
    assert set(spans) == {"work", "job"}
    assert (spans["job"].status.code, spans["job"].status.message) == (2, "ValueError")
    assert spans["job"].events == []
    assert not [secret for secret in _SECRETS if any(secret in str(span) for span in spans.values())]
