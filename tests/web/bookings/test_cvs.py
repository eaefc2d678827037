"""A good CV stays until the next one is ready."""

from typing import Any

import pytest

from core.accounts.models import User
from core.bookings.models import Booking
from core.files import actions
from core.files.deletion import unreferenced
from core.files.models import StoredFile
from core.jobs import outbox
from tests.cast import Api
from tests.samples import pdf, upload
from workers import files as _register_tasks  # noqa: F401
from workers.task import RUNS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]
DAMAGED = "The PDF is damaged: it doesn't say at its end where its table of objects is."


def send(api: Api, booking: Booking, user: User, name: str, content: bytes | None = None) -> StoredFile:
    sent = upload(name, pdf() if content is None else content)
    answer = api.patch(f"/bookings/{booking.id}/update/", {"cv_file": sent}, user=user)
    assert answer.status_code == 200
    return StoredFile.objects.get(original_name=name)


def process(stored_file: StoredFile) -> StoredFile:
    actions.process_file(file_id=stored_file.id)
    return stored_file


def shown(api: Api, booking: Booking, viewer: User) -> tuple[Any, str | None, str]:
    """The id in the CV's address, its state and reason."""
    found = api.get(f"/bookings/{booking.id}/", user=viewer).json()
    address = found["cv_file"]
    name = address and address.partition("?")[0].rpartition("/")[2].partition(".")[0]
    return name, found["cv_file_state"], found["cv_file_reason"]


def test_the_first_one_has_its_address_at_once(api: Api, booking: Booking, client_user: User) -> None:
    first = send(api, booking, client_user, "a.pdf")
    assert shown(api, booking, client_user) == (first.id.hex, "pending", "")
    process(first)
    assert shown(api, booking, client_user) == (first.id.hex, "ready", "")


def test_the_next_one_takes_its_place_once_it_is_ready(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    first = process(send(api, booking, client_user, "a.pdf"))
    second = send(api, booking, client_user, "b.pdf")
    assert shown(api, booking, client_user) == (first.id.hex, "pending", "")
    assert shown(api, booking, accountant) == (first.id.hex, "ready", "")
    assert not unreferenced().exists()
    process(second)
    for viewer in (client_user, accountant):
        assert shown(api, booking, viewer) == (second.id.hex, "ready", "")
    assert list(unreferenced()) == [first]


def test_b26_the_next_one_is_served_to_nobody_until_it_is_ready(
    api: Api, booking: Booking, client_user: User
) -> None:
    first = send(api, booking, client_user, "a.pdf")
    second = send(api, booking, client_user, "b.pdf")
    address = api.get(f"/bookings/{booking.id}/", user=client_user).json()["cv_file"]
    assert second.id.hex in address
    waiting = api.get(address)
    assert (waiting.status_code, waiting["Retry-After"]) == (404, "1")
    process(first)
    process(second)
    served = api.get(address)
    assert (served.status_code, b"".join(served.streaming_content)) == (200, pdf())


def test_a_rejected_one_leaves_the_good_one_in_place(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    first = process(send(api, booking, client_user, "a.pdf"))
    bad = process(send(api, booking, client_user, "bad.pdf", b"%PDF-1.7 torn"))
    assert shown(api, booking, client_user) == (first.id.hex, "rejected", DAMAGED)
    assert shown(api, booking, accountant) == (first.id.hex, "ready", "")
    third = process(send(api, booking, accountant, "c.pdf"))
    for viewer in (client_user, accountant):
        assert shown(api, booking, viewer) == (third.id.hex, "ready", "")
    assert set(unreferenced()) == {first, bad}


@pytest.mark.parametrize("good_first", [True, False])
def test_of_two_that_wait_a_rejected_one_costs_nothing(
    api: Api, booking: Booking, client_user: User, accountant: User, good_first: bool
) -> None:
    good = send(api, booking, client_user, "a.pdf")
    bad = send(api, booking, client_user, "bad.pdf", b"%PDF-1.7 torn")
    for stored_file in (good, bad) if good_first else (bad, good):
        process(stored_file)
    assert shown(api, booking, client_user) == (good.id.hex, "rejected", DAMAGED)
    assert shown(api, booking, accountant) == (good.id.hex, "ready", "")


def test_a_good_one_takes_the_place_of_a_rejected_one(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    process(send(api, booking, client_user, "bad.pdf", b"%PDF-1.7 torn"))
    for viewer in (client_user, accountant):
        assert shown(api, booking, viewer) == (None, "rejected", DAMAGED)
    good = send(api, booking, client_user, "a.pdf")
    assert shown(api, booking, accountant) == (good.id.hex, "pending", "")
    process(good)
    assert shown(api, booking, accountant) == (good.id.hex, "ready", "")


def test_of_two_that_wait_the_later_is_shown(api: Api, booking: Booking, client_user: User) -> None:
    process(send(api, booking, client_user, "a.pdf"))
    second, third = (send(api, booking, client_user, name) for name in ("b.pdf", "c.pdf"))
    process(third)
    process(second)
    assert shown(api, booking, client_user) == (third.id.hex, "ready", "")
    assert second in unreferenced()


def test_removing_removes_all(api: Api, booking: Booking, client_user: User) -> None:
    process(send(api, booking, client_user, "a.pdf"))
    send(api, booking, client_user, "b.pdf")
    api.patch(f"/bookings/{booking.id}/update/", {"cv_file": None}, user=client_user)
    assert shown(api, booking, client_user) == (None, None, "")
    assert unreferenced().count() == 2


def test_the_worker_puts_it_in_its_place(api: Api, booking: Booking, client_user: User) -> None:
    send(api, booking, client_user, "a.pdf")
    second = send(api, booking, client_user, "b.pdf")
    due = [job for job in outbox.claim_due() if job.name.startswith("files.")]
    assert [RUNS[job.name].deliver(job.id).value for job in due] == ["done", "done"]
    assert shown(api, booking, client_user) == (second.id.hex, "ready", "")
