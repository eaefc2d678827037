"""What goes wrong, one thing after another."""

import signal
import time
from collections.abc import Callable

from redis import Redis

from core.jobs.catalogue import Queue
from tests.e2e.harness import Product

Fault = Callable[[Product], None]


def kill(label: str) -> Fault:
    """kill -9 a process and go on before it is back."""

    def fault(product: Product) -> None:
        product.kill(label)

    fault.__name__ = f"kill {label}"
    return fault


def kill_with_children(label: str) -> Fault:
    """kill -9 a process and what it started, in the middle of whatever they do."""

    def fault(product: Product) -> None:
        product.kill_family(label)

    fault.__name__ = f"kill {label} and its children"
    return fault


def stop_valkey(seconds: float) -> Fault:
    """No broker and no bus for a while: the supervisor is asleep, so nobody starts it again."""

    def fault(product: Product) -> None:
        product.supervisor.send_signal(signal.SIGSTOP)
        try:
            product.kill("valkey", signal.SIGTERM)
            time.sleep(seconds)
        finally:
            product.supervisor.send_signal(signal.SIGCONT)

    fault.__name__ = "stop valkey"
    return fault


def freeze_valkey(seconds: float) -> Fault:
    """A broker and bus that take connections and answer nothing."""

    def fault(product: Product) -> None:
        product.freeze("valkey")
        try:
            time.sleep(seconds)
        finally:
            product.thaw("valkey")

    fault.__name__ = "freeze valkey"
    return fault


def delete_the_queues(product: Product) -> None:
    """Every message that waits is gone."""
    with Redis.from_url(product.servers()["BROKER_URL"]) as broker:
        broker.delete(*[queue.value for queue in Queue])
