"""Decision B7: signatures."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pytest_django.fixtures import Settings

from core.files.urls import BadSignature, require_signature, signed

KEY = "service_attachments/0123.pdf"


@pytest.fixture(autouse=True)
def store() -> str:
    """Nothing is stored here."""
    return ""


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return lambda moment: monkeypatch.setattr("core.files.urls.time.time", lambda: moment)


def parts(path: str) -> tuple[str, str, str]:
    split = urlsplit(path)
    query = parse_qs(split.query)
    return unquote(split.path).removeprefix("/media/"), query["expires"][0], query["signature"][0]


def test_b7_the_same_url_is_given_for_half_an_hour_and_is_good_as_long(at: Callable[[float], None]) -> None:
    at(1_800_000_000)
    given = signed(KEY)
    at(1_800_000_000 + 1799)
    assert signed(KEY) == given
    assert require_signature(*parts(given)) >= 1800
    at(1_800_000_000 + 1800)
    assert signed(KEY) != given
    require_signature(*parts(given))
    at(1_800_000_000 + 3600)
    with pytest.raises(BadSignature):
        require_signature(*parts(given))


@pytest.mark.parametrize(
    "change",
    [
        lambda key, expires, signature: ("chat_files/0123.pdf", expires, signature),
        lambda key, expires, signature: (key, str(int(expires) + 1), signature),
        lambda key, expires, signature: (key, expires, signature[:-1]),
        lambda key, expires, signature: (key, expires, ""),
        lambda key, expires, signature: (key, "", signature),
        lambda key, expires, signature: (key, "٣" * 10, signature),
        lambda key, expires, signature: (key, "9" * 5000, signature),
        lambda key, expires, signature: (key, expires, "\udcff"),
        lambda key, expires, signature: (key, f"-{expires}", signature),
    ],
)
def test_b7_what_was_changed_is_refused(change: Callable[..., tuple[str, str, str]]) -> None:
    given = parts(signed(KEY))
    require_signature(*given)
    with pytest.raises(BadSignature):
        require_signature(*change(*given))


def test_another_secret_signs_otherwise(settings: Settings) -> None:
    given = parts(signed(KEY))
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(BadSignature):
        require_signature(*given)


def test_time_is_the_clocks() -> None:
    assert 1800 <= require_signature(*parts(signed(KEY))) <= 3600
    assert int(parts(signed(KEY))[1]) > time.time()
