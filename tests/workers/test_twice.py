"""Every task run a second time changes nothing: a process may die between effect and commit.

A new task needs a case here: what it is to be carried out on.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

import celery_app  # noqa: F401 - registers the tasks
from core.accounts.models import OtpPurpose, OtpRequest, Session, User
from core.bookings.models import Booking
from core.files import actions as files
from core.files.acceptance import check_upload
from core.files.models import Purpose, StoredFile
from core.idempotency.models import Claim
from core.jobs.catalogue import CATALOGUE
from core.jobs.models import Job, State
from core.marketplace.models import Service, ServiceTally
from tests.booked import make_booking, make_service
from tests.cast import make_user
from tests.samples import pdf, upload
from workers.task import RUNS

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)
Params = dict[str, object]


def otp_request() -> Params:
    request = OtpRequest.objects.create(user=make_user(), purpose=OtpPurpose.PASSWORD_RESET)
    return {"otp_request_id": request.id}


def notice() -> Params:
    return {"user_id": make_user().id, "notice": "password_changed", "notice_id": uuid4()}


def deleted_user() -> Params:
    owner = make_user("accountant")
    make_service(owner)
    User.objects.filter(id=owner.id).update(deleted_at=timezone.now())
    return {"user_id": owner.id}


def sockets() -> Params:
    return {"user_id": uuid4()}


def session_sockets() -> Params:
    return {"user_id": uuid4(), "session_id": uuid4()}


def old_otp() -> Params:
    otp_request()
    OtpRequest.objects.update(expires_at=timezone.now() - LONG_AGO)
    return {}


def old_session() -> Params:
    Session.objects.create(user=make_user(), expires_at=timezone.now() - LONG_AGO)
    return {}


def old_job() -> Params:
    Job.objects.create(name="x.y", queue="email", state=State.DONE, finished_at=timezone.now() - LONG_AGO)
    return {}


def booking(*, waited: timedelta = LONG_AGO) -> UUID:
    made = make_booking(make_service(make_user("accountant")), make_user("client"))
    Booking.objects.filter(id=made.id).update(created_at=timezone.now() - waited)
    return made.id


def announced_booking() -> Params:
    return {"booking_id": booking(), "event": "created"}


def overdue_booking() -> Params:
    return {"booking_id": booking()}


def waiting_booking() -> Params:
    booking(waited=timedelta(days=7))
    return {}


def ignored_booking() -> Params:
    booking()
    return {}


def old_claim() -> Params:
    claim = Claim.objects.create(user=make_user(), operation="x", key="k", fingerprint="f", result_id=uuid4())
    Claim.objects.filter(id=claim.id).update(created_at=timezone.now() - LONG_AGO)
    return {}


def pending_file() -> Params:
    checked = check_upload(upload("a.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)
    stored_file = files.store_upload(owner=make_user(), upload=checked)
    files.attach_files([stored_file])
    return {"file_id": stored_file.id}


def old_file() -> Params:
    pending_file()
    past = timezone.now() - LONG_AGO
    StoredFile.objects.update(created_at=past, attached_at=past)
    return {}


def condemned_file() -> Params:
    pending_file()
    StoredFile.objects.update(condemned_at=timezone.now())
    return {}


def processed_file() -> Params:
    files.process_file(**pending_file())  # type: ignore[arg-type]
    return {}


def category() -> Params:
    service: Service = make_service(make_user("accountant"))
    return {"category_id": service.categories.get().id}


def tallies() -> Params:
    category()
    category()
    assert ServiceTally.objects.count() > 1
    return {}


CASES: dict[str, Callable[[], Params]] = {
    "accounts.send_otp_email": otp_request,
    "accounts.send_notice_email": notice,
    "accounts.erase_account": deleted_user,
    "accounts.close_sockets": sockets,
    "accounts.close_session_sockets": session_sockets,
    "accounts.delete_expired_otps": old_otp,
    "accounts.delete_expired_sessions": old_session,
    "bookings.announce": announced_booking,
    "bookings.decline_expired": overdue_booking,
    "bookings.remind_owners": waiting_booking,
    "bookings.decline_overdue": ignored_booking,
    "bookings.delete_expired_claims": old_claim,
    "files.process_file": pending_file,
    "files.condemn_unreferenced_files": old_file,
    "files.delete_condemned_files": condemned_file,
    "files.delete_incoming_files": processed_file,
    "files.reject_stuck_files": old_file,
    "jobs.delete_finished": old_job,
    "marketplace.refresh_category": category,
    "marketplace.add_up_tallies": tallies,
    "unread.push_counts": sockets,
}
SHIPPED = sorted(name for name, job in CATALOGUE.items() if job.__module__.startswith("core.jobs."))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_second_run_changes_nothing(name: str) -> None:
    params = CASES[name]()
    before = everything()
    run(name, params)
    once = everything()
    run(name, params)
    assert everything() == once
    assert once != before or name in CHANGE_NO_ROW


CHANGE_NO_ROW = {
    "accounts.close_sockets",
    "accounts.close_session_sockets",
    "marketplace.refresh_category",
    "unread.push_counts",
}
"""Tasks that tell sockets, or derive what is derived already."""


def run(name: str, params: Params) -> None:
    with transaction.atomic():
        RUNS[name].body(**params)


def everything() -> dict[str, object]:
    """Every table's rows but for what each writing changes, what jobs ask for, mails by Message-ID."""
    content: dict[str, object] = {
        "mails": {message.extra_headers["Message-ID"] for message in mail.outbox},
        "jobs": {(job.name, str(job.params)) for job in Job.objects.all()},
    }
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {Job._meta.db_table}:
            cursor.execute(f"SELECT (to_jsonb(t) - '{{id,updated_at}}'::text[])::text FROM \"{table}\" t")
            content[table] = sorted(row for (row,) in cursor.fetchall())
    return content
