"""One's own account, password and sessions: decisions A10, A13, A14 and A21."""

from functools import partial
from uuid import uuid4

import pytest
from django.core import mail

from core.accounts import limits
from core.accounts.models import Session, User
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, tokens_of
from tests.chatting import work_off
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
CHANGE = "/auth/password/change/"
NEW = "Another-Dune-7788"
ANONYMOUS = {"detail": "Authentication credentials were not provided."}


def change(**changes: object) -> dict[str, object]:
    return {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW} | changes


def test_change_works(api: Api, client_user: User) -> None:
    answer = api.post(CHANGE, change(), user=client_user)
    assert (answer.status_code, answer.json()) == (200, {"detail": "New password has been saved."})
    login = {"email": client_user.email, "password": NEW}
    assert api.post("/auth/login/", login).status_code == 200
    assert Job.objects.filter(name="accounts.send_notice_email").count() == 1


def test_change_tells_all_problems_at_once(api: Api, client_user: User) -> None:
    answer = api.post(CHANGE, change(old_password="wrong", new_password2="different"), user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {
        "old_password": ["Invalid password."],
        "new_password2": ["The two password fields didn't match."],
    }


def test_a9_rules_are_told_under_new_password2(api: Api, client_user: User) -> None:
    answer = api.post(CHANGE, change(new_password1="password", new_password2="password"), user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {"new_password2": ["This password is too common."]}


@pytest.mark.django_db(transaction=True)
def test_a10_of_parallel_changes_exactly_one_wins(client_user: User) -> None:
    access = tokens_of(client_user).access
    wanted = [f"Another-Dune-{number}788" for number in range(6)]

    def set_to(new: str) -> tuple[int, dict[str, object]]:
        body = change(new_password1=new, new_password2=new)
        answer = Api().post(CHANGE, body, token=access)
        return answer.status_code, answer.json()

    answers = at_once(*(partial(set_to, new) for new in wanted))
    assert sorted(status for status, _ in answers) == [200] + [400] * 5
    refusals = [body for status, body in answers if status == 400]
    assert refusals == [{"old_password": ["Invalid password."]}] * 5
    client_user.refresh_from_db()
    assert [client_user.check_password(new) for new in wanted] == [status == 200 for status, _ in answers]
    assert Job.objects.filter(name="accounts.send_notice_email").count() == 1


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ({"Accept_Language": "ar-DZ,ar;q=0.9"}, "تم تغيير كلمة المرور"),
        ({"Accept_Language": "de"}, "Your password was changed"),
        ({}, "Votre mot de passe a été modifié"),
    ],
)
def test_a_notice_speaks_as_the_request_or_else_as_the_account(
    api: Api, client_user: User, header: dict[str, str], subject: str
) -> None:
    User.objects.filter(id=client_user.id).update(language="fr")
    assert api.post(CHANGE, change(), user=client_user, **header).status_code == 200
    work_off("accounts")
    assert [message.subject for message in mail.outbox] == [subject]


def test_change_anonymous_and_malformed(api: Api, client_user: User) -> None:
    assert api.post(CHANGE, change()).json() == ANONYMOUS
    required = ["This field is required."]
    assert api.post(CHANGE, {}, user=client_user).json() == dict.fromkeys(change(), required)


def test_a10_change_keeps_the_current_session_alone(api: Api, client_user: User) -> None:
    current, other = tokens_of(client_user), tokens_of(client_user)
    api.post(CHANGE, change(), token=current.access)
    assert api.post("/api/token/refresh/", {"refresh": current.refresh}).status_code == 200
    assert api.post("/api/token/refresh/", {"refresh": other.refresh}).status_code == 401
    job = Job.objects.get(name="accounts.close_sockets")
    kept = Session.objects.get(ended_at=None)
    assert job.params == {"user_id": str(client_user.id), "keep_session_id": str(kept.id)}


def test_a13_get_and_change_the_account(api: Api, client_user: User) -> None:
    assert api.get("/auth/user/").json() == ANONYMOUS
    body = api.get("/auth/user/", user=client_user).json()
    assert set(body) == {
        "pk", "email", "full_name", "user_type", "phone", "is_email_verified", "account_status",
        "created_at", "updated_at",
    }  # fmt: skip
    for method in ("PUT", "PATCH"):
        name = f"كريم {method}"
        answer = api.request(method, "/auth/user/", {"full_name": name}, user=client_user)
        assert answer.status_code == 200
        assert answer.json()["full_name"] == name
        assert answer.json()["phone"] == client_user.phone


def test_a13_what_is_not_writable_stays(api: Api, client_user: User) -> None:
    attempt = {"email": "x@example.com", "user_type": "admin", "account_status": "suspended"}
    assert api.patch("/auth/user/", attempt, user=client_user).status_code == 200
    unchanged = User.objects.get(id=client_user.id)
    assert (unchanged.email, unchanged.user_type, unchanged.account_status) == (
        client_user.email,
        "client",
        "active",
    )


@pytest.mark.parametrize("name", ["\u202elive", "Ali \u2066Benali\u2069"])
def test_a_name_turns_no_text_around(api: Api, client_user: User, name: str) -> None:
    answer = api.patch("/auth/user/", {"full_name": name}, user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {"full_name": ["Control characters are not allowed."]}
    arabic = {"full_name": "ليلى\u200f بن علي"}
    assert api.patch("/auth/user/", arabic, user=client_user).status_code == 200


def test_a14_company_and_job_title_are_writable_here(api: Api, client_user: User) -> None:
    changes = {"company_name": "شركة", "job_title": "Gérante"}
    assert api.patch("/auth/user/", changes, user=client_user).status_code == 200
    user = api.post("/auth/login/", {"email": client_user.email, "password": PASSWORD}).json()
    assert changes.items() <= user["user"].items()


@pytest.mark.parametrize("name", ["full_name", "phone", "company_name", "job_title"])
@pytest.mark.parametrize("bad", [None, 5, [], {}, "x" * 300, "a\x00", "\udcff"])
def test_account_malformed(api: Api, client_user: User, name: str, bad: object) -> None:
    answer = api.patch("/auth/user/", {name: bad}, user=client_user)
    assert answer.status_code == 400
    assert list(answer.json()) == [name]


def test_a21_sessions_are_listed(api: Api, client_user: User, stranger: User) -> None:
    tokens_of(stranger)
    first, current = tokens_of(client_user), tokens_of(client_user)
    listed = api.get("/auth/sessions/", token=current.access).json()
    assert [set(item) for item in listed] == [
        {"id", "created_at", "last_used_at", "user_agent", "ip", "current"}
    ] * 2
    assert [item["current"] for item in listed].count(True) == 1
    assert api.get("/auth/sessions/").json() == ANONYMOUS
    assert first.access != current.access


def test_a21_login_tells_its_device(api: Api, client_user: User) -> None:
    body = {"email": client_user.email, "password": PASSWORD}
    token = api.post("/auth/login/", body, User_Agent="Phone/1").json()["access_token"]
    (session,) = api.get("/auth/sessions/", token=token).json()
    assert (session["user_agent"], session["ip"]) == ("Phone/1", api.address)


def test_a21_ending_one(api: Api, client_user: User) -> None:
    current, lost = tokens_of(client_user), tokens_of(client_user)
    listed = api.get("/auth/sessions/", token=current.access).json()
    (lost_id,) = [item["id"] for item in listed if not item["current"]]
    answer = api.delete(f"/auth/sessions/{lost_id}/", token=current.access)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.post("/api/token/refresh/", {"refresh": lost.refresh}).status_code == 401
    assert api.get("/auth/user/", token=lost.access).status_code == 401
    assert api.delete(f"/auth/sessions/{lost_id}/", token=current.access).status_code == 404


def test_a21_anothers_unknown_and_malformed_ids(api: Api, client_user: User, stranger: User) -> None:
    tokens_of(stranger)
    theirs = Session.objects.get(user=stranger).id
    for session_id in (theirs, uuid4(), "no-uuid"):
        answer = api.delete(f"/auth/sessions/{session_id}/", user=client_user)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert api.delete(f"/auth/sessions/{theirs}/").json() == ANONYMOUS
    assert Session.objects.get(id=theirs).ended_at is None


def test_a6_guesses_at_the_door_keep_nobody_from_changing_a_password(api: Api, client_user: User) -> None:
    access = tokens_of(client_user).access
    for _ in range(limits.WRONG_LOGINS.most):
        api.post("/auth/login/", {"email": client_user.email, "password": "wrong"})
    assert api.post("/auth/login/", {"email": client_user.email, "password": PASSWORD}).status_code == 429
    assert api.post(CHANGE, change(), token=access).status_code == 200


def test_a6_wrong_old_passwords_meet_a_cap_of_their_own(api: Api, client_user: User) -> None:
    access = tokens_of(client_user).access
    for _ in range(limits.WRONG_LOGINS.most):
        assert api.post(CHANGE, change(old_password="wrong"), token=access).status_code == 400
    answer = api.post(CHANGE, change(), token=access)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
