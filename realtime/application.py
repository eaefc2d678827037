"""What the realtime process serves, and its hub's life."""

import asyncio
import logging
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from core import telemetry
from realtime.consumer import SocketConsumer
from realtime.http import http, refuse_websocket
from realtime.hub import Hub
from realtime.metrics import serve_metrics


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The hub lives as long as the process serves."""
    await receive()
    hub = scope["state"]["hub"] = Hub(settings.REDIS_URL, settings.PRESENCE_TTL)
    hub.start()
    serve_metrics(lambda: hub.is_listening)
    telemetry.start("realtime")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await asyncio.to_thread(telemetry.stop)
    await send({"type": "lifespan.shutdown.complete"})


def share_log_handlers() -> None:
    """uvicorn's own handlers would print what ours redact: a handshake's query holds a token."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


share_log_handlers()
application = ProtocolTypeRouter(
    {
        "lifespan": lifespan,
        "http": http,
        "websocket": URLRouter(
            [
                re_path(r"^ws/global/?$", SocketConsumer.as_asgi()),
                re_path(r"", refuse_websocket),  # type: ignore[arg-type]
            ]
        ),
    }
)
