"""What answers let browsers do: nothing, or on a page what its own files ask for."""

import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from core.accounts.models import User
from core.files import actions
from core.files.acceptance import check_upload
from core.files.models import Purpose
from core.files.urls import signed_path
from core.profiles.models import ProfileAttachment
from tests.cast import Api
from tests.samples import pdf, upload
from tests.stores import file_system  # noqa: F401 - a fixture
from web.security import DATA_POLICY, PAGE_POLICY

pytestmark = pytest.mark.django_db
PUBLIC = ["/swagger/", "/redoc/", "/asyncapi/", "/live/", "/admin/login/"]
ADMIN = [
    "/admin/", "/admin/accounts/user/", "/admin/bookings/booking/", "/admin/chat/message/",
    "/admin/chat/room/", "/admin/files/storedfile/", "/admin/jobs/job/", "/admin/marketplace/category/",
    "/admin/marketplace/category/add/", "/admin/marketplace/service/", "/admin/notifications/notification/",
    "/admin/operations/sample/", "/admin/password_change/",
]  # fmt: skip
EVERYWHERE = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Page(HTMLParser):
    """What a page asks a browser to run and to load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.loaded: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_data = (given.get("type") or "").endswith("json")
        if tag == "script" and "src" not in given and not is_data:
            self.inline.append("script")
        self.inline += [name for name in given if name.startswith("on")]
        if tag in {"script", "img", "link", "iframe"}:
            self.loaded += [url for name in ("src", "href") if (url := given.get(name))]


def directives(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def hold_everywhere(answer: Any) -> None:
    assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE


@pytest.mark.parametrize("path", [*PUBLIC, *ADMIN])
def test_a_page_runs_and_loads_files_of_ours_alone(client: Client, admin_user: User, path: str) -> None:
    if path in ADMIN:
        client.force_login(admin_user)
    answer = client.get(path)
    assert answer.status_code == 200
    hold_everywhere(answer)
    assert answer["Content-Security-Policy"] == PAGE_POLICY
    page = Page(answer.content.decode())
    assert page.inline == []
    assert [url for url in page.loaded if not re.match(r"/(static|admin)/", url)] == []


def test_scripts_never_stand_in_a_page_and_nobody_frames_it(api: Api) -> None:
    policy = directives(api.get("/swagger/"))
    assert policy["object-src"] == "'none'"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert not re.search(r"unsafe-eval|\*|https?:", " ".join(policy.values()))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/services/browse/", 401),
        ("GET", "/nothing/", 404),
        ("GET", "/openapi.json", 200),
        ("GET", "/asyncapi.json", 200),
        ("GET", "/health/live/", 200),
        ("GET", "/", 302),
        ("GET", "/media/x", 403),
        ("GET", "/static/x", 404),
        ("POST", "/auth/login/", 400),
        ("PUT", "/auth/login/", 405),
        ("POST", "/asyncapi/", 405),
    ],
)
def test_what_is_no_page_is_nothing_to_a_browser(api: Api, method: str, path: str, status: int) -> None:
    answer = api.request(method, path)
    assert answer.status_code == status
    hold_everywhere(answer)
    if status != 302:
        assert answer["Content-Security-Policy"] == DATA_POLICY
    assert answer["Cache-Control"] == "no-store"


def test_the_way_to_https_is_nothing_to_a_browser_either(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/services/browse/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/services/browse/")
    hold_everywhere(answer)
    assert answer["Cache-Control"] == "no-store"


def test_answers_about_people_are_kept_by_no_cache(api: Api, client_user: User) -> None:
    answer = api.get("/auth/user/", user=client_user)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_a_bug_has_the_same_headers(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.docs.sockets._document", lambda: 1 / 0)
    answer = api.get("/asyncapi.json")
    assert answer.status_code == 500
    hold_everywhere(answer)
    assert answer["Content-Security-Policy"] == DATA_POLICY


@pytest.mark.usefixtures("file_system")
def test_a_file_of_a_user_is_sandboxed(api: Api, accountant: User) -> None:
    checked = check_upload(upload("cv.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)
    stored = actions.store_upload(owner=accountant, upload=checked)
    ProfileAttachment.objects.create(profile=accountant.profile, file=stored, position=0)
    actions.attach_files([stored])
    waiting = api.get(signed_path(stored))
    assert (waiting.status_code, waiting["Cache-Control"]) == (404, "no-store")
    actions.process_file(file_id=stored.id)
    with closing(api.get(signed_path(stored))) as answer:
        assert answer.status_code == 200
        hold_everywhere(answer)
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["Cache-Control"].startswith("private, max-age=")


def test_static_files_may_be_kept(api: Api) -> None:
    with closing(api.get("/static/web/redoc.js")) as answer:
        hold_everywhere(answer)
        assert "no-store" not in answer["Cache-Control"]


def test_a_refused_method_still_tells_another_origin_why(settings: LazySettings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    answer = Client().put("/auth/login/", headers={"Origin": "https://app.example"})
    assert answer.status_code == 405
    assert answer["Access-Control-Allow-Origin"] == "https://app.example"


def test_https_is_for_good(settings: LazySettings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    said = {
        scheme: Client().get("/health/live/", headers={"X-Forwarded-Proto": scheme}).headers
        for scheme in ("http", "https")
    }
    assert "Strict-Transport-Security" not in said["http"]
    assert said["https"]["Strict-Transport-Security"].startswith("max-age=31536000")


def test_our_own_pages_hold_no_scripts() -> None:
    """Whoever adds a page: its scripts are files, for the policy runs no other."""
    templates = [*Path(settings.BASE_DIR).glob("*/templates/**/*.html")]
    templates += Path(settings.BASE_DIR).glob("core/*/templates/**/*.html")
    pages = {path.name: Page(path.read_text()) for path in templates if "mail" not in path.parts}
    assert len(pages) >= 3
    assert {name: page.inline for name, page in pages.items() if page.inline} == {}
