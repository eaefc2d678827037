"""One chain over every process: from a registration to a verified login to a live count."""

import signal
import socket

import httpx
import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.people import PATIENCE, Person
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


def test_a20_unless_asked_for_the_first_refresh_token_stays(product: Product) -> None:
    with Person(product).join() as person:
        for _ in range(2):
            renewed = person.http.post("/api/token/refresh/", json={"refresh": person.refresh})
            assert (renewed.status_code, set(renewed.json())) == (200, {"access"})


def test_a_socket_is_told_what_a_worker_counted(product: Product) -> None:
    with Person(product).join() as person, person.socket() as phone:
        assert phone.wait("presence_snapshot")["online"] == []
        counts = phone.wait("unread_update")
        assert (counts["chat_unread"], counts["notifications_unread"]) == (0, 0)


def test_e2_a_refused_socket_is_closed_with_4001(product: Product) -> None:
    with Person(product) as person:
        person.register()
        for token in (person.access, "nonsense", ""):
            with person.socket(token) as refused, pytest.raises(ConnectionClosed):
                refused.wait("anything")
            assert refused.connection.close_code == 4001


def test_e3_a_reset_closes_the_open_socket(product: Product) -> None:
    with Person(product).join() as person, person.socket() as phone:
        phone.wait("unread_update")
        body = {"email": person.email}
        assert person.http.post("/auth/password-reset/request/", json=body).status_code == 200
        body |= {"otp_code": person.mailed_code(after=1), "new_password": PASSWORD + "!"}
        assert person.http.post("/auth/password-reset/verify/", json=body).status_code == 200
        with pytest.raises(ConnectionClosed):
            phone.wait("nothing more")
        assert phone.connection.close_code == 4001
        assert len(product.mails(person.email)) >= 2


def test_e18_odd_frames_are_answered(product: Product) -> None:
    with Person(product).join() as person, person.socket() as phone:
        phone.send({"type": "dance"})
        assert phone.wait("error") == {"error": "Unknown message type: dance"}
        for odd in ("{", "[]", '"text"'):
            phone.send(odd)
            assert phone.wait("error") == {"error": "Invalid JSON format received"}
        phone.connection.send(b"\x00\xff")
        assert phone.wait("error") == {"error": "Invalid JSON format received"}


def test_no_token_or_code_is_in_any_log(product: Product) -> None:
    with Person(product).join() as person, person.socket() as phone:
        phone.wait("unread_update")
        code = person.mailed_code()
        logs = "".join(product.log(label) for label in product.pids())
        logs += product.output
        assert person.access not in logs
        assert person.access.rpartition(".")[2] not in logs
        assert f" {code}" not in logs
        tasks = httpx.get(f"{product.flower_url}/api/tasks", auth=product.flower_auth, timeout=PATIENCE).text
        assert "accounts.send_otp_email" in tasks
        assert code not in tasks


@pytest.mark.parametrize("fault", ["frozen", "dead"])
def test_without_a_broker_requests_are_answered_and_the_mail_follows(product: Product, fault: str) -> None:
    with Person(product) as person:
        person.register()
        if fault == "frozen":
            product.freeze("valkey")
        else:
            product.kill("valkey", signal.SIGSTOP)
        try:
            assert person.ask_code().status_code == 200
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
                until(lambda: broker.llen("email") > 0, why="the message is queued")
                broker.delete("email")
        finally:
            product.thaw("worker")
        assert person.mailed_code()
        assert len(product.mails(person.email)) == 1


def test_sockets_outlive_a_restart_of_valkey_and_are_told_to_resync(product: Product) -> None:
    with Person(product).join() as person, person.socket() as phone:
        phone.wait("unread_update")
        product.restart("valkey")
        assert phone.wait("resync_required")
        with person.socket() as another:
            assert another.wait("unread_update")
        phone.send({"type": "still there?"})
        assert phone.wait("error")


def test_a_body_may_come_in_chunks(product: Product) -> None:
    pieces = iter([b'{"email": "a@example.com",', b'"password": "wrong-password"}'])
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        answer = phone.post("/auth/login/", content=pieces, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PATCH", "/profiles/me/", 401), ("POST", "/nothing/", 404), ("DELETE", "/auth/login/", 405)],
)
def test_an_answer_that_needs_no_body_waits_for_it(
    product: Product, method: str, path: str, status: int
) -> None:
    """An edge that is still sending would take an early answer for a broken connection."""
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        answers = {
            phone.request(method, path, files={"picture": b"x" * 400_000}).status_code for _ in range(15)
        }
    assert answers == {status}


def test_malformed_chunks_are_the_client_s_fault(product: Product) -> None:
    head = b"POST /auth/login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", product.port), timeout=PATIENCE) as phone:
        phone.sendall(head + b"ZZ\r\nabc\r\n")
        assert phone.recv(64).startswith(b"HTTP/1.1 400 ")
