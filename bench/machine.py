"""What a figure was measured on: a line for docs/performance.md."""

import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import redis


def described(env: Mapping[str, str], *packages: str, **others: str) -> str:
    """The machine, how busy it is at this moment, and the versions of what was measured."""
    with psycopg.connect(env["DATABASE_URL"]) as database:
        postgres = str(database.info.parameter_status("server_version"))
    bus: Any = redis.Redis.from_url(env["REDIS_URL"])
    servers = {"PostgreSQL": postgres, "Valkey": bus.info("server")["valkey_version"], **others}
    software = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)]
    software += [f"{name} {_number(of)}" for name, of in servers.items()]
    return (
        f"{os.cpu_count()} cores ({_processor()}), load average {os.getloadavg()[0]:.1f}; "
        f"Linux {_number(platform.release())}, {', '.join(software)}."
    )


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    name = found[1] if found else platform.machine()
    return re.sub(r"\((R|TM)\)| Processor| CPU.*", "", name).strip()


def _number(text: str) -> str:
    found = re.search(r"\d+(\.\d+)*", text)
    return found[0] if found else text
