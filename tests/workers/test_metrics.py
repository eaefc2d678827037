"""What workers and the relay tell Prometheus moves when the thing happens."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import psutil
import pytest
from django.core import mail as outbox_of_mails
from django.core.mail import EmailMultiAlternatives

from core import mail
from core.errors import PermanentError, TransientError
from core.metrics.mail import asked_ago
from tests.scraping import counted, scrape, told_address, value
from tests.workers.plant import Plant, eventually

REFUSED = SMTPRecipientsRefused({"a@example.com": (550, b"no such box")})


def served(plant: Plant, name: str) -> tuple[Path, dict[str, str]]:
    """Where a process will tell its address, and the variables that make it."""
    file = plant.folder / f"{name}.metrics.json"
    file.unlink(missing_ok=True)
    return file, {"METRICS_PORT": "0", "METRICS_FILE": str(file)}


def shared(plant: Plant) -> dict[str, str]:
    folder = plant.folder / "counted"
    folder.mkdir(exist_ok=True)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def test_outcomes_durations_and_waits(plant: Plant) -> None:
    worker_file, worker_variables = served(plant, "worker")
    relay_file, relay_variables = served(plant, "relay")
    plant.record("one", "two")
    refused = plant.add("probe.refuse", "email", token="x")
    plant.relay(**relay_variables)
    plant.worker(**worker_variables, **shared(plant))
    eventually(lambda: plant.state(refused) == "dead" and len(plant.effects()) == 2)

    def told() -> str:
        return scrape(told_address(worker_file))

    eventually(lambda: value(told(), "accountant_jobs_total", job="probe.record", outcome="done") == 2)
    eventually(lambda: value(told(), "accountant_jobs_total", job="probe.refuse", outcome="dead") == 1)
    text = told()
    assert value(text, "accountant_job_duration_seconds_count", job="probe.record") == 2
    assert value(text, "accountant_job_wait_seconds_count", queue="notifications") == 2

    text = scrape(told_address(relay_file))
    assert value(text, "accountant_jobs_published_total", queue="notifications") == 2
    assert value(text, "accountant_outbox_lag_seconds_count") == 3
    assert value(text, "accountant_queue_jobs", queue="email", state="dead") == 1
    assert value(text, "accountant_queue_oldest_seconds", queue="email") == 0


def test_a_child_that_dies_takes_no_count_along(plant: Plant) -> None:
    file, variables = served(plant, "worker")
    plant.relay()
    worker = plant.worker(**variables, **shared(plant))
    plant.record("one")
    eventually(lambda: plant.effects() == ["one"])
    before = eventually(lambda: told_address(file))
    for child in psutil.Process(worker.pid).children():
        os.kill(child.pid, signal.SIGKILL)
    eventually(lambda: told_address(file) != before)
    text = scrape(told_address(file))
    assert value(text, "accountant_jobs_total", job="probe.record", outcome="done") >= 1


def send() -> None:
    mail.deliver(to="a@example.com", subject="s", text="t", html="<p>t</p>", message_id="<x@y>")


def mails(outcome: str) -> float:
    return counted("accountant_mails_total", outcome=outcome)


def test_a_mail_counts_from_its_request_to_the_servers_answer() -> None:
    before = mails("sent"), counted("accountant_mail_latency_seconds_sum")
    with asked_ago(7.0):
        send()
    assert len(outbox_of_mails.outbox) == 1
    assert mails("sent") == before[0] + 1
    assert 7 <= counted("accountant_mail_latency_seconds_sum") - before[1] < 60


@pytest.mark.parametrize(
    ("fault", "raised", "outcome"),
    [(REFUSED, PermanentError, "refused"), (SMTPServerDisconnected("bye"), TransientError, "put_off")],
)
def test_a_mail_that_failed_has_no_latency(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, raised: type[Exception], outcome: str
) -> None:
    monkeypatch.setattr(EmailMultiAlternatives, "send", failing(fault))
    before = mails(outcome), counted("accountant_mail_latency_seconds_count")
    with asked_ago(1.0), pytest.raises(raised):
        send()
    assert mails(outcome) == before[0] + 1
    assert counted("accountant_mail_latency_seconds_count") == before[1]


def failing(fault: Exception) -> Callable[..., int]:
    def send(self: EmailMultiAlternatives) -> int:
        raise fault

    return send
