"""What is asked of the ledger all the time reads what is open, not the day of jobs that are done."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.jobs.depths import depths
from core.jobs.queries import summary
from core.operations.actions import take_sample

pytestmark = pytest.mark.django_db
_DONE = """
INSERT INTO jobs_job (id, name, queue, params, state, finished_at)
SELECT gen_random_uuid(), 'x.y', 'email', '{}', 'done', now() - n * interval '10 seconds'
FROM generate_series(1, 10000) AS n
"""


@pytest.mark.parametrize("ask", [depths, summary, take_sample])
def test_what_is_done_is_not_read(ask: Callable[[], object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE)
        cursor.execute("ANALYZE jobs_job")
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked = [query["sql"] for query in queries if "FROM jobs_job" in query["sql"]]
    assert asked
    for statement in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row for (row,) in cursor.fetchall())
        assert "Seq Scan on jobs_job" not in plan
