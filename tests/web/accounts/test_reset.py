"""Resetting a password by a mailed code: decisions A9 and A10."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import OtpRequest, Session, User
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, tokens_of
from tests.web.accounts.codes import ASK_RESET, INVALID, NEW, RESET, VERIFY, ask, other, reset, verify

pytestmark = pytest.mark.django_db


def test_reset_works(api: Api, client_user: User) -> None:
    answer = reset(api, client_user, ask(api, client_user, ASK_RESET))
    assert (answer.status_code, answer.json()) == (200, {"detail": "Password reset successfully."})
    login = {"email": client_user.email, "password": NEW}
    assert api.post("/auth/login/", login).status_code == 200
    assert api.post("/auth/login/", login | {"password": PASSWORD}).status_code == 400


def test_reset_malformed(api: Api) -> None:
    required = ["This field is required."]
    assert api.post(RESET, {}).json() == {
        "email": required,
        "otp_code": required,
        "new_password": required,
    }


@pytest.mark.parametrize("password", ["short", "password123", "83164092751"])
def test_a9_a_weak_password_leaves_the_code_alive(api: Api, client_user: User, password: str) -> None:
    code = ask(api, client_user, ASK_RESET)
    answer = reset(api, client_user, code, password)
    assert answer.status_code == 400
    assert list(answer.json()) == ["new_password"]
    assert reset(api, client_user, code).status_code == 200


def test_a9_unknown_email_reads_as_a_wrong_code(api: Api, client_user: User) -> None:
    body = {"email": "nobody@example.com", "otp_code": "123456"}
    assert api.post(RESET, body | {"new_password": NEW}).json() == INVALID
    assert api.post(VERIFY, body).json() == INVALID
    assert verify(api, client_user, "123456").json() == INVALID


def test_a10_reset_ends_every_session(api: Api, client_user: User) -> None:
    pairs = [tokens_of(client_user) for _ in range(2)]
    reset(api, client_user, ask(api, client_user, ASK_RESET))
    for pair in pairs:
        assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).status_code == 401
        assert api.get("/auth/user/", token=pair.access).status_code == 401
    assert not Session.objects.filter(ended_at=None).exists()
    assert Job.objects.filter(name="accounts.close_sockets").count() == 1
    assert Job.objects.filter(name="accounts.send_notice_email").count() == 1


def test_a10_a_reset_ends_what_outlived_its_logout(api: Api, client_user: User) -> None:
    stolen = tokens_of(client_user).access
    assert api.post("/auth/logout/", token=stolen).status_code == 200
    reset(api, client_user, ask(api, client_user, ASK_RESET))
    assert api.get("/auth/user/", token=stolen).status_code == 401


def test_a_reset_activates_nobody(api: Api, newcomer: User) -> None:
    assert reset(api, newcomer, ask(api, newcomer, ASK_RESET)).status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.account_status == "inactive"


@pytest.mark.parametrize("password", ["Amina Client", "+213796269301x"])
def test_a9_likeness_to_a_name_is_told_to_those_with_the_code(
    api: Api, client_user: User, password: str
) -> None:
    code = ask(api, client_user, ASK_RESET)
    assert reset(api, client_user, other(code), password).json() == INVALID
    answer = reset(api, client_user, code, password)
    assert list(answer.json()) == ["new_password"]
    assert reset(api, client_user, code).status_code == 200


def test_a5_an_unknown_address_costs_the_same_statements(api: Api, client_user: User) -> None:
    def statements(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert api.post(ASK_RESET, {"email": email}).status_code == 200
        kinds = [query["sql"].split()[0] for query in captured]
        return [kind for kind in kinds if kind in {"SELECT", "INSERT", "UPDATE", "DELETE"}]

    known = statements(client_user.email)
    jobs = Job.objects.count()
    assert statements("nobody@example.com") == known
    assert Job.objects.count() == jobs
    assert OtpRequest.objects.count() == 1
