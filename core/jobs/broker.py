"""The Celery application. Only core.jobs and workers know that it is Celery."""

from celery import Celery

# No fix-ups: Celery's for Django opens a new database connection for every task.
app = Celery("my_accountant", fixups=[])
app.config_from_object("core.jobs.celery_config")
