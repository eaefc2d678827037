"""`make run`, on a small project: what it starts, restarts, stops and leaves."""

import os
import shlex
import signal
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.local.conftest import MakeProject
from tests.local.running import until

SLEEPS = "python -c 'import signal; signal.pause()'"
TWO_SLEEPERS = f"one: {SLEEPS}\ntwo: {SLEEPS}\n"


def test_starts_servers_then_migrates_then_runs_every_process(make_project: MakeProject) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    project.until_ready()
    project.until_printed("Ctrl-C stops")
    assert "migrate  | manage migrate --noinput\n" in project.output
    for label in ("postgres", "valkey", "one", "two"):
        assert f" {project.pid(label)}\n" in project.output
        assert psutil.pid_exists(project.pid(label))


def test_processes_reach_the_embedded_servers(make_project: MakeProject) -> None:
    connects = (
        "import os, psycopg, redis; psycopg.connect(os.environ['DATABASE_URL']); "
        "redis.Redis.from_url(os.environ['BROKER_URL']).ping(); print('both answer')"
    )
    project = make_project(f"one: python -c \"{connects}; __import__('time').sleep(600)\"\n")
    project.start()
    project.until_printed(r"one\s+\| both answer")


def test_output_is_prefixed_on_the_terminal_and_plain_in_the_log(make_project: MakeProject) -> None:
    project = make_project("one: sh -c 'echo first; echo second >&2; sleep 600'\n")
    project.start()
    project.until_printed(r"one\s+\| second")
    until(lambda: (project.var / "logs" / "one.log").read_text() == "first\nsecond\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_leaves_no_process_and_keeps_the_data(
    make_project: MakeProject, number: signal.Signals
) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    project.until_ready()
    assert project.manage("anything").returncode == 0
    assert project.stop(number) == 0
    assert project.processes() == []
    assert not project.is_ready()
    assert list((project.var / "run").glob("*.pid")) == []


@pytest.mark.parametrize("step", ["postgres", "valkey", "migrate", "one"])
def test_asked_to_stop_in_the_middle_of_the_start(make_project: MakeProject, step: str) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    until((project.var / "logs" / f"{step}.log").exists)
    assert project.stop() == 0
    assert "did not stop" not in project.output
    assert project.processes() == []


def test_what_was_committed_is_there_on_the_next_start(make_project: MakeProject) -> None:
    prints = "import os; print('AT', os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True); "
    project = make_project(f'one: python -c "{prints}import signal; signal.pause()"\n')
    project.start()
    project.until_ready()
    with psycopg.connect(_address(project.output, 1), autocommit=True) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(_address(project.output, 2)) as client:
        client.set("kept", "42")
    assert project.stop() == 0

    project.start()
    project.until_ready()
    with psycopg.connect(_address(project.output, 1)) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)
    with redis.Redis.from_url(_address(project.output, 2)) as client:
        assert client.get("kept") == b"42"


def _address(output: str, position: int) -> str:
    line = next(line for line in output.splitlines() if "| AT " in line)
    return line.split("| ")[1].split()[position]


def test_a_process_that_dies_is_started_again_and_a_line_says_so(make_project: MakeProject) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    project.until_ready()
    first = project.pid("one")
    os.kill(first, signal.SIGKILL)
    project.until_printed(r"run\s+\| one died \(killed by SIGKILL\): started again")
    project.until_restarted("one", first)
    assert project.stop() == 0


def test_the_ready_file_is_gone_while_a_process_is(make_project: MakeProject) -> None:
    waits = "sh -c 'while [ -e hold ]; do sleep 0.1; done; while :; do touch $HEARTBEAT_FILE; sleep 1; done'"
    project = make_project(f"worker: {waits}\n")
    project.start()
    project.until_ready()
    (project.folder / "hold").touch()
    os.kill(project.pid("worker"), signal.SIGKILL)
    until(lambda: not project.is_ready())
    project.until_printed("worker died")
    assert not project.is_ready()
    (project.folder / "hold").unlink()
    project.until_ready()


def test_children_of_a_dead_process_die_with_it(make_project: MakeProject) -> None:
    project = make_project("one: sh -c 'sleep 601 & echo child $!; wait'\n")
    project.start()
    project.until_printed(r"child \d+")
    project.until_ready()
    orphan = next(p for p in psutil.Process(project.pid("one")).children())
    os.kill(project.pid("one"), signal.SIGKILL)
    until(lambda: not orphan.is_running())


def test_five_deaths_within_a_minute_stop_the_run(make_project: MakeProject) -> None:
    project = make_project(f"bad: sh -c 'echo no luck today; exit 3'\ngood: {SLEEPS}\n")
    status, output = project.run_to_end()
    assert status == 1
    assert output.count("bad died (exit code 3)") == 4
    assert "make run: bad: died 5 times within a minute" in output
    assert output.rstrip().endswith("no luck today")
    assert project.processes() == []


def test_failed_migrations_stop_the_run(make_project: MakeProject) -> None:
    project = make_project(TWO_SLEEPERS, manage='raise SystemExit("no such table")')
    status, output = project.run_to_end()
    assert status == 1
    assert "no such table" in output
    assert "the migrations failed (exit code 1)" in output
    assert project.processes() == []


def test_a_process_that_ignores_the_request_is_killed_in_time(make_project: MakeProject) -> None:
    project = make_project("edge: sh -c 'trap \"\" TERM; while :; do sleep 1; done'\n")
    project.start()
    project.until_printed("still waiting|valkey")
    until((project.var / "run" / "edge.pid").exists)
    assert project.stop() == 0
    assert "edge did not stop in 3 s: killed" in project.output
    assert project.processes() == []


def test_a_second_ctrl_c_forces(make_project: MakeProject) -> None:
    project = make_project("stubborn: sh -c 'trap \"\" TERM; echo up; while :; do sleep 1; done'\n")
    project.start()
    project.until_printed(r"\| up")
    project.supervisor.send_signal(signal.SIGINT)
    project.until_printed("stopping")
    assert project.stop() == 0
    assert "did not stop" not in project.output
    assert project.processes() == []


def test_kill_9_of_the_supervisor_leaves_nothing(make_project: MakeProject) -> None:
    project = make_project("one: sh -c 'sleep 600 & setsid sleep 601'\n")
    project.start()
    project.until_ready()
    project.kill_supervisor()
    until(lambda: project.processes() == [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_make_alone_stops_the_run(make_project: MakeProject, number: signal.Signals) -> None:
    project = make_project(TWO_SLEEPERS)
    (project.folder / "Makefile").write_text(f"run:\n\t@exec {shlex.join(project.command)}\n")
    project.command = ["make", "run"]
    project.start()
    project.until_ready()
    project.supervisor.send_signal(number)
    until(lambda: project.processes() == [])
    project.wait()
    assert "stopped" in project.output


def test_the_start_after_a_kill_9_of_everything_recovers(make_project: MakeProject) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    project.until_ready()
    guard = next(p for p in psutil.Process(project.supervisor.pid).children() if "local.guard" in p.cmdline())
    guard.kill()
    project.kill_supervisor()
    assert project.processes()

    project.start()
    project.until_printed("of an earlier run were still there: killed")
    project.until_ready()
    assert project.stop() == 0
    assert project.processes() == []


def test_several_of_a_process_have_numbered_pidfiles(make_project: MakeProject) -> None:
    project = make_project("worker: sh -c 'echo I am $PROCESS_NAME; sleep 600'\n")
    project.start(WORKER_PROCESSES="2")
    project.until_printed("I am worker.1")
    project.until_printed("I am worker.2")
    assert project.pid("worker.1") != project.pid("worker.2")


def test_a_long_var_dir_is_no_problem(make_project: MakeProject, folder: Path) -> None:
    folder = folder / ("long name " * 12)
    folder.mkdir()
    project = make_project(TWO_SLEEPERS, folder=folder)
    project.start()
    project.until_ready()
    short = Path((project.var / "run" / "sockets").read_text())
    assert (short / "postgres" / ".s.PGSQL.5432").exists()
    assert project.stop() == 0
    assert not short.exists()


def test_a_run_survives_the_death_of_its_database(make_project: MakeProject) -> None:
    project = make_project(TWO_SLEEPERS)
    project.start()
    project.until_ready()
    first = project.pid("postgres")
    os.kill(first, signal.SIGKILL)
    project.until_printed("postgres died")
    project.until_restarted("postgres", first)
    assert project.stop() == 0
    assert project.processes() == []


def test_secrets_outlive_a_restart(make_project: MakeProject) -> None:
    project = make_project("one: sh -c 'echo KEY $SECRET_KEY; sleep 600'\n")
    keys = []
    for _ in range(2):
        project.start()
        project.until_printed(r"KEY \S{40}")
        keys.append(next(line for line in project.output.splitlines() if "KEY" in line))
        project.stop()
    assert keys[0] == keys[1]
    assert (project.var / "secret_key").stat().st_mode & 0o077 == 0


def test_servers_that_the_environment_names_are_used_and_none_is_started(make_project: MakeProject) -> None:
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    project = make_project("one: sh -c 'echo AT $DATABASE_URL $REDIS_URL $BROKER_URL; sleep 600'\n")
    project.start(**named)
    project.until_ready()
    project.until_printed(r"\| AT ")
    addresses = [_address(project.output, position) for position in (1, 2, 3)]
    assert addresses == [named["DATABASE_URL"], named["REDIS_URL"], named["REDIS_URL"]]
    assert {path.name for path in (project.var / "run").glob("*.pid")} == {"one.pid"}
