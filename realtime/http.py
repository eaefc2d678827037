"""What this process answers over HTTP: whether it lives."""

import json
from typing import Any

from realtime.hub import Hub


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """`/health/live/`: 200 once events reach this process. Anything else isn't here."""
    if scope["path"] == "/health/live/":
        hub: Hub = scope["state"]["hub"]
        if hub.is_listening:
            await _respond(send, 200, {"status": "ok"})
        else:
            await _respond(send, 503, {"detail": "The realtime bus doesn't answer."})
    else:
        await _respond(send, 404, {"detail": "Not found."})


async def refuse_websocket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer the handshake on any path but the socket's own."""
    await _respond(send, 404, {"detail": "Not found."}, kind="websocket.http.response")


async def _respond(send: Any, status: int, body: dict[str, str], kind: str = "http.response") -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.body", "body": json.dumps(body).encode()})
