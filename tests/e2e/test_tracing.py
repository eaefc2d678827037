"""A request, the job that follows from it and the mail are one trace; a dead job is told to Sentry."""

import json
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from psycopg.types.json import Jsonb

from core.jobs.ids import uuid7
from tests.collector import Collector
from tests.e2e.harness import Product
from tests.e2e.people import PATIENCE, Person
from tests.local.running import until

pytestmark = pytest.mark.e2e
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
EMAIL = "amina@example.com"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as listening:
        yield listening


@pytest.fixture(scope="module")
def product(collector: Collector) -> Iterator[Product]:
    variables = {
        "SENTRY_DSN": collector.dsn,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with Product(**variables) as running:
        yield running


def spans(collector: Collector) -> dict[str, tuple[str, Span]]:
    """Those of the trace, by name."""
    found = [(service, span) for service, span in collector.spans() if span.trace_id.hex() == TRACE]
    return {span.name: (service, span) for service, span in found}


def test_one_trace_from_the_request_to_the_mail(product: Product, collector: Collector) -> None:
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as client:
        person = {"email": EMAIL, "full_name": "Amina", "phone": "+213796269301", "user_type": "client"}
        passwords = {"password1": "Sahara-12345", "password2": "Sahara-12345"}
        client.post("/auth/registration/", json={**person, **passwords})
        headers = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
        assert client.post("/auth/send-email-otp/", json={"email": EMAIL}, headers=headers).status_code == 200
    until(lambda: len(spans(collector)) >= 3)
    request_service, request = spans(collector)["POST /auth/send-email-otp/"]
    job_service, job = spans(collector)["job accounts.send_otp_email"]
    mail_service, mail = spans(collector)["mail send"]
    assert (request_service, job_service, mail_service) == (
        "my-accountant-web", "my-accountant-worker", "my-accountant-worker",
    )  # fmt: skip
    assert request.parent_span_id.hex() == CALLER
    assert (job.parent_span_id, mail.parent_span_id) == (request.span_id, job.span_id)
    assert {attribute.key for attribute in request.attributes} >= {"http.route", "http.response.status_code"}
    assert EMAIL not in str(spans(collector))


def test_a_frame_is_a_span(product: Product, collector: Collector) -> None:
    with Person(product).join() as person, person.socket() as phone:
        phone.wait("presence_snapshot")
        phone.send({"type": "leave_room", "room_id": "00000000-0000-0000-0000-000000000000"})
        until(lambda: ("my-accountant-realtime", "frame LeaveRoom") in names(collector))
    until(lambda: ("my-accountant-worker", "events publish") in names(collector))


def names(collector: Collector) -> set[tuple[str, str]]:
    return {(service, span.name) for service, span in collector.spans()}


def test_a_dead_job_is_told_to_sentry(product: Product, collector: Collector) -> None:
    with psycopg.connect(product.servers()["DATABASE_URL"], autocommit=True) as connection:
        row = (uuid7(), "accounts.send_otp_email", "email", Jsonb({"otp_request_id": "amina@example.com"}))
        connection.execute("INSERT INTO jobs_job (id, name, queue, params) VALUES (%s, %s, %s, %s)", row)
    until(collector.envelopes)
    event = json.loads(collector.envelopes()[0].splitlines()[2])
    assert event["tags"]["process"] == "worker"
    assert "accounts.send_otp_email" in json.dumps(event)
    assert EMAIL not in json.dumps(event)
