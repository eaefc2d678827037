"""Which embedded servers a run needs, and the addresses its processes get."""

from pathlib import Path

from local.config import RunConfig
from local.postgres import Postgres
from local.server import Server
from local.valkey import Valkey
from local.var_dir import VarDir

_QUIET = {"log_min_messages": "fatal", "log_checkpoints": "off"}
"""A failed statement is told by who made it; PostgreSQL's copy would hold the values."""


def embedded(config: RunConfig, var: VarDir, sockets: Path) -> list[Server]:
    """Those that the environment doesn't name; BROKER_URL alone doesn't replace the bus."""
    servers: list[Server] = []
    if "DATABASE_URL" not in config.given:
        servers.append(Postgres(var.postgres, sockets=sockets / "postgres", options=_QUIET))
    if "REDIS_URL" not in config.given:
        servers.append(Valkey(data=var.valkey))
    return servers


def urls(servers: list[Server], config: RunConfig) -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and BROKER_URL of the run."""
    found = dict(config.given)
    for server in servers:
        found["DATABASE_URL" if isinstance(server, Postgres) else "REDIS_URL"] = server.url
    found.setdefault("BROKER_URL", found["REDIS_URL"])
    return found
