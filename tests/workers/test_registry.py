"""Every job has its task with the same name and parameters, and no task is without a job."""

import inspect
from typing import get_type_hints

import pytest

import celery_app
from core.jobs.catalogue import CATALOGUE, JobType, Queue
from workers.task import RUNS

JOBS = [
    pytest.param(job, id=name) for name, job in CATALOGUE.items() if job.__module__.startswith("core.jobs.")
]


def test_celery_knows_the_jobs_and_nothing_else() -> None:
    ours = {name for name in celery_app.app.tasks if not name.startswith("celery.")}
    assert ours == set(CATALOGUE) == set(RUNS)


@pytest.mark.parametrize("job", JOBS)
def test_the_task_takes_what_the_job_declares(job: JobType[...]) -> None:
    body = RUNS[job.name].body
    assert RUNS[job.name].job is job
    assert _parameters(body) == _parameters(job.__wrapped__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("job", JOBS)
def test_the_task_is_bounded_and_acknowledged_late(job: JobType[...]) -> None:
    task = celery_app.app.tasks[job.name]
    assert (task.soft_time_limit, task.time_limit) == (job.soft_time_limit, job.time_limit)
    assert job.soft_time_limit < job.time_limit
    assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)


@pytest.mark.parametrize("job", JOBS)
def test_the_job_says_what_it_does(job: JobType[...]) -> None:
    assert job.__doc__


def test_workers_consume_every_queue() -> None:
    assert {queue.name for queue in celery_app.app.conf.task_queues} == set(Queue)


def test_only_json_is_read() -> None:
    assert (celery_app.app.conf.accept_content, celery_app.app.conf.task_serializer) == (["json"], "json")


def _parameters(function: object) -> dict[str, tuple[object, object]]:
    hints = get_type_hints(function)
    parameters = inspect.signature(function).parameters  # type: ignore[arg-type]
    return {name: (hints[name], parameter.default) for name, parameter in parameters.items()}
