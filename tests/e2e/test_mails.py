"""Each mail once, whoever dies: but for the one instant that no protocol can close."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from tests.e2e.harness import Product
from tests.e2e.mailed import attempts_of, request_of, require_each_mailed_once
from tests.e2e.people import Person
from tests.local.running import until

_HOLD = """
SELECT request.id FROM accounts_otprequest request JOIN accounts_user ON accounts_user.id = user_id
WHERE email = %s FOR UPDATE OF request
"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One of their own, for a worker that dies five times in a minute ends a run."""
    with Product() as product:
        yield product


def _ask_all(people: list[Person]) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda person: person.ask_code().status_code, people))
    assert answers == [200] * len(people)


def test_killed_workers_and_relays_lose_no_mail_and_repeat_none_that_was_committed() -> None:
    with Product() as product, ExitStack() as stack:
        people = [stack.enter_context(Person(product)) for _ in range(24)]
        for person in people:
            person.register()
        groups = people[:8], people[8:16], people[16:]
        for label, group in zip(["worker", "relay", "worker"], groups, strict=True):
            _ask_all(group)
            product.until_restarted(label, product.kill_family(label))
        until(lambda: all(product.mails(person.email) for person in people), seconds=60)
        _settle(product)
        require_each_mailed_once(product.servers()["DATABASE_URL"], product.mails())


def test_a_worker_killed_before_the_server_answers_has_mailed_nothing(product: Product) -> None:
    server = product.mail_server
    with Person(product) as person:
        person.register()
        server.holding = True
        try:
            person.ask_code()
            until(lambda: server.held, why="the server has the mail")
            product.until_restarted("worker", product.kill_family("worker"))
        finally:
            server.holding = False
        assert person.mailed_code()
        _settle(product)
        (mail,) = product.mails(person.email)
        assert attempts_of(product.servers()["DATABASE_URL"])[request_of(mail)] == 2


def test_a_worker_killed_between_the_answer_and_its_commit_mails_the_same_again(product: Product) -> None:
    with Person(product) as person, ExitStack() as held:
        person.register()
        product.freeze("worker")
        try:
            person.ask_code()
            held.enter_context(_held(product, person))
        finally:
            product.thaw("worker")
        first = product.next_mail(person.email)
        product.until_restarted("worker", product.kill_family("worker"))
        held.close()
        second = product.next_mail(person.email, after=1)
        _settle(product)
        assert len(product.mails(person.email)) == 2
        assert (second.text, second.message["Message-ID"]) == (first.text, first.message["Message-ID"])
        assert attempts_of(product.servers()["DATABASE_URL"])[request_of(first)] == 2
        body = {"email": person.email, "otp_code": person.mailed_code()}
        assert person.http.post("/auth/verify-email-otp/", json=body).status_code == 200


@contextmanager
def _held(product: Product, person: Person) -> Iterator[None]:
    """Nobody can note that the person's code was mailed."""
    with psycopg.connect(product.servers()["DATABASE_URL"]) as connection:
        assert connection.execute(_HOLD, [person.email]).fetchone()
        yield


def _settle(product: Product) -> None:
    """Until no mail is on its way."""
    open_jobs = "SELECT count(*) FROM jobs_job WHERE queue = 'email' AND state IN ('pending', 'sent')"
    with psycopg.connect(product.servers()["DATABASE_URL"], autocommit=True) as connection:
        until(lambda: connection.execute(open_jobs).fetchone() == (0,), why="every mail is done")
