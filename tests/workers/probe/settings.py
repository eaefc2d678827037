"""The ledger and the probe, and nothing else of the product."""

from settings.local import *

INSTALLED_APPS = ["core.jobs", "tests.workers.probe"]
