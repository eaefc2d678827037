"""POST /bookings/create/ with an Idempotency-Key: decision C11."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.accounts.models import User
from core.bookings.actions.decide import accept_booking
from core.bookings.actions.update import update_booking
from core.bookings.models import Booking
from core.files.models import StoredFile
from core.idempotency.actions import delete_expired_claims
from core.idempotency.models import Claim
from core.jobs.models import Job
from core.marketplace.models import Service
from tests.cast import Api, make_user
from tests.parallel import at_once

PATH = "/bookings/create/"
KEY = "0c5e2f6e-retry"


def create(api: Api, user: User, service: Service, *, key: str | None = KEY, **fields: Any) -> Any:
    headers = {} if key is None else {"Idempotency_Key": key}
    sent = {"service": str(service.id), "full_name": "John Doe"} | fields
    return api.post(PATH, sent, user=user, **headers)


def a_cv(text: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("cv.txt", text, "text/plain")


@pytest.mark.django_db
def test_c11_duplicates_are_allowed_without_a_key(api: Api, client_user: User, offered: Service) -> None:
    answers = [create(api, client_user, offered, key=None) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Booking.objects.count() == 2


@pytest.mark.django_db
def test_c11_a_repeated_create_gives_the_first_result(api: Api, client_user: User, offered: Service) -> None:
    first, second = (create(api, client_user, offered) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Booking.objects.count() == 1
    assert Job.objects.filter(name="bookings.announce").count() == 1


@pytest.mark.django_db
def test_c11_the_first_result_is_as_it_was(
    api: Api, client_user: User, offered: Service, accountant: User
) -> None:
    first = create(api, client_user, offered).json()
    accept_booking(actor=accountant, booking_id=first["booking_id"])
    update_booking(actor=client_user, booking_id=first["booking_id"], texts={"full_name": "Jane"})
    Service.objects.update(title="Another title")
    User.objects.filter(id=accountant.id).update(full_name="Another name")
    again = create(api, client_user, offered)
    assert (again.status_code, again["Content-Type"]) == (201, "application/json")
    assert again.json() == first
    now = api.get(f"/bookings/{first['booking_id']}/", user=client_user).json()
    assert (now["status"], now["full_name"]) == ("confirmed", "Jane")


@pytest.mark.django_db
def test_c11_an_answer_is_kept_without_a_signature(
    api: Api, client_user: User, offered: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address ends within the hour: the same file's is signed anew, and is good."""
    first = create(api, client_user, offered, cv_file=a_cv(b"one")).json()
    kept = Claim.objects.get().answer_body
    assert kept is not None
    assert "signature" not in kept
    monkeypatch.setattr("core.files.urls._expiry", lambda now: int(now) + 24 * 3600)
    again = create(api, client_user, offered, cv_file=a_cv(b"one")).json()
    (path, _), (path_now, signature) = (each.pop("cv_file").split("?") for each in (first, again))
    assert (path, first) == (path_now, again)
    assert api.get(f"{path}?{signature}").status_code == 404  # not 403: it isn't processed yet


@pytest.mark.django_db
def test_c11_the_answer_goes_with_its_key(api: Api, client_user: User, offered: Service) -> None:
    create(api, client_user, offered)
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert create(api, client_user, offered, full_name="Jane").json()["full_name"] == "Jane"
    (claim,) = Claim.objects.all()
    assert "John Doe" not in str(claim.answer_body)
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert delete_expired_claims() == 1


@pytest.mark.django_db
def test_c11_nothing_is_kept_without_a_key(api: Api, client_user: User, offered: Service) -> None:
    create(api, client_user, offered, key=None)
    assert not Claim.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"full_name": "Jane"}, {"additional_notes": "More"}, {"linkedin_url": "nowhere"}, {"full_name": ""}],
)
def test_c11_another_body_conflicts(
    api: Api, client_user: User, offered: Service, change: dict[str, str]
) -> None:
    create(api, client_user, offered)
    answer = create(api, client_user, offered, **change)
    assert answer.status_code == 409
    assert list(answer.json()) == ["detail"]
    assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_c11_the_file_counts_as_the_body(api: Api, client_user: User, offered: Service) -> None:
    first = create(api, client_user, offered, cv_file=a_cv(b"one"))
    again = create(api, client_user, offered, cv_file=a_cv(b"one"))
    other = create(api, client_user, offered, cv_file=a_cv(b"two"))
    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 409]
    assert first.json() == again.json()
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_c11_a_key_is_ones_own(api: Api, client_user: User, offered: Service) -> None:
    answers = [create(api, user, offered) for user in (client_user, make_user("client"))]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Booking.objects.count() == 2


@pytest.mark.django_db
def test_c11_a_refused_create_leaves_the_key_free(api: Api, client_user: User, offered: Service) -> None:
    assert create(api, client_user, offered, full_name="").status_code == 400
    assert create(api, client_user, offered).status_code == 201


@pytest.mark.django_db
def test_c11_the_repeat_works_after_the_service_is_gone(
    api: Api, client_user: User, offered: Service
) -> None:
    first = create(api, client_user, offered).json()
    offered.is_active = False
    offered.save()
    assert create(api, client_user, offered).json()["booking_id"] == first["booking_id"]


@pytest.mark.django_db
def test_c11_a_key_is_free_again_after_a_day(api: Api, client_user: User, offered: Service) -> None:
    create(api, client_user, offered)
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=23))
    assert create(api, client_user, offered, full_name="Jane").status_code == 409
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert create(api, client_user, offered, full_name="Jane").status_code == 201
    assert create(api, client_user, offered).status_code == 409
    assert Booking.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "clé", "a\tb"])
def test_c11_a_malformed_key(api: Api, client_user: User, offered: Service, key: str) -> None:
    answer = create(api, client_user, offered, key=key)
    assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key"])
    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_c11_a_malformed_key_is_told_with_the_fields(api: Api, client_user: User, offered: Service) -> None:
    answer = create(api, client_user, offered, key="", full_name="")
    assert (answer.status_code, set(answer.json())) == (400, {"Idempotency-Key", "full_name"})


@pytest.mark.django_db(transaction=True)
def test_c11_of_parallel_creates_one_makes_the_booking(client_user: User, offered: Service) -> None:
    steps = [lambda: create(Api(), client_user, offered) for _ in range(8)]
    answers = at_once(*steps)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Booking.objects.count() == 1
    assert Job.objects.filter(name="bookings.announce").count() == 1


@pytest.mark.django_db(transaction=True)
def test_c11_of_parallel_bodies_under_one_key_one_wins(client_user: User, offered: Service) -> None:
    def named(name: str) -> int:
        return int(create(Api(), client_user, offered, full_name=name).status_code)

    answers = at_once(*(lambda name=name: named(name) for name in "ABCDEF"))
    assert sorted(answers) == [201, *[409] * 5]
    assert Booking.objects.count() == 1
