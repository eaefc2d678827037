"""What can't be carried out ends, is kept with its trace, and stops nobody else."""

import base64
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from celery import Celery

from core.jobs.ids import uuid7
from tests.workers.plant import Plant, eventually


@pytest.fixture
def worker(plant: Plant) -> Plant:
    plant.relay("--horizon=2")
    plant.worker()
    plant.record("warm")
    eventually(plant.drained)
    return plant


def is_dead(plant: Plant, job_id: UUID) -> Callable[[], bool]:
    return lambda: plant.state(job_id) == "dead"


def send(plant: Plant, name: str, task_id: str, queue: str = "notifications") -> None:
    sender = Celery(broker=plant.valkey.server.url, set_as_current=False)
    sender.send_task(name, task_id=task_id, kwargs={"token": "forged"}, queue=queue)
    sender.close()


def test_a_task_that_kills_its_process_is_dead_at_the_cap(worker: Plant) -> None:
    job_id = worker.add("probe.die", "email", token="x")
    eventually(is_dead(worker, job_id))
    assert worker.tries("x") == 2
    assert "died" in worker.job(job_id)["error"]
    worker.record("after")
    eventually(worker.drained)
    assert worker.effects() == ["after", "warm"]


def test_a_permanent_fault_is_dead_at_once(worker: Plant) -> None:
    job_id = worker.add("probe.refuse", "email", token="hopeless")
    eventually(is_dead(worker, job_id))
    job = worker.job(job_id)
    assert job["attempts"] == 1
    assert "PermanentError: hopeless" in job["error"]
    assert worker.effects() == ["warm"]


def test_a_transient_fault_is_tried_again(worker: Plant) -> None:
    job_id = worker.add("probe.falter", "notifications", token="slow", times=2)
    eventually(lambda: worker.job(job_id)["attempts"] == 2)
    assert "123456" not in worker.job(job_id)["error"]
    eventually(lambda: worker.state(job_id) == "done")
    job = worker.job(job_id)
    assert (job["attempts"], job["error"]) == (3, "")
    assert worker.effects() == ["slow", "warm"]


def test_a_task_over_its_time_is_interrupted(worker: Plant) -> None:
    job_id = worker.add("probe.dawdle", "email", token="late")
    eventually(is_dead(worker, job_id))
    assert "SoftTimeLimitExceeded" in worker.job(job_id)["error"]


def test_stored_parameters_that_do_not_fit_are_dead_at_once(worker: Plant) -> None:
    job_id = worker.add("probe.record", "notifications", unknown="x")
    eventually(is_dead(worker, job_id))
    assert "unknown" in worker.job(job_id)["error"]


def test_messages_nobody_can_read_stop_nobody(worker: Plant) -> None:
    envelope = {"body": "bm90IGpzb24=", "headers": {}, "content-type": "application/json", "properties": {}}
    unhashable = {
        **envelope,
        "headers": {"task": []},
        "properties": {"delivery_tag": "1", "delivery_info": {}},
    }
    for poison in (
        "not json",
        "[" * 100_000,
        "[]",
        "{}",
        json.dumps(envelope),
        json.dumps(unhashable),
        b"\x80",
    ):
        worker.broker.lpush("notifications", poison)
    send(worker, "probe.unheard_of", str(uuid7()))
    send(worker, "probe.record", str(uuid7()))
    send(worker, "probe.record", "not-a-job")
    worker.record("after")
    eventually(worker.drained)
    eventually(lambda: worker.broker.llen("notifications") == 0)
    assert worker.effects() == ["after", "warm"]
    assert worker.processes[1].poll() is None


def test_a_message_cannot_choose_the_parameters(worker: Plant) -> None:
    """Whoever can write to the broker can't make a job, and can't change one."""
    job_id = worker.add("probe.record", "notifications", token="mine")
    send(worker, "probe.record", str(job_id))
    eventually(worker.drained)
    assert worker.effects() == ["mine", "warm"]


def test_the_request_id_is_that_of_the_row(worker: Plant) -> None:
    worker.sql(
        "INSERT INTO jobs_job (id, name, queue, params, request_id) VALUES (%s, %s, %s, %s, %s)",
        uuid7(),
        "probe.record",
        "notifications",
        '{"token": "traced"}',
        "request-1",
    )
    eventually(worker.drained)
    assert worker.sql("SELECT request_id FROM probe_effect WHERE token = 'traced'") == [("request-1",)]


def crooked(body: str = '[[], {"token": "forged"}, {}]', **headers: object) -> str:
    """A message for a task there is, as kombu packs it, that says something no sender of ours says."""
    headers = {"task": "probe.record", "id": str(uuid7()), **headers}
    delivery = {
        "delivery_tag": str(uuid7()),
        "delivery_info": {"exchange": "", "routing_key": "notifications"},
    }
    return json.dumps(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "headers": {name: value for name, value in headers.items() if value is not None},
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "properties": {**delivery, "delivery_mode": 2, "body_encoding": "base64"},
        }
    )


def test_crooked_messages_for_tasks_there_are_stop_nobody(worker: Plant) -> None:
    for poison in (
        crooked("not json"),
        crooked("5"),
        crooked("[1, 2, 3]"),
        crooked("[" * 100_000),
        crooked(id=None),
        crooked(id={}),
        crooked(id="x" * 100_000),
        crooked(eta="whenever"),
        crooked(eta={}),
        crooked(expires="never"),
        crooked(timelimit=["x", {}]),
        crooked(timelimit=5),
        crooked(retries="many", argsrepr=[], kwargsrepr={}),
        crooked(compression="none-such"),
    ):
        worker.broker.lpush("notifications", poison)
    worker.record("after")
    eventually(worker.drained)
    eventually(lambda: worker.broker.llen("notifications") == 0)
    eventually(lambda: worker.broker.hlen("unacked") == 0)
    assert worker.effects() == ["after", "warm"]
    assert worker.processes[1].poll() is None


_FAULTS: list[dict[str, object]] = [{"task": ["x"]}, {"timelimit": 5}, {"task": None}]


def test_messages_may_bring_any_tags(worker: Plant) -> None:
    tags: list[object] = [None, "same", "same", "same", 5, []]
    for tag in tags:
        for queue in ("notifications", "email"):
            for fault in _FAULTS:
                message = json.loads(crooked("{}", **fault))
                message["properties"]["delivery_tag"] = tag
                worker.broker.lpush(queue, json.dumps(message))
    worker.record("after")
    eventually(worker.drained)
    eventually(lambda: not worker.broker.llen("notifications") and not worker.broker.llen("email"))
    eventually(lambda: worker.broker.hlen("unacked") == 0)
    assert worker.effects() == ["after", "warm"]
    assert worker.processes[1].poll() is None
