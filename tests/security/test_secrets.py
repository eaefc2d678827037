"""No password, code, token, key or signature is in a log, in Valkey, in a queue or in Flower."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.people import Person
from tests.local.running import until
from tests.samples import picture
from tests.security.witness import Witness

pytestmark = pytest.mark.e2e
SECRET_KEY = "kept-" + "0aZ9-" * 12
NEW_PASSWORD = "Another-Dune-7788"
WRONG_PASSWORD = "Wrong-Oasis-5512"
ADMIN_PASSWORD = "Admin-Mirage-3390"
GOOGLE_TOKEN = "ya29.never-to-be-seen-by-anybody"
EVENTS = "rt:"
"""What the keys of the bus begin with; the rest of Valkey is queues and rates."""
APP_SECRET = "facebook-app-secret-7c1f"


class Secrets:
    """Every secret that came up, by what it is."""

    def __init__(self) -> None:
        self.found = {
            "the secret key": SECRET_KEY,
            "the app's secret": APP_SECRET,
            "a password": PASSWORD,
            "the new password": NEW_PASSWORD,
            "a wrong password": WRONG_PASSWORD,
            "the admin's password": ADMIN_PASSWORD,
            "a provider's token": GOOGLE_TOKEN,
        }

    def keep(self, name: str, secret: str) -> str:
        self.found[name] = secret
        return secret

    def keep_token(self, name: str, token: str) -> str:
        """A token's signature is what makes it one; its parts before that are public facts."""
        self.found[f"{name}'s signature"] = token.rpartition(".")[2]
        return self.keep(name, token)

    def seen_in(self, text: str) -> list[str]:
        """What stands there. Six digits count where they stand alone, not inside an id or a time."""
        return [
            name
            for name, secret in self.found.items()
            if (re.search(rf"(?<![\w.]){secret}(?!\w)", text) if secret.isdigit() else secret in text)
        ]


@pytest.fixture(scope="module", params=["text", "json"])
def product(request: pytest.FixtureRequest) -> Iterator[Product]:
    """Once as verbose as it can be."""
    level = {"text": "DEBUG", "json": "INFO"}[request.param]
    with Product(
        LOG_FORMAT=request.param,
        LOG_LEVEL=level,
        SECRET_KEY=SECRET_KEY,
        GOOGLE_CLIENT_ID="ours",
        GOOGLE_API_URL="http://127.0.0.1:9",
        FACEBOOK_APP_ID="ours",
        FACEBOOK_APP_SECRET=APP_SECRET,
        FACEBOOK_API_URL="http://127.0.0.1:9",
    ) as product:
        yield product


def test_secrets_are_nowhere_to_be_read(product: Product) -> None:
    secrets = Secrets()
    with Witness(product) as witness, Person(product) as person:
        _join(person, secrets)
        _log_in_and_refresh(person, secrets)
        _use_a_picture(person, secrets)
        _talk(person, secrets)
        failing = _reset_while_mail_fails(witness, person, secrets)
        _try_wrongly(person)
        _administer(product, secrets)
        valkey = witness.valkey()
        seen = {
            "logs": secrets.seen_in(witness.logs()),
            "queues": secrets.seen_in("\n".join(line for line in valkey if EVENTS not in line)),
            "events": secrets.seen_in("\n".join(line for line in valkey if EVENTS in line)),
            "Flower": secrets.seen_in(witness.flower()),
            "metrics": secrets.seen_in(witness.metrics()),
            "the ledger": secrets.seen_in(failing + witness.ledger()),
        }
        # The owner of a picture is told where it lies, as they may see it.
        assert {place: found for place, found in seen.items() if found} == {"events": ["a signature"]}
        # What was looked through isn't empty.
        assert "/auth/login/" in witness.logs()
        assert "server refused" in failing
        assert "accountant_http_requests_total" in witness.metrics()
        assert "accounts.send_otp_email" in "".join(valkey)
        assert "accounts.send_otp_email" in witness.flower()


def _join(person: Person, secrets: Secrets) -> None:
    person.register()
    secrets.keep_token("the first access token", person.access)
    secrets.keep_token("the first refresh token", person.refresh)
    assert person.verify().status_code == 200
    secrets.keep("the code", person.mailed_code())


def _log_in_and_refresh(person: Person, secrets: Secrets) -> None:
    login = person.http.post("/auth/login/", json={"email": person.email, "password": PASSWORD}).json()
    person.access = secrets.keep_token("the access token", login["access_token"])
    person.refresh = secrets.keep_token("the refresh token", login["refresh_token"])
    renewed = person.http.post("/api/token/refresh/", json={"refresh": person.refresh}).json()
    secrets.keep_token("the renewed token", renewed["access"])
    # Where they don't belong.
    person.http.get(f"/auth/user/?token={person.access}&refresh_token={person.refresh}")
    person.http.post("/api/token/refresh/", content=f'{{"refresh": "{person.refresh}"')
    person.http.post("/api/token/refresh/", json={"refresh": person.refresh + "x"})


def _use_a_picture(person: Person, secrets: Secrets) -> None:
    bearer = {"Authorization": f"Bearer {person.access}"}
    files = {"profile_picture": ("me.jpg", picture(), "image/jpeg")}
    sent = person.http.patch("/profiles/me/", files=files, headers=bearer)
    url = sent.json()["profile_picture"]
    secrets.keep("a signature", parse_qs(urlsplit(url).query)["signature"][0])
    until(lambda: person.http.get(url).status_code == 200)
    assert person.http.get(url + "x").status_code == 403


def _talk(person: Person, secrets: Secrets) -> None:
    with person.socket() as phone:
        phone.wait("unread_update")
        phone.send({"type": "authenticate", "token": person.access})
        phone.wait("authenticated")
        phone.send({"type": "authenticate", "token": person.access + "x"})
        phone.wait("error")
        phone.send(f'{{"type": "authenticate", "token": "{person.access}"')
        phone.wait("error")


def _reset_while_mail_fails(witness: Witness, person: Person, secrets: Secrets) -> str:
    """A job that fails, and then doesn't; the ledger in between."""
    product = witness.product
    sent = len(product.mails(person.email))
    product.mail_server.refusing = True
    body = {"email": person.email}
    assert person.http.post("/auth/password-reset/request/", json=body).status_code == 200
    until(lambda: "put off, attempt" in product.log("worker"), why="a job that fails")
    failing = witness.ledger()
    product.mail_server.refusing = False
    code = secrets.keep("the code of the reset", person.mailed_code(after=sent))
    body |= {"otp_code": code, "new_password": NEW_PASSWORD}
    assert person.http.post("/auth/password-reset/verify/", json=body).status_code == 200
    return failing


def _try_wrongly(person: Person) -> None:
    body = {"email": person.email, "password": WRONG_PASSWORD}
    assert person.http.post("/auth/login/", json=body).status_code == 400
    assert person.http.post("/auth/login/", content=f'{{"password": "{WRONG_PASSWORD}"').status_code == 400
    for provider in ("google", "facebook"):
        person.http.post(f"/auth/{provider}/", json={"access_token": GOOGLE_TOKEN})


def _administer(product: Product, secrets: Secrets) -> None:
    created = product.manage(
        "createsuperuser",
        "--noinput",
        "--email",
        "admin@example.com",
        DJANGO_SUPERUSER_PASSWORD=ADMIN_PASSWORD,
    )
    assert created.returncode == 0, created.stderr
    with httpx.Client(base_url=product.base_url) as browser:
        for password, status in ((WRONG_PASSWORD, 200), (ADMIN_PASSWORD, 302)):
            browser.get("/admin/login/")
            form = {
                "username": "admin@example.com",
                "password": password,
                "csrfmiddlewaretoken": browser.cookies["csrftoken"],
                "next": "/admin/",
            }
            assert browser.post("/admin/login/", data=form).status_code == status
        secrets.keep("the admin's cookie", browser.cookies["sessionid"])
        secrets.keep("the csrf cookie", browser.cookies["csrftoken"])
        assert browser.get("/admin/jobs/job/").status_code == 200
