"""For each task, what it is to be carried out on: one module a domain, merged into CASES."""

from collections.abc import Callable
from datetime import timedelta

LONG_AGO = timedelta(days=40)
Params = dict[str, object]
Cases = dict[str, Callable[[], Params]]
"""A case prepares the database and gives the parameters of the job."""
