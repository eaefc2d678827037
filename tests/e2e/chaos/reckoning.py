"""Afterwards: was everything kept that was promised? Asked of the database and the mailbox."""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.e2e.chaos.load import Promises
from tests.e2e.mail import Mail
from tests.e2e.mailed import request_of, require_each_mailed_once

_UNSETTLED = "SELECT count(*) FROM jobs_job WHERE state IN ('pending', 'sent') AND schedule IS NULL"
_DEAD = "SELECT name, error FROM jobs_job WHERE state = 'dead'"
_DONE = "SELECT count(*) FROM jobs_job WHERE state = 'done'"
_STATUSES = "SELECT id::text, status FROM bookings_booking"

# Notifications that should be and are not, or are and should not be, or are there twice.
_WRONG_NOTIFICATIONS = """
WITH due AS (
    SELECT id, accountant_id AS user_id, 'booking_created' AS kind FROM bookings_booking
    UNION ALL
    SELECT id, client_id, 'booking_accepted' FROM bookings_booking WHERE status = 'confirmed'
    UNION ALL
    SELECT id, client_id, 'booking_declined' FROM bookings_booking WHERE status = 'declined'
), told AS (
    SELECT related_object_id AS id, user_id, notification_type AS kind, count(*) AS times
    FROM notifications_notification GROUP BY 1, 2, 3
)
SELECT coalesce(due.id, told.id), coalesce(due.kind, told.kind), coalesce(told.times, 0)
FROM due FULL JOIN told USING (id, user_id, kind)
WHERE due.id IS NULL OR told.times IS DISTINCT FROM 1
"""
_WRONG_COUNTERS = """
SELECT user_id, counter.unread, found.unread FROM notifications_unreadcounter counter
JOIN (
    SELECT user_id, count(*) FILTER (WHERE NOT is_read) AS unread
    FROM notifications_notification GROUP BY user_id
) found USING (user_id)
WHERE counter.unread <> found.unread
"""
_CODES = """
SELECT request.id::text, email, mailed_at IS NOT NULL
FROM accounts_otprequest request JOIN accounts_user ON accounts_user.id = user_id
"""


@dataclass(frozen=True)
class Reckoning:
    """The database of a run, after everything."""

    database_url: str

    def unsettled(self) -> int:
        """Jobs that are still to be done."""
        return int(self._rows(_UNSETTLED)[0][0])

    def done(self) -> int:
        """Jobs that were carried out."""
        return int(self._rows(_DONE)[0][0])

    def require_no_dead_job(self) -> None:
        assert self._rows(_DEAD) == []

    def require_bookings(self, promises: Promises) -> None:
        """Every answered booking and decision is there, and not one more than was asked for."""
        statuses = dict(self._rows(_STATUSES))
        assert statuses.keys() == promises.bookings
        for booking_id, status in promises.decided.items():
            assert statuses[booking_id] == status
        decided = {booking_id for booking_id, status in statuses.items() if status != "pending"}
        assert decided <= promises.decided.keys() | promises.perhaps_decided

    def require_notifications(self) -> None:
        """Each booking has exactly those it should, and the counters agree."""
        assert self._rows(_WRONG_NOTIFICATIONS) == []
        assert self._rows(_WRONG_COUNTERS) == []

    def require_mails(self, promises: Promises, mails: list[Mail]) -> int:
        """Each request was mailed, and its code once unless its carrier died; how many came again."""
        requests = {request_id: (email, mailed) for request_id, email, mailed in self._rows(_CODES)}
        assert promises.codes <= {email for email, _ in requests.values()}
        assert all(mailed for _, mailed in requests.values())
        assert {request_of(mail) for mail in mails} == requests.keys()
        assert all(mail.recipients == (requests[request_of(mail)][0],) for mail in mails)
        return require_each_mailed_once(self.database_url, mails)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query.encode()).fetchall()
