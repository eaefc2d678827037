"""The servers that the tests run on are real, of their own, and set up as production's are."""

import os
from pathlib import Path

import psycopg
import redis


def test_postgres_folds_case_in_every_language_of_the_product() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        query = "SELECT lower('DÉCLARATION'), 'É' ~ '[[:alpha:]]', 'م' ~ '[[:alpha:]]'"
        row = connection.execute(query).fetchone()
    assert row == ("déclaration", True, True)


def test_valkey_refuses_rather_than_forgets() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_what_tests_write_stays_out_of_the_project() -> None:
    project = Path(__file__).parents[2]
    assert project not in Path(os.environ["VAR_DIR"]).parents
