"""Work that outlives its request: `jobs.accounts.send_otp_email(otp_request_id=…)`.

One module a domain, one typed function a job. The call writes a row in the caller's transaction;
the relay publishes it and a worker carries it out, once, whatever dies in between.
"""

from core.jobs import accounts, bookings, chat, files, jobs, marketplace, operations, unread

__all__ = ["accounts", "bookings", "chat", "files", "jobs", "marketplace", "operations", "unread"]
