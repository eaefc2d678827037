"""A service that is taken away in the very moment somebody books it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.accounts.actions.deletion import delete_account
from core.accounts.models import User
from core.bookings.actions.erasure import erase_for
from core.bookings.models import Booking
from core.errors import Invalid
from core.files.actions import store_upload
from core.idempotency.models import Claim
from core.marketplace.models import Service
from tests.booked import make_booking
from tests.cast import PASSWORD, Api
from tests.workers.notifications.begun import begun


@pytest.mark.django_db
def test_c3_gone_while_the_cv_is_stored(
    api: Api, client_user: User, offered: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_slowly(**upload: Any) -> Any:
        Service.objects.update(is_active=False)
        return store_upload(**upload)

    monkeypatch.setattr("core.bookings.actions.create.store_upload", store_slowly)
    cv = SimpleUploadedFile("cv.txt", b"My life", "text/plain")
    sent = {"service": str(offered.id), "full_name": "John Doe", "cv_file": cv}
    answer = api.post("/bookings/create/", sent, user=client_user, Idempotency_Key="one")
    assert answer.status_code == 400
    assert answer.json() == {"service": [f'Invalid pk "{offered.id}" - object does not exist.']}
    assert not Booking.objects.exists()
    assert not Claim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_leaves_meanwhile_finds_the_booking(
    client_user: User, accountant: User, offered: Service
) -> None:
    def leave() -> None:
        delete_account(actor=accountant, password=PASSWORD, code=None)
        erase_for(user_id=accountant.id)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            booking = make_booking(offered, client_user)
            leaving = begun(pool, leave)
        leaving.result()
    booking.refresh_from_db()
    assert booking.status == "declined"


@pytest.mark.django_db(transaction=True)
def test_c3_who_has_just_left_is_not_booked(client_user: User, accountant: User, offered: Service) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            delete_account(actor=accountant, password=PASSWORD, code=None)
            booking = begun(pool, lambda: make_booking(offered, client_user))
        with pytest.raises(Invalid) as refusal:
            booking.result()
    assert list(refusal.value.fields) == ["service"]
    assert not Booking.objects.exists()
