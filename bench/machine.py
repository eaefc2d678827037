"""What a figure was measured on: a line for docs/performance.md."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path


def described(*packages: str, **servers: str) -> str:
    """The machine, how busy it is at this moment, and the versions of what was measured."""
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
    found = re.match(r"\d+(\.\d+)*", text)
    return found[0] if found else text
