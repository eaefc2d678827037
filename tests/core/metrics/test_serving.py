"""Metrics on a port of their own: many processes, one answer, and no harm if the port is taken."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from threading import enumerate as threads

import pytest
from django.conf import LazySettings, settings

from core.metrics import serve, serving
from tests.realtime.processes import eventually
from tests.scraping import scrape, told_address, value

_CHILD = """
import sys
import django
django.setup()
from prometheus_client import Counter, Gauge
from core.metrics import serve
Counter("probe_total", "Of the test.").inc(int(sys.argv[1]))
Gauge("probe_now", "Of the test.", multiprocess_mode="livesum").set(int(sys.argv[1]))
serve()
sys.stdin.read()
"""
Child = Callable[[int, Path], "subprocess.Popen[bytes]"]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """Starts processes that count into one folder and tell their address in a file each."""
    started: list[subprocess.Popen[bytes]] = []

    def start(number: int, metrics_file: Path) -> "subprocess.Popen[bytes]":
        variables = {
            "DJANGO_SETTINGS_MODULE": "settings.local",
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            "METRICS_PORT": "0",
            "METRICS_FILE": str(metrics_file),
        }
        command = [sys.executable, "-c", _CHILD, str(number)]
        environment = {**os.environ, **variables}
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_one_serves_what_all_count_and_another_follows_it(child: Child, tmp_path: Path) -> None:
    first_file, second_file = tmp_path / "first.json", tmp_path / "second.json"
    first = child(2, first_file)
    address = eventually(lambda: told_address(first_file), "the first serves")
    child(3, second_file)
    eventually(lambda: value(scrape(address), "probe_now") == 5, "both are counted")
    assert value(scrape(address), "probe_total") == 5
    assert not second_file.exists()
    first.kill()
    first.wait()
    address = eventually(lambda: told_address(second_file), "the second follows")
    assert value(scrape(address), "probe_total") == 5
    assert value(scrape(address), "probe_now") == 3, "what the dead one said isn't so now"


def test_a_taken_port_is_a_warning(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        caplog.set_level(logging.WARNING, "metrics")
        serving._serve(port)
    assert f"not served on 127.0.0.1:{port}" in caplog.text


def test_nothing_is_served_where_no_port_is_named(settings: LazySettings) -> None:
    settings.METRICS_PORT = None
    serve()
    assert "metrics" not in {thread.name for thread in threads()}
