"""What is counted of jobs as they are carried out."""

from prometheus_client import Counter, Histogram

from core.metrics import LONG_SECONDS

JOBS = Counter("accountant_jobs_total", "Deliveries of jobs, by how they ended.", ["job", "outcome"])
DURATION = Histogram(
    "accountant_job_duration_seconds",
    "From a delivery's begin to its commit.",
    ["job"],
    buckets=LONG_SECONDS,
)
WAIT = Histogram(
    "accountant_job_wait_seconds",
    "From when a job was due to when a worker began it.",
    ["queue"],
    buckets=LONG_SECONDS,
)


def count_begin(queue: str, waited: float) -> None:
    WAIT.labels(queue).observe(max(waited, 0.0))


def count_end(job: str, outcome: str, seconds: float) -> None:
    JOBS.labels(job, outcome).inc()
    DURATION.labels(job).observe(seconds)
