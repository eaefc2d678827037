"""`make manage`: against the databases of VAR_DIR, running or not, or those the variables name."""

import os
import re

from tests.local.conftest import MakeProject

ASKS = """
import os, sys, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
    database.execute("CREATE TABLE IF NOT EXISTS calls (arguments text)")
    database.execute("INSERT INTO calls VALUES (%s)", [" ".join(sys.argv[1:])])
    print(*(row[0] for row in database.execute("SELECT arguments FROM calls")), sep=", ", flush=True)
redis.Redis.from_url(os.environ["BROKER_URL"]).ping()
print("key", os.environ["SECRET_KEY"])
"""


def test_with_nothing_running_it_brings_the_servers_and_takes_them_away(make_project: MakeProject) -> None:
    project = make_project("one: sleep 600\n", manage=ASKS)
    first = project.manage("createsuperuser", "--email", "a b")
    assert first.returncode == 0, first.stderr
    assert "createsuperuser --email a b\n" in first.stdout
    assert project.processes() == []
    assert "createsuperuser --email a b, second\n" in project.manage("second").stdout


def test_a_new_database_is_migrated_first_and_only_then(make_project: MakeProject) -> None:
    project = make_project("one: sleep 600\n", manage=ASKS)
    assert project.manage("first").stdout.splitlines()[-2] == "migrate -v0, first"
    assert project.manage("second").stdout.splitlines()[-2] == "migrate -v0, first, second"


def test_beside_a_running_product_it_uses_that_ones(make_project: MakeProject) -> None:
    project = make_project("one: sh -c 'echo key $SECRET_KEY; sleep 600'\n", manage=ASKS)
    project.start()
    project.until_ready()
    result = project.manage("beside")
    assert "migrate --noinput, beside\n" in result.stdout
    key = re.search(r"key \S+", project.output)
    assert key is not None
    assert key[0] in result.stdout
    assert project.is_ready()


def test_servers_that_the_variables_name(make_project: MakeProject) -> None:
    project = make_project("one: sleep 600\n", manage="import os; print(os.environ['DATABASE_URL'])")
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL")}
    assert project.manage("anything", **named).stdout == named["DATABASE_URL"] + "\n"
    assert not (project.var / "postgres").exists()


def test_the_status_of_the_command_is_its_own(make_project: MakeProject) -> None:
    project = make_project("one: sleep 600\n", manage="import sys; sys.exit(7 * (sys.argv[1] == 'bad'))")
    assert project.manage("bad").returncode == 7


def test_a_server_that_does_not_answer(make_project: MakeProject) -> None:
    result = make_project("one: sleep 600\n").manage("x", REDIS_URL="redis://127.0.0.1:1/0")
    assert result.returncode == 1
    assert result.stderr.startswith(
        "make manage: REDIS_URL names redis://127.0.0.1:1/0, which doesn't answer"
    )
