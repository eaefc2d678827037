"""The database backend: settings name it as ENGINE."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """With CONN_HEALTH_CHECKS each request begins with a check; this one asks the server nothing.

    A server that ended a connection has closed its side, and so made the socket readable. Nothing
    to read means that the connection is there; something means that it is to be asked.
    """

    connection: Any

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
