"""Jobs never get lost: faults of every kind under a steady load, and an exact account afterwards.

`make test` runs the short form, `make chaos` (CHAOS=long) the long one.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.e2e.chaos.faults import (
    Fault,
    delete_the_queues,
    freeze_valkey,
    kill,
    kill_with_children,
    stop_valkey,
)
from tests.e2e.chaos.load import Load
from tests.e2e.chaos.reckoning import Reckoning
from tests.e2e.harness import Product
from tests.local.running import until


@dataclass(frozen=True)
class Form:
    """How hard and how long."""

    faults: tuple[Fault, ...]
    rounds: int
    jobs: int
    pause: float
    newcomers: int
    drained_within: float


def _faults(seconds_without_valkey: float, seconds_frozen: float) -> tuple[Fault, ...]:
    return (
        kill("worker"),
        kill_with_children("worker"),
        kill("relay"),
        delete_the_queues,
        kill("beat"),
        stop_valkey(seconds_without_valkey),
        kill("web"),
        freeze_valkey(seconds_frozen),
        kill("valkey"),
    )


# The short form runs beside other tests, on a machine that may be busy with more than these.
SHORT = Form(_faults(4, 4), rounds=1, jobs=200, pause=0.8, newcomers=1_000, drained_within=120)
LONG = Form(_faults(10, 6), rounds=4, jobs=5_000, pause=4.0, newcomers=6_000, drained_within=30)


def test_nothing_is_lost_and_nothing_happens_twice() -> None:
    form = LONG if os.environ.get("CHAOS") == "long" else SHORT
    faults = list(_in_disorder(form))
    with Product(THROTTLES="off", ACCESS_TOKEN_LIFETIME="7200") as product:
        reckoning = Reckoning(product.servers()["DATABASE_URL"])
        with Load(product.base_url, _plant(product, form), threads=4, pause=0.12) as load:
            for fault in faults:
                time.sleep(form.pause)
                fault(product)
            last_fault = time.monotonic()
            until(lambda: reckoning.done() >= form.jobs, seconds=300, why="the load's jobs")
        until(lambda: reckoning.unsettled() == 0, seconds=120, why="every job is done")
        drained = time.monotonic() - last_fault
        assert drained <= form.drained_within
        product.until_ready()
        mails = product.mails()

        reckoning.require_no_dead_job()
        reckoning.require_bookings(load.promises)
        reckoning.require_notifications()
        repeats = reckoning.require_mails(load.promises, mails)
        assert load.promises.refused == []
        _tell(reckoning, load, faults, repeats, drained)


def _in_disorder(form: Form) -> Iterator[Fault]:
    for _ in range(form.rounds):
        yield from random.sample(form.faults, len(form.faults))


def _plant(product: Product, form: Form) -> dict[str, object]:
    """People and services, by the product's own code."""
    sizes = f"clients=40, accountants=10, newcomers={form.newcomers}"
    command = f"from tests.e2e.chaos.plant import plant; plant({sizes})"
    result = product.manage("shell", "--no-imports", "--command", command)
    assert result.returncode == 0, result.stderr
    planted: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return planted


def _tell(
    reckoning: Reckoning,
    load: Load,
    faults: list[Fault],
    repeats: int,
    drained: float,
) -> None:
    """What `pytest -s` shows."""
    promises = load.promises
    print(
        f"\n{reckoning.done()} jobs, {len(faults)} faults, {promises.failures} requests without an "
        f"answer; {len(promises.bookings)} bookings, {len(promises.decided)} decisions, "
        f"{len(promises.codes)} codes, {repeats} mailed again; all done {drained:.1f} s after the "
        f"last fault. In this order: {', '.join(fault.__name__ for fault in faults)}."
    )
