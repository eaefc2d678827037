"""The ORM from coroutines: side by side, on no more threads than there are connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError

from core.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")

_pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool", {})
_executor = ThreadPoolExecutor(_pool.get("max_size", 8), thread_name_prefix="database")


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that uses the ORM on a thread with a connection of its own.

    Unavailable if the database doesn't answer.
    """
    call = database_sync_to_async(function, thread_sensitive=False, executor=_executor)
    try:
        result: R = await call(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        raise Unavailable from error
    return result
