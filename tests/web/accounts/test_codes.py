"""One-time codes by mail: decisions A5 to A8 and A18."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from core.accounts import limits, otp
from core.accounts.models import OtpPurpose, OtpRequest, User
from core.jobs.models import Job
from tests.cast import Api
from tests.parallel import at_once
from tests.web.accounts.codes import ASK_RESET, INVALID, NEW, RESET, SEND, VERIFY, ask, other, reset, verify

pytestmark = pytest.mark.django_db


def test_send_works(api: Api, newcomer: User) -> None:
    answer = api.post(SEND, {"email": "NEW@example.com"})
    assert answer.status_code == 200
    assert answer.json() == {"detail": "OTP sent to your email"}
    assert Job.objects.get().name == "accounts.send_otp_email"


def test_a8_the_job_carries_the_request_id_alone(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    job = Job.objects.get()
    assert job.params == {"otp_request_id": str(OtpRequest.objects.get().id)}
    assert code not in str(vars(job))


def test_verify_works_once(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    answer = verify(api, newcomer, code)
    assert answer.status_code == 200
    assert answer.json() == {"detail": "Email verified successfully"}
    newcomer.refresh_from_db()
    assert (newcomer.account_status, newcomer.is_email_verified) == ("active", True)
    assert verify(api, newcomer, code).json() == INVALID


def test_arabic_digits_are_digits(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert verify(api, newcomer, code).status_code == 200


def test_a_code_has_six_digits() -> None:
    assert otp.code_of(OtpRequest().id).isdecimal()
    assert {len(otp.code_of(OtpRequest().id)) for _ in range(200)} == {6}


@pytest.mark.parametrize("path", [SEND, ASK_RESET])
def test_send_malformed(api: Api, path: str) -> None:
    assert api.post(path, {}).json() == {"email": ["This field is required."]}
    wrong: tuple[object, ...] = (None, 3, [], "", "\x00@example.com", "x" * 999, "\ud800")
    for bad in wrong:
        answer = api.post(path, {"email": bad})
        assert answer.status_code == 400
        assert list(answer.json()) == ["email"]


@pytest.mark.parametrize("code", [None, 123456, [], "", " ", "1" * 99, "12\x0034", "\ud83d"])
def test_verify_malformed(api: Api, newcomer: User, code: object) -> None:
    answer = api.post(VERIFY, {"email": newcomer.email, "otp_code": code})
    assert answer.status_code == 400
    assert list(answer.json()) == ["otp_code"]


def test_a5_unknown_and_verified_emails_on_send(api: Api, client_user: User) -> None:
    unknown = api.post(SEND, {"email": "nobody@example.com"})
    assert (unknown.status_code, unknown.json()) == (400, {"email": ["User not found."]})
    verified = api.post(SEND, {"email": client_user.email})
    assert (verified.status_code, verified.json()) == (
        400,
        {"email": ["Email is already verified."]},
    )


def test_a5_reset_request_never_tells(api: Api, client_user: User) -> None:
    for email in (client_user.email, "nobody@example.com", "no address"):
        answer = api.post(ASK_RESET, {"email": email})
        assert (answer.status_code, answer.json()) == (200, {"message": "OTP sent to email."})
    assert Job.objects.count() == 1


def test_a6_five_wrong_tries_kill_the_code(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    for _ in range(otp.MAX_WRONG_TRIES):
        assert verify(api, newcomer, other(code)).json() == INVALID
    assert verify(api, newcomer, code).json() == INVALID
    assert verify(api, newcomer, ask(api, newcomer)).status_code == 200


def test_a6_throttles_off_keeps_the_five_tries(api: Api, newcomer: User, settings: LazySettings) -> None:
    settings.THROTTLES = False
    code = ask(api, newcomer)
    for _ in range(otp.MAX_WRONG_TRIES):
        verify(api, newcomer, other(code))
    assert verify(api, newcomer, code).json() == INVALID


def test_a6_asking_again_buys_no_more_tries(api: Api, newcomer: User) -> None:
    for _ in range(2):
        code = ask(api, newcomer)
        for _ in range(5):
            assert verify(api, newcomer, other(code)).status_code == 400
    answer = verify(api, newcomer, ask(api, newcomer))
    assert answer.status_code == 429
    assert 3000 < int(answer["Retry-After"]) <= 3600
    assert list(answer.json()) == ["detail"]


def test_a6_five_sends_in_ten_minutes(api: Api, newcomer: User) -> None:
    for _ in range(limits.OTP_SENDS.most):
        ask(api, newcomer)
    answer = api.post(SEND, {"email": newcomer.email.upper()})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert Job.objects.count() == limits.OTP_SENDS.most


def test_a6_sends_to_an_unknown_email_are_capped_alike(api: Api) -> None:
    answers = [api.post(ASK_RESET, {"email": "nobody@example.com"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a7_a_new_code_voids_the_old(api: Api, newcomer: User) -> None:
    first, second = ask(api, newcomer), ask(api, newcomer)
    if first != second:
        assert verify(api, newcomer, first).json() == INVALID
    assert verify(api, newcomer, second).status_code == 200


def test_a7_codes_of_one_purpose_are_no_use_for_another(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer, ASK_RESET)
    assert verify(api, newcomer, code).json() == INVALID


def test_a7_nothing_stored_reads_as_the_code(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    request = OtpRequest.objects.get()
    assert code not in {str(value) for value in vars(request).values()}
    assert otp.code_of(request.id) == code


def test_ten_minutes_run_from_the_request(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    request = OtpRequest.objects.get()
    assert abs(request.expires_at - request.created_at - timedelta(minutes=10)) < timedelta(seconds=30)
    OtpRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert verify(api, newcomer, code).json() == INVALID


@pytest.mark.django_db(transaction=True)
def test_a7_of_parallel_verifies_exactly_one_wins(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    answers = at_once(*[lambda: verify(Api(), newcomer, code).status_code] * 8)
    assert Counter(answers) == {200: 1, 400: 7}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("throttles", [True, False])
def test_a6_parallel_guesses_never_pass_the_cap(
    api: Api, newcomer: User, settings: LazySettings, throttles: bool
) -> None:
    settings.THROTTLES = throttles
    code = ask(api, newcomer)
    at_once(*[lambda: verify(Api(), newcomer, other(code)).status_code] * 12)
    assert OtpRequest.objects.get().wrong_tries == otp.MAX_WRONG_TRIES
    assert verify(api, newcomer, code).status_code != 200


@pytest.mark.django_db(transaction=True)
def test_a6_parallel_sends_never_pass_the_cap(newcomer: User) -> None:
    body = {"email": newcomer.email}
    answers = at_once(*[lambda: Api().post(SEND, body).status_code] * 9)
    assert Counter(answers) == {200: 5, 429: 4}
    assert OtpRequest.objects.filter(voided_at=None).count() == 1


def test_a18_verifying_never_lifts_a_suspension(api: Api, newcomer: User) -> None:
    code = ask(api, newcomer)
    User.objects.update(account_status="suspended")
    verify(api, newcomer, code)
    newcomer.refresh_from_db()
    assert newcomer.account_status == "suspended"


def test_purposes_live_side_by_side(api: Api, newcomer: User) -> None:
    verification, reset_code = ask(api, newcomer), ask(api, newcomer, ASK_RESET)
    assert OtpRequest.objects.filter(voided_at=None).count() == len(
        {OtpPurpose.EMAIL_VERIFICATION, OtpPurpose.PASSWORD_RESET}
    )
    assert reset(api, newcomer, reset_code).status_code == 200
    assert verify(api, newcomer, verification).status_code == 200


@pytest.mark.parametrize("path", [VERIFY, RESET])
def test_a6_the_cap_on_wrong_codes_tells_nothing_of_an_account(api: Api, path: str) -> None:
    body = {"email": "nobody@example.com", "otp_code": "123456", "new_password": NEW}
    answers = [api.post(path, body).status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
