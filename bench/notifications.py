"""Notifications of one event for 10,000 people, beside the bare INSERT … SELECT of the same rows.

    python -m bench.notifications

The bare one fills a table of the same columns, indexes and foreign key: no counters are kept, and no
ids come back to tell the sockets.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

from bench import report
from bench.machine import described
from bench.stage import set_stage

RECIPIENTS = 10_000
ROUNDS = 9
GOAL = 2.0


def main() -> None:
    with ExitStack() as stack:
        stage = set_stage(stack)
        stage.enter()
        _fill()
        times: dict[str, list[float]] = {"bare INSERT … SELECT": [], "notify()": []}
        for warming in (True, *[False] * ROUNDS):
            for write, found in zip((_bare, _notify), times.values(), strict=True):
                seconds = _timed(write)
                if not warming:
                    found.append(seconds)
        print(described(stage.env, "django", "psycopg"))
    _print({name: median(found) * 1000 for name, found in times.items()})


def _fill() -> None:
    from django.db import connection  # noqa: PLC0415 - after setup

    from core.accounts.models import User  # noqa: PLC0415

    User.objects.bulk_create(
        User(email=f"{number}@bench.example", user_type="client", account_status="active", password="!")
        for number in range(RECIPIENTS)
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE notifications_notification INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE bare ADD FOREIGN KEY (user_id) REFERENCES accounts_user "
            "DEFERRABLE INITIALLY DEFERRED"
        )
        cursor.execute("VACUUM ANALYZE")


def _notify(key: str) -> None:
    from core.accounts.models import User  # noqa: PLC0415 - after setup
    from core.notifications.actions import notify  # noqa: PLC0415
    from core.notifications.models import NotificationType  # noqa: PLC0415

    texts = "New message", "Jane in Tax: Hello"
    now = datetime.now(UTC)
    notice = notify.Notice(key, NotificationType.MESSAGE, *texts, uuid4(), now, actor_id=uuid4())
    # Without what follows the commit: publishing isn't writing.
    notify._tell_sockets = lambda *_: None  # noqa: SLF001
    assert len(notify.notify(notice, recipients=User.objects.values("id"))) == RECIPIENTS


def _bare(key: str) -> None:
    from django.db import connection  # noqa: PLC0415 - after setup

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bare
                (id, user_id, notification_type, title, message, related_object_id, event_key,
                 created_at, actor_id, is_read)
            SELECT uuidv7(), id, 'message', 'New message', 'Jane in Tax: Hello', %s, %s, %s, %s, false
            FROM accounts_user
            """,
            [uuid4(), key, datetime.now(UTC), uuid4()],
        )


def _timed(write: Callable[[str], None]) -> float:
    from django.db import transaction  # noqa: PLC0415 - after setup

    began = time.perf_counter()
    with transaction.atomic():
        write(f"bench:{uuid4()}")
    return time.perf_counter() - began


def _print(milliseconds: dict[str, float]) -> None:
    rows = ([name, f"{found:.0f}"] for name, found in milliseconds.items())
    report.table([f"{RECIPIENTS:,} rows, median of {ROUNDS} interleaved rounds", "ms"], rows)
    bare, ours = milliseconds.values()
    report.verdict("notify(), counted and its ids returned / bare", ours / bare, "<=", GOAL)


if __name__ == "__main__":
    main()
