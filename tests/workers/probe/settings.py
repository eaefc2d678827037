"""The ledger and the probe, and nothing else of the product."""

from settings.local import *  # noqa: F403

INSTALLED_APPS = ["core.jobs", "tests.workers.probe"]
