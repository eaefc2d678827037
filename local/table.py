"""The table on start: what is where."""

from collections.abc import Mapping

from local.config import RunConfig
from local.supervisor import Supervisor
from local.var_dir import VarDir


def table(supervisor: Supervisor, config: RunConfig, var: VarDir, env: Mapping[str, str]) -> str:
    """A row a process (name, where, pid), then the addresses and the password to use."""
    rows = [("process", "where", "pid")]
    for spec in supervisor.specs:
        child = supervisor.children.get(spec.label)
        rows.append((spec.label, spec.where, str(child.pid) if child else "-"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"  {name:<{widths[0]}}  {where:<{widths[1]}}  {pid:>{widths[2]}}" for name, where, pid in rows]
    rule = "-" * max(map(len, lines))
    return "\n".join(["", lines[0], rule, *lines[1:], rule, *_hints(config, var, env), ""])


def _hints(config: RunConfig, var: VarDir, env: Mapping[str, str]) -> list[str]:
    origin = f"http://localhost:{config.port}"
    mail = "by EMAIL_URL" if env.get("EMAIL_URL") else var.root / "mail"
    user, _, password = env["FLOWER_BASIC_AUTH"].partition(":")
    return [
        f"  API docs {origin}/swagger/   admin {origin}/admin/",
        f"  Live     {origin}/live/   people to try it as: make demo",
        f"  Sockets  ws://localhost:{config.port}/ws/global/",
        f"  Flower   http://127.0.0.1:{config.flower_port}   user {user}   password {password}",
        f"  Metrics  {var.run}/*.metrics.json   each process's own port, as Prometheus's file_sd reads it",
        f"  Mail     {mail}   logs {var.logs}",
        "  Ctrl-C stops everything.",
    ]
