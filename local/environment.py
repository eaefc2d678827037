"""The environment of each process, and where it listens."""

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from local import probes
from local.child import Spec
from local.config import RunConfig
from local.probes import Probe
from local.procfile import Instance
from local.var_dir import VarDir

BEATING = frozenset({"relay", "worker", "beat"})
"""These listen on nothing: a heartbeat file shows that they work."""
COUNTING = frozenset({"web", "realtime", "relay", "worker"})
"""These serve metrics."""


def shared_environment(config: RunConfig, var: VarDir, servers: Mapping[str, str]) -> dict[str, str]:
    """What every process of the run, and every management command beside it, gets."""
    env = {
        **os.environ,
        **servers,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(var.root),
        "PORT": str(config.port),
        "FLOWER_PORT": str(config.flower_port),
        # Caddy's own small files; HOME may be missing or not ours.
        "XDG_CONFIG_HOME": str(var.root / "edge"),
        "XDG_DATA_HOME": str(var.root / "edge"),
    }
    env.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
    env["SECRET_KEY"] = env.get("SECRET_KEY") or var.secret_key()
    return env


def process_environment(shared: Mapping[str, str], var: VarDir) -> dict[str, str]:
    """What the Procfile's processes get besides: Flower's address and password, the file of readiness."""
    return {
        **shared,
        "FLOWER_BASIC_AUTH": shared.get("FLOWER_BASIC_AUTH") or f"admin:{secrets.token_urlsafe(12)}",
        "READY_FILE": str(var.ready_file),
        "FLOWER_URL": shared.get("FLOWER_URL") or f"http://127.0.0.1:{shared['FLOWER_PORT']}",
    }


def upstreams(instances: list[Instance], sockets: Path) -> dict[str, str]:
    """The edge's lists of web and realtime processes."""
    return {
        f"{name.upper()}_UPSTREAMS": " ".join(
            f"unix/{_socket(sockets, instance)}" for instance in instances if instance.name == name
        )
        for name in ("web", "realtime")
    }


def spec_of(
    instance: Instance, *, config: RunConfig, var: VarDir, sockets: Path, env: Mapping[str, str]
) -> Spec:
    """How to run this process of the Procfile."""
    heartbeat = var.heartbeat(instance.label)
    own = {
        "PROCESS_NAME": instance.label,
        "WEB_BIND": f"--uds {_socket(sockets, instance)}",
        "REALTIME_BIND": f"--uds {_socket(sockets, instance)}",
    }
    if instance.name in BEATING:
        own["HEARTBEAT_FILE"] = str(heartbeat)
    if instance.name in COUNTING:
        own |= _metrics(instance, var)
    probe, where = _probe(instance, config, _socket(sockets, instance), heartbeat)
    return Spec(
        name=instance.name,
        label=instance.label,
        argv=instance.argv,
        env={**env, **own},
        cwd=config.project,
        pidfile=var.pidfile(instance.label),
        probe=probe,
        where=where,
        before=lambda: _prepare(instance, var, heartbeat, _socket(sockets, instance)),
    )


def _metrics(instance: Instance, var: VarDir) -> dict[str, str]:
    """Any free port, so that a second product finds its own; the process says which it got."""
    return {
        "METRICS_PORT": "0",
        "METRICS_FILE": str(var.metrics_file(instance.label)),
        "METRICS_DIR": str(var.metrics(instance.label)),
    }


def _prepare(instance: Instance, var: VarDir, *left: Path) -> None:
    _forget(*left, var.metrics_file(instance.label))
    if instance.name in COUNTING:
        counted = var.metrics(instance.label)
        shutil.rmtree(counted, ignore_errors=True)
        counted.mkdir()


def _forget(*left: Path) -> None:
    """A killed process leaves its socket, and the next one couldn't bind to it."""
    for path in left:
        path.unlink(missing_ok=True)


def _socket(sockets: Path, instance: Instance) -> Path:
    return sockets / f"{instance.label}.sock"


def _probe(instance: Instance, config: RunConfig, socket: Path, heartbeat: Path) -> tuple[Probe, str]:
    match instance.name:
        case "edge":
            return probes.listens(config.port), f"http://localhost:{config.port}"
        case "web":
            return probes.answers(socket, "/health/live/"), str(socket)
        case "realtime":
            return probes.answers(socket, "/health/live/"), str(socket)
        case "flower":
            return (
                probes.answers(config.flower_port, "/healthcheck"),
                f"http://127.0.0.1:{config.flower_port}",
            )
        case name if name in BEATING:
            return probes.beats(heartbeat), "-"
    return probes.always, "-"
