"""Relay, worker and beat say truly whether they work, and two of each do no harm."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.workers.plant import PATIENCE, Plant, eventually


def age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def is_fresh(path: Path) -> bool:
    return path.exists() and age(path) < 2


@pytest.fixture
def heartbeat(plant: Plant) -> Path:
    return plant.folder / "probe" / "heartbeat"


@pytest.mark.parametrize("name", ["relay", "worker", "beat"])
def test_heart_beats_while_it_works(plant: Plant, heartbeat: Path, name: str) -> None:
    getattr(plant, name)(HEARTBEAT_FILE=str(heartbeat))
    eventually(heartbeat.exists)
    eventually(lambda: age(heartbeat) > 0.3)
    eventually(lambda: age(heartbeat) < 0.2)


@pytest.mark.parametrize("name", ["relay", "worker", "beat"])
def test_heart_stops_when_it_is_wedged(plant: Plant, heartbeat: Path, name: str) -> None:
    process = getattr(plant, name)(HEARTBEAT_FILE=str(heartbeat))
    eventually(heartbeat.exists)
    process.send_signal(signal.SIGSTOP)
    eventually(lambda: age(heartbeat) > 3)
    process.send_signal(signal.SIGCONT)
    eventually(lambda: is_fresh(heartbeat))


@pytest.mark.parametrize("name", ["relay", "worker"])
def test_heart_beats_while_the_broker_is_away(plant: Plant, heartbeat: Path, name: str) -> None:
    process = getattr(plant, name)(HEARTBEAT_FILE=str(heartbeat))
    eventually(heartbeat.exists)
    plant.valkey.kill()
    plant.record("meanwhile")
    try:
        eventually(lambda: "the broker is away" in plant.log(name))
        began = time.time()
        eventually(lambda: heartbeat.stat().st_mtime > began + 2)
    finally:
        plant.valkey.start()
    assert process.poll() is None


def test_heart_beats_in_a_worker_with_its_hands_full(plant: Plant, heartbeat: Path) -> None:
    plant.relay()
    plant.worker(HEARTBEAT_FILE=str(heartbeat))
    eventually(heartbeat.exists)
    for token in ("a", "b", "c"):
        plant.add("probe.wait", "files", token=token)
    eventually(lambda: plant.began("a") and plant.began("b"))
    began = time.time()
    eventually(lambda: heartbeat.stat().st_mtime > began + 1)


def test_two_workers_given_the_same_job(plant: Plant) -> None:
    """Real processes and connections: the second delivery is dropped while the first runs."""
    plant.worker()
    plant.worker()
    plant.relay("--horizon=1")
    job_id = plant.add("probe.wait", "files", token="held")
    eventually(lambda: plant.began("held"))
    messages: Any = plant.broker.hvals("unacked")
    (message,) = messages
    for _ in range(3):
        plant.broker.lpush("files", _raw(message))
    eventually(lambda: plant.log("worker").count("dropped, not there to be done") == 3)
    plant.let_go("held")
    eventually(plant.drained)
    assert len(plant.began("held")) == 1
    assert plant.effects() == ["held"]
    assert plant.job(job_id)["attempts"] == 1


def test_two_beats_write_each_period_once(plant: Plant) -> None:
    plant.beat(DJANGO_SETTINGS_MODULE="tests.workers.probe.settings")
    plant.beat()
    eventually(lambda: plant.sql("SELECT 1 FROM jobs_job WHERE name = 'jobs.delete_finished'"))
    eventually(lambda: plant.log("beat").count("beat: Starting...") == 2)
    plant.stop_processes()
    doubled = plant.sql("SELECT schedule FROM jobs_job GROUP BY schedule, period HAVING count(*) > 1")
    assert doubled == []


def test_every_process_stops_on_sigterm(plant: Plant) -> None:
    processes = [plant.relay(), plant.worker(), plant.beat()]
    eventually(lambda: "the relay listens" in plant.log("relay"))
    eventually(lambda: "ready." in plant.log("worker"))
    eventually(lambda: "beat: Starting..." in plant.log("beat"))
    for process in processes:
        os.kill(process.pid, signal.SIGTERM)
    for process in processes:
        process.wait(30)


@pytest.mark.parametrize("name", ["relay", "worker", "beat"])
def test_each_line_is_json_to_the_end(plant: Plant, name: str) -> None:
    process = getattr(plant, name)(LOG_FORMAT="json")
    started = {"relay": "the relay listens", "worker": "ready.", "beat": "beat: Starting..."}
    eventually(lambda: started[name] in plant.log(name))
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    messages = [json.loads(line)["message"] for line in plant.log(name).splitlines()]
    if name == "worker":
        assert "worker: Warm shutdown (MainProcess)" in messages


def _raw(unacked: bytes) -> str:
    return json.dumps(json.loads(unacked)[0])
