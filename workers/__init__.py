"""Celery tasks: one module a domain, one thin task a job."""
