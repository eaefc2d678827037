#!/usr/bin/env python
"""Django's command line, with settings.local unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run the command; a database that is away is told in a line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        # A query that failed has a state, a connection that did not come about has none.
        if getattr(error.__cause__, "sqlstate", None):
            raise
        reason = str(error).splitlines()[0]
        sys.exit(f"the database of DATABASE_URL doesn't answer ({reason}): start it or mend the address")


if __name__ == "__main__":
    main()
