"""BROKER_URL alone moves the jobs to RabbitMQ; run where RABBITMQ_URL, or a local one, answers."""

import os
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from core.jobs.catalogue import Queue
from tests.workers.plant import Plant, eventually

URL = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")


def answers() -> bool:
    place = urlsplit(URL)
    try:
        with socket.create_connection((place.hostname or "", place.port or 5672), timeout=1):
            return True
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not answers(), reason=f"no RabbitMQ answers at {urlsplit(URL).netloc}")


def delete_queues() -> None:
    with Connection(URL) as connection:
        channel: Any = connection.default_channel
        for queue in Queue:
            channel.queue_delete(queue.value)


@pytest.fixture
def rabbit(plant: Plant) -> Iterator[Plant]:
    delete_queues()
    plant.relay("--horizon=2", BROKER_URL=URL)
    plant.worker(BROKER_URL=URL)
    plant.record("warm")
    eventually(plant.drained)
    yield plant
    plant.stop_processes()
    delete_queues()


def test_jobs_are_carried_out_once(rabbit: Plant) -> None:
    tokens = [f"t{number:03}" for number in range(100)]
    rabbit.record(*tokens)
    eventually(rabbit.drained)
    assert rabbit.effects() == [*tokens, "warm"]


def test_queues_are_replicated_ones(rabbit: Plant) -> None:
    with Connection(URL) as connection:
        channel: Any = connection.default_channel
        quorum = {"x-queue-type": "quorum"}
        # Refused by the broker if the queue is of another kind.
        channel.queue_declare(Queue.EMAIL, durable=True, auto_delete=False, arguments=quorum)


def test_worker_killed_in_the_middle(rabbit: Plant) -> None:
    job_id = rabbit.add("probe.wait", "files", token="held")
    eventually(lambda: rabbit.began("held"))
    rabbit.kill(rabbit.processes[1])
    rabbit.worker(BROKER_URL=URL)
    rabbit.let_go("held")
    eventually(lambda: rabbit.state(job_id) == "done")
    assert rabbit.effects() == ["held", "warm"]


def test_queues_deleted(rabbit: Plant) -> None:
    delete_queues()
    rabbit.record("lost")
    eventually(rabbit.drained)
    assert rabbit.effects() == ["lost", "warm"]
