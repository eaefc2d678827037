"""`/live/` is served where settings say so, and names the demo's people only where they are no secret."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from settings import base

pytestmark = pytest.mark.django_db


def test_it_is_a_page_without_inline_script_or_style(client: Client) -> None:
    response = client.get("/live/")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    text = response.content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert text.count("<script") == text.count('<script type="module" src="/static/live/') == 1


def test_its_script_never_parses_markup() -> None:
    folder = finders.find("live/main.js")
    assert folder is not None
    scripts = list(Path(folder).parent.rglob("*.js"))
    assert len(scripts) > 10
    for path in scripts:
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in path.read_text(), path.name


def test_every_refusal_of_a_file_is_known_in_arabic_and_french() -> None:
    sentences = finders.find("live/sentences.js")
    assert sentences is not None
    known = re.findall(r'^  "(.+?)": \["', Path(sentences).read_text(), re.MULTILINE)
    patterns = [re.escape(sentence).replace(r"\*", ".*") for sentence in known]
    refusals = set(_refusals_of_files())
    assert len(refusals) > 10
    unknown = [said for said in refusals if not any(re.fullmatch(one, said) for one in patterns)]
    assert unknown == []


@pytest.mark.parametrize("path", ["/live/", "/live/people.json"])
def test_it_is_off_by_default(client: Client, settings: LazySettings, path: str) -> None:
    settings.LIVE_PAGE = base.LIVE_PAGE
    response = client.get(path)
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


@pytest.mark.usefixtures("first_categories")
def test_demo_people_can_sign_in_with_what_it_says(client: Client) -> None:
    call_command("demo", stdout=StringIO())
    body = client.get("/live/people.json").json()
    assert body["is_demo"] is True
    for person in body["people"]:
        credentials = {"email": person["email"], "password": person["password"]}
        login = client.post("/auth/login/", credentials, content_type="application/json")
        assert login.json()["user"]["full_name"] == person["full_name"]


@pytest.mark.usefixtures("first_categories")
def test_nobody_is_named_where_demo_is_off(client: Client, settings: LazySettings) -> None:
    call_command("demo", stdout=StringIO())
    settings.DEMO = False
    assert client.get("/live/people.json").json() == {"is_demo": False, "people": []}


def _refusals_of_files() -> Iterator[str]:
    """The sentences that are raised as a bad upload, document or picture."""
    for path in (base.BASE_DIR / "core" / "files").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("BadUpload", "BadDocument", "BadImage", "VirusFound") and node.args:
                yield from _text_of(node.args[0])


def _text_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
