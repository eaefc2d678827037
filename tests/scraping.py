"""Reading what a process tells Prometheus."""

import json
from pathlib import Path
from urllib.request import urlopen

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families


def told_address(metrics_file: Path) -> str:
    """Where the process says that it serves its metrics; "" as long as it doesn't."""
    if not metrics_file.exists():
        return ""
    ((target,),) = [entry["targets"] for entry in json.loads(metrics_file.read_text())]
    return str(target)


def scrape(address: str) -> str:
    with urlopen(f"http://{address}/metrics", timeout=30) as response:
        return str(response.read().decode())


def value(text: str, name: str, **labels: str) -> float:
    """A sample's value; 0 if there is none."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return sum(sample.value for sample in samples if sample.name == name and sample.labels == labels)


def counted(name: str, **labels: str) -> float:
    """A sample's value in this very process; 0 if there is none."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
