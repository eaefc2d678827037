"""The ledger and nothing else of the product."""

from settings.local import *  # noqa: F403

INSTALLED_APPS = ["core.jobs", "bench.jobs_probe.apps.ProbeConfig"]
