"""A job is there if and only if the commit it belongs to is."""

from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from core import jobs
from core.correlation import correlated
from core.jobs import policy
from core.jobs.catalogue import CATALOGUE, JobType, Queue, job
from core.jobs.ids import uuid7
from core.jobs.ledger import NoTransaction
from core.jobs.models import Job, State
from core.jobs.params import BadDeclaration, BadParams

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.django_db
def test_a_call_writes_a_row(greeting: JobType[...]) -> None:
    user_id = uuid4()
    with correlated("request-1", TRACE):
        job_id = greeting(user_id=user_id)
    row = Job.objects.get(id=job_id)
    assert (row.name, row.queue, row.params) == (greeting.name, "email", {"user_id": str(user_id)})
    assert (row.state, row.attempts, row.request_id, row.traceparent) == (
        State.PENDING,
        0,
        "request-1",
        TRACE,
    )


@pytest.mark.django_db
def test_many_calls_are_one_statement(greeting: JobType[...], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        ids = greeting.many({"user_id": uuid4()} for _ in range(50))
    assert Job.objects.filter(id__in=ids).count() == 50


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{}, {"user_id": "x"}, {"user_id": uuid4(), "secret": "x"}])
def test_other_parameters_are_refused(greeting: JobType[...], values: dict[str, object]) -> None:
    with pytest.raises(BadParams):
        greeting(**values)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_positional_parameters_are_refused(greeting: JobType[...]) -> None:
    with pytest.raises(BadParams):
        greeting(uuid4())


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(greeting: JobType[...]) -> None:
    with pytest.raises(NoTransaction):
        greeting(user_id=uuid4())


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_job_along(greeting: JobType[...]) -> None:
    with transaction.atomic():
        greeting(user_id=uuid4())
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_the_relay_once_however_many_rows(greeting: JobType[...]) -> None:
    connection.ensure_connection()
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in _NEEDED}
    with psycopg.connect(**parameters, autocommit=True) as listener:
        listener.execute(f"LISTEN {policy.CHANNEL}")
        with transaction.atomic():
            greeting.many([{"user_id": uuid4()}] * 20)
        heard = list(listener.notifies(timeout=30, stop_after=1))
        rest = list(listener.notifies(timeout=0))
    assert (len(heard), rest) == (1, [])


_NEEDED = {"dbname", "user", "password", "host", "port"}


def test_two_jobs_cannot_share_a_name(greeting: JobType[...]) -> None:
    with pytest.raises(BadDeclaration):
        job(Queue.EMAIL)(greeting.__wrapped__)  # type: ignore[attr-defined]
    assert CATALOGUE[greeting.name] is greeting


def test_later_ids_sort_later() -> None:
    import time

    first = uuid7()
    time.sleep(0.002)
    assert first < uuid7()
    assert (first.version, first.variant) == (7, "specified in RFC 4122")


def test_jobs_are_named_after_module_and_function() -> None:
    assert jobs.accounts.send_otp_email.name == "accounts.send_otp_email"
    assert jobs.accounts.send_otp_email.queue is Queue.EMAIL


def test_mails_wait_for_the_disk() -> None:
    mails = [declared for declared in CATALOGUE.values() if declared.queue is Queue.EMAIL]
    assert mails
    assert all(declared.irrevocable for declared in mails if declared.__module__.startswith("core."))
