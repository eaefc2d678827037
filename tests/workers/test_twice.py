"""Every task run a second time changes nothing: a process may die between effect and commit.

A new task needs a case in tests/workers/cases: what it is to be carried out on.
"""

from importlib import import_module

import pytest
from django.core import mail
from django.db import connection, transaction

import celery_app  # noqa: F401 - registers the tasks
from core.jobs.catalogue import CATALOGUE
from core.jobs.models import Job
from tests.workers.cases import Cases, Params
from workers.task import RUNS

pytestmark = pytest.mark.django_db
SHIPPED = sorted(name for name, job in CATALOGUE.items() if job.__module__.startswith("core.jobs."))
_ROWS = "SELECT (to_jsonb(t) - '{id,updated_at}'::text[])::text FROM %s t"
_MEANING = {
    Job._meta.db_table: "SELECT DISTINCT name || params::text FROM %s",
    # A set is in step with a moment, and each run has its own.
    "marketplace_searchset": "SELECT service_type || is_course || pattern || bits::text FROM %s",
    # Changes of a number: only their sum means anything.
    "marketplace_servicetally": (
        "SELECT service_type || is_course || sum(delta) FROM %s GROUP BY service_type, is_course"
    ),
}
"""How to read a table whose rows may differ without meaning another thing."""


@pytest.mark.parametrize("name", SHIPPED)
def test_a_second_run_changes_nothing(name: str) -> None:
    params = cases_of(name)[name]()
    run(name, params)
    once = everything()
    run(name, params)
    assert everything() == once


@pytest.mark.parametrize("name", SHIPPED)
def test_cases_are_of_tasks(name: str) -> None:
    assert set(cases_of(name)) <= set(SHIPPED)


def cases_of(name: str) -> Cases:
    """The cases of the task's domain."""
    cases: Cases = import_module(f"tests.workers.cases.{name.partition('.')[0]}").CASES
    return cases


def run(name: str, params: Params) -> None:
    with transaction.atomic():
        RUNS[name].body(**params)


def everything() -> dict[str, object]:
    """Every table's rows but for what each writing changes, and mails by Message-ID."""
    content: dict[str, object] = {"mails": {message.extra_headers["Message-ID"] for message in mail.outbox}}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(_MEANING.get(table, _ROWS) % connection.ops.quote_name(table))
            content[table] = sorted(row for (row,) in cursor.fetchall())
    return content
