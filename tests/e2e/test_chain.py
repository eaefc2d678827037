"""One chain over every process: from a registration to a verified login to a live count."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.people import Person
from tests.local.running import until


@pytest.mark.parametrize("user_type", ["client", "accountant", "academic"])
def test_from_registration_to_logout(product: Product, user_type: str) -> None:
    with Person(product, user_type) as person:
        assert person.register().status_code == 201
        assert person.get("/profiles/me/").json()["code"] == "user_inactive"
        assert person.verify().json() == {"detail": "Email verified successfully"}
        assert person.get("/profiles/me/").json()["user"]["user_type"] == user_type
        credentials = {"email": person.email, "password": PASSWORD}
        login = person.http.post("/auth/login/", json=credentials).json()
        assert login["user"]["account_status"] == "active"
        pair = person.http.post("/api/token/", json=credentials).json()
        renewed = person.http.post("/api/token/refresh/", json={"refresh": pair["refresh"]})
        assert set(renewed.json()) == {"access"}
        person.access = login["access_token"]
        goodbye = person.post("/auth/logout/", {"refresh": login["refresh_token"]})
        assert goodbye.json() == {"detail": "Successfully logged out."}
        dead = person.http.post("/api/token/refresh/", json={"refresh": login["refresh_token"]})
        assert dead.status_code == 401
        assert len(product.mails(person.email)) == 1


def test_a_socket_is_told_what_a_worker_counted(product: Product) -> None:
    with Person(product).join() as person, person.socket() as socket:
        assert socket.wait("presence_snapshot")["online"] == []
        counts = socket.wait("unread_update")
        assert (counts["chat_unread"], counts["notifications_unread"]) == (0, 0)


def test_e2_a_refused_socket_is_closed_with_4001(product: Product) -> None:
    with Person(product) as person:
        person.register()
        for token in (person.access, "nonsense", ""):
            with connect(f"{product.ws_url}?token={token}") as socket, pytest.raises(ConnectionClosed):
                socket.recv(timeout=10)
            assert socket.close_code == 4001


def test_e3_a_reset_closes_the_open_socket(product: Product) -> None:
    with Person(product).join() as person, person.socket() as socket:
        socket.wait("unread_update")
        body = {"email": person.email}
        assert person.http.post("/auth/password-reset/request/", json=body).status_code == 200
        body |= {"otp_code": person.mailed_code(after=1), "new_password": PASSWORD + "!"}
        assert person.http.post("/auth/password-reset/verify/", json=body).status_code == 200
        with pytest.raises(ConnectionClosed):
            socket.wait("nothing more")
        assert socket.connection.close_code == 4001
        assert len(product.mails(person.email)) >= 2


def test_e18_odd_frames_are_answered(product: Product) -> None:
    with Person(product).join() as person, person.socket() as socket:
        socket.send({"type": "dance"})
        assert socket.wait("error") == {"error": "Unknown message type: dance"}
        for odd in ("{", "[]", '"text"'):
            socket.send(odd)
            assert socket.wait("error") == {"error": "Invalid JSON format received"}
        socket.connection.send(b"\x00\xff")
        assert socket.wait("error") == {"error": "Invalid JSON format received"}


def test_no_token_or_code_is_in_any_log(product: Product) -> None:
    with Person(product).join() as person, person.socket() as socket:
        socket.wait("unread_update")
        code = person.mailed_code()
        logs = "".join(product.log(label) for label in product.pids())
        logs += product.output
        assert person.access not in logs
        assert person.access.rpartition(".")[2] not in logs
        assert f" {code}" not in logs
        tasks = httpx.get(f"{product.flower_url}/api/tasks", auth=product.flower_auth).text
        assert "accounts.send_otp_email" in tasks
        assert code not in tasks


def _ask_all(people: list[Person]) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda person: person.ask_code().status_code, people))
    assert answers == [200] * len(people)


def test_killed_workers_and_relays_lose_no_mail_and_send_none_twice(product: Product) -> None:
    with ExitStack() as stack:
        people = [stack.enter_context(Person(product)) for _ in range(24)]
        for person in people:
            person.register()
        for label, group in zip(
            ["worker", "relay", "worker"], (people[:8], people[8:16], people[16:]), strict=True
        ):
            _ask_all(group)
            product.restart(label)
        until(lambda: all(product.mails(person.email) for person in people), seconds=60)
        counts = [len(product.mails(person.email)) for person in people]
        codes = [{mail.text for mail in product.mails(person.email)} for person in people]
        # A worker may die between the server's answer and its commit: the same mail, once more.
        assert sum(counts) <= len(people) + 4
        assert [len(texts) for texts in codes] == [1] * len(people)


@pytest.mark.parametrize("fault", ["frozen", "dead"])
def test_without_a_broker_requests_are_answered_and_the_mail_follows(product: Product, fault: str) -> None:
    with Person(product) as person:
        person.register()
        if fault == "frozen":
            product.freeze("valkey")
        else:
            product.kill("valkey", signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert person.ask_code().status_code == 200
            assert time.monotonic() - began < 3
        finally:
            product.thaw("valkey") if fault == "frozen" else product.kill("valkey")
        assert person.mailed_code()
        assert len(product.mails(person.email)) == 1


def test_a_deleted_queue_loses_no_mail(product: Product) -> None:
    with Person(product) as person:
        person.register()
        product.freeze("worker")
        try:
            assert person.ask_code().status_code == 200
            with Redis.from_url(product.servers()["BROKER_URL"]) as broker:
                until(lambda: broker.llen("email") > 0, seconds=10, why="the message is queued")
                broker.delete("email")
        finally:
            product.thaw("worker")
        assert person.mailed_code()
        assert len(product.mails(person.email)) == 1


def test_sockets_outlive_a_restart_of_valkey_and_are_told_to_resync(product: Product) -> None:
    with Person(product).join() as person, person.socket() as socket:
        socket.wait("unread_update")
        product.restart("valkey")
        assert socket.wait("resync_required")
        with person.socket() as another:
            assert another.wait("unread_update")
        socket.send({"type": "still there?"})
        assert socket.wait("error")
