"""Whatever dies, freezes or is lost: every job has its effect, once."""

import os
import signal

from tests.workers.plant import Plant, eventually

HORIZON = "--horizon=2"


def tokens(count: int) -> list[str]:
    return [f"t{number:04}" for number in range(count)]


def test_jobs_are_carried_out_once(plant: Plant) -> None:
    plant.relay()
    plant.worker()
    plant.record(*tokens(50))
    eventually(plant.drained)
    assert plant.effects() == tokens(50)


def test_worker_killed_in_the_middle(plant: Plant) -> None:
    plant.relay(HORIZON)
    worker = plant.worker()
    job_id = plant.add("probe.wait", "files", token="held")
    eventually(lambda: plant.began("held"))
    plant.kill(worker)
    assert plant.effects() == []
    plant.worker()
    plant.let_go("held")
    eventually(lambda: plant.state(job_id) == "done")
    assert plant.effects() == ["held"]
    assert plant.job(job_id)["attempts"] == 2


def test_one_child_killed_in_the_middle(plant: Plant) -> None:
    plant.relay(HORIZON)
    plant.worker()
    job_id = plant.add("probe.wait", "files", token="held")
    (began,) = eventually(lambda: plant.began("held"))
    os.kill(int(began.name.split(".")[1]), signal.SIGKILL)
    plant.let_go("held")
    eventually(lambda: plant.state(job_id) == "done")
    assert plant.effects() == ["held"]


def test_relay_killed_between_claim_and_publish(plant: Plant) -> None:
    plant.record(*tokens(20))
    plant.sql("UPDATE jobs_job SET state = 'sent', sent_at = now()")
    plant.worker()
    plant.relay(HORIZON)
    eventually(plant.drained)
    assert plant.effects() == tokens(20)


def test_queue_deleted(plant: Plant) -> None:
    relay = plant.relay(HORIZON)
    plant.record(*tokens(20))
    eventually(lambda: plant.broker.llen("notifications") == 20)
    plant.broker.flushall()
    plant.worker()
    eventually(plant.drained)
    assert plant.effects() == tokens(20)
    assert relay.poll() is None


def test_backlog_is_not_published_again(plant: Plant) -> None:
    """No worker for three horizons: the messages wait, and none is added."""
    plant.relay("--horizon=1")
    plant.record(*tokens(30))
    eventually(lambda: plant.broker.llen("notifications") == 30)
    eventually(
        lambda: plant.sql("SELECT 1 WHERE (SELECT max(sent_at) FROM jobs_job) < now() - interval '3 s'")
    )
    assert plant.broker.llen("notifications") == 30


def test_broker_killed_and_started_again(plant: Plant) -> None:
    relay = plant.relay(HORIZON)
    plant.worker()
    plant.record(*tokens(10))
    eventually(plant.drained)
    plant.valkey.kill()
    plant.record(*[f"u{number}" for number in range(10)])
    plant.valkey.start()
    eventually(plant.drained)
    assert plant.effects() == sorted([*tokens(10), *[f"u{number}" for number in range(10)]])
    assert relay.poll() is None


def test_broker_frozen(plant: Plant) -> None:
    relay = plant.relay(HORIZON)
    plant.worker()
    plant.record("warm")
    eventually(plant.drained)
    with plant.valkey.frozen():
        plant.record(*tokens(10))
        eventually(lambda: "the broker is away" in plant.log("relay"))
    eventually(plant.drained)
    assert plant.effects() == [*tokens(10), "warm"]
    assert relay.poll() is None
    assert plant.log("relay").count("the broker is away") == 1


def test_database_restarted(plant: Plant) -> None:
    relay = plant.relay(HORIZON)
    worker = plant.worker()
    plant.record("before")
    eventually(plant.drained)
    plant.postgres.kill()
    plant.postgres.start()
    plant.record(*tokens(10))
    eventually(plant.drained)
    assert plant.effects() == ["before", *tokens(10)]
    assert (relay.poll(), worker.poll()) == (None, None)
    assert "the database is away" in plant.log("relay")


def test_two_relays_share_the_work(plant: Plant) -> None:
    plant.relay()
    plant.relay()
    plant.record(*tokens(100))
    eventually(lambda: not plant.sql("SELECT 1 FROM jobs_job WHERE state = 'pending'"))
    eventually(lambda: plant.broker.llen("notifications") == 100)


def test_relay_stops_on_sigterm(plant: Plant) -> None:
    relay = plant.relay()
    eventually(lambda: "the relay listens" in plant.log("relay"))
    relay.send_signal(signal.SIGTERM)
    assert relay.wait(5) == 0


def test_worker_finishes_what_it_runs_on_sigterm(plant: Plant) -> None:
    plant.relay()
    worker = plant.worker()
    job_id = plant.add("probe.wait", "files", token="held")
    eventually(lambda: plant.began("held"))
    worker.send_signal(signal.SIGTERM)
    plant.let_go("held")
    worker.wait(15)
    assert plant.job(job_id)["state"] == "done"
    assert plant.job(job_id)["attempts"] == 1
    assert plant.effects() == ["held"]
