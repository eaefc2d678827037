"""Plain Celery with the task that does nothing; as a program it sends so many of them."""

import os
import sys

from celery import Celery

app = Celery("plain", broker=os.environ["BROKER_URL"], fixups=[])
app.conf.task_ignore_result = True
if os.environ.get("SAFE"):
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=True,
    )


@app.task(name="plain.nothing")
def nothing() -> None:
    pass


if __name__ == "__main__":
    nothing.delay()
    print("ready", flush=True)
    for _ in range(int(sys.stdin.readline())):
        nothing.delay()
