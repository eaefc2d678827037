"""The demo's people on one running product, and browsers for them."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.e2e.harness import Product
from tests.e2e.visitors import AMINA, KARIM, SOFIA, Arrive, Visitor, arriving, chromium, find_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For no longer than a module: its thread has an event loop, where the tests of others may have none."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    """With the demo's people. Tokens end so soon that each page renews its own under way."""
    find_chromium()
    with Product(ACCESS_TOKEN_LIFETIME="63") as product:
        assert product.manage("demo").returncode == 0
        yield product


@pytest.fixture
def arrive(product: Product, browser: Browser) -> Iterator[Arrive]:
    with arriving(browser, product.base_url) as arrive:
        yield arrive


@pytest.fixture(scope="module")
def staying(product: Product, browser: Browser) -> Iterator[Arrive]:
    with arriving(browser, product.base_url) as arrive:
        yield arrive


@pytest.fixture(scope="module")
def amina(staying: Arrive) -> Visitor:
    """There all the time, and so is Karim: each looks at the room with the other."""
    visitor = staying(AMINA)
    visitor.open(KARIM)
    return visitor


@pytest.fixture(scope="module")
def karim(staying: Arrive) -> Visitor:
    visitor = staying(KARIM)
    visitor.open(AMINA)
    return visitor


@pytest.fixture(scope="module")
def sofia(staying: Arrive) -> Visitor:
    return staying(SOFIA)


@pytest.fixture
def api(product: Product) -> Iterator[Callable[[str], httpx.Client]]:
    """The REST API as somebody of the demo."""
    clients: list[httpx.Client] = []

    def as_person(name: str) -> httpx.Client:
        client = httpx.Client(base_url=product.base_url, timeout=30)
        clients.append(client)
        people = client.get("/live/people.json").json()["people"]
        person = next(one for one in people if one["full_name"] == name)
        login = {"email": person["email"], "password": person["password"]}
        token = client.post("/auth/login/", json=login).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    yield as_person
    for client in clients:
        client.close()
