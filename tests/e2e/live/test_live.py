"""The live page: two people of the demo in two browsers, on one running product."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from core.demo.picture import NAME
from core.demo.talk import CLASS_TALK, GROUP
from tests.e2e.harness import Product
from tests.e2e.visitors import (
    AMINA,
    KARIM,
    LINA,
    OMAR,
    SOFIA,
    YACINE,
    Arrive,
    Visitor,
)
from tests.samples import picture

EVIL = "<img src=x onerror=alert(1)>"


def test_two_people_talk(amina: Visitor, karim: Visitor) -> None:
    amina.write("Bonsoir")
    typing = karim.page.locator(".typing")
    expect(typing).to_contain_text(AMINA)
    expect(typing).to_contain_text("is typing…")
    amina.page.locator("textarea").blur()
    expect(typing).to_be_empty()
    amina.say("Bonsoir Karim")
    expect(amina.message("Bonsoir Karim").get_by_label("Sent")).to_be_visible()
    expect(karim.message("Bonsoir Karim")).to_be_visible()
    expect(karim.room(AMINA)).to_contain_text("Bonsoir Karim")


def test_edits_and_deletions_show(amina: Visitor, karim: Visitor) -> None:
    amina.say("Demain à 9 h")
    amina.message("Demain à 9 h").hover()
    amina.message("Demain à 9 h").get_by_label("Edit").click()
    amina.say("Demain à 10 h")
    expect(karim.message("Demain à 10 h")).to_contain_text("edited")
    amina.page.once("dialog", lambda dialog: dialog.accept())
    amina.page.route("**/delete/", _answer_as_json)
    amina.message("Demain à 10 h").hover()
    with amina.page.expect_response("**/delete/") as deletion:
        amina.message("Demain à 10 h").get_by_label("Delete").click()
    assert deletion.value.status == 204
    expect(karim.page.locator(".message").last).to_contain_text("This message was deleted")
    amina.page.unroute("**/delete/")
    amina.say("Plutôt lundi")
    expect(amina.message("Plutôt lundi").get_by_label("Sent")).to_be_visible()
    expect(amina.page.locator("#toast")).to_be_hidden()


def test_presence_comes_and_goes(sofia: Visitor, arrive: Arrive) -> None:
    dot = sofia.room(OMAR).locator(".dot")
    expect(dot).not_to_contain_class("online")
    omar = arrive(OMAR)
    expect(dot).to_contain_class("online")
    omar.close()
    expect(dot).not_to_contain_class("online")


def test_unread_is_counted_until_it_is_read(sofia: Visitor, arrive: Arrive) -> None:
    omar = arrive(OMAR)
    expect(omar.page).to_have_title("My Accountant")
    sofia.open(OMAR)
    sofia.say("Avez-vous eu Karim ?")
    expect(omar.room(SOFIA).get_by_label("Unread")).to_be_visible()
    expect(omar.page).to_have_title("(1) My Accountant")
    omar.open(SOFIA)
    expect(omar.room(SOFIA).get_by_label("Unread")).to_be_hidden()
    expect(omar.page).to_have_title("My Accountant")


def test_a_booking_is_announced_and_decided(
    amina: Visitor, karim: Visitor, api: Callable[[str], httpx.Client]
) -> None:
    client = api(AMINA)
    service = next(
        one for one in client.get("/services/browse/").json()["results"] if one["user"]["full_name"] == KARIM
    )
    note = "Avant le 20 du mois, svp"
    requests, answers = karim.notification("New booking request"), amina.notification("Booking confirmed")
    asked, answered = requests.count(), answers.count()
    body = {"service": service["id"], "full_name": AMINA, "additional_notes": note}
    assert client.post("/bookings/create/", json=body).status_code == 201
    expect(requests).to_have_count(asked + 1)
    newest = requests.first
    expect(newest.get_by_label("Unread")).to_be_visible()
    newest.get_by_role("button").first.click()
    expect(newest).to_contain_text(note)
    expect(newest.get_by_label("Unread")).to_be_hidden()
    newest.get_by_role("button", name="Accept").click()
    expect(newest).to_contain_text("Confirmed")
    expect(answers).to_have_count(answered + 1)
    expect(answers.first.get_by_label("Unread")).to_be_visible()
    amina.page.get_by_role("button", name="Mark all as read").click()
    expect(amina.page.locator(".side").get_by_label("Unread")).to_have_count(0)


def test_a_picture_is_shown_to_the_other(amina: Visitor, karim: Visitor) -> None:
    file: Any = {"name": "facture-novembre.png", "mimeType": "image/png", "buffer": picture("PNG")}
    amina.page.locator("input[type=file]").set_input_files(file)
    shown = karim.page.get_by_role("img", name="facture-novembre.png")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("picture => picture.naturalWidth") > 0
    expect(karim.page.locator("#announcer")).to_have_text(f"{AMINA}: facture-novembre.png")
    expect(amina.page.get_by_role("img", name="facture-novembre.png")).to_have_count(1)


def test_nothing_is_missing_after_the_sockets_process_was_killed(
    product: Product, amina: Visitor, karim: Visitor
) -> None:
    amina.say("Avant la coupure")
    expect(karim.message("Avant la coupure")).to_be_visible()
    old = product.kill("realtime")
    expect(amina.page.locator(".status")).not_to_be_empty()
    amina.say("Pendant la coupure")
    product.until_restarted("realtime", old)
    expect(amina.page.locator(".status")).to_be_empty()
    expect(amina.message("Pendant la coupure").get_by_label("Sent")).to_be_visible()
    for visitor in (amina, karim):
        for text in ("Avant la coupure", "Pendant la coupure"):
            expect(visitor.message(text)).to_have_count(1)


def test_nothing_is_missing_after_the_bus_was_killed(
    product: Product, amina: Visitor, karim: Visitor
) -> None:
    old = product.kill("valkey")
    amina.say("Pendant la panne")
    product.until_restarted("valkey", old)
    for visitor in (amina, karim):
        expect(visitor.message("Pendant la panne")).to_have_count(1)
    amina.say("Après la panne")
    expect(karim.message("Après la panne")).to_be_visible()


def test_a_talk_begun_with_somebody_new_appears_for_them(sofia: Visitor, arrive: Arrive) -> None:
    yacine = arrive(YACINE)
    expect(yacine.room(GROUP)).to_be_visible()
    expect(yacine.room(SOFIA)).to_have_count(0)
    sofia.page.get_by_role("searchbox").fill("مراب")
    sofia.open(YACINE)
    sofia.say("Bravo pour l'exercice 2")
    expect(yacine.room(SOFIA).get_by_label("Unread")).to_be_visible()
    yacine.open(SOFIA)
    expect(yacine.message("Bravo pour l'exercice 2")).to_be_visible()


def test_older_messages_come_when_one_scrolls_to_them(sofia: Visitor) -> None:
    sofia.open(GROUP)
    first = sofia.message(CLASS_TALK.lines[0][1])
    expect(sofia.page.get_by_role("img", name=NAME)).to_be_visible()
    expect(first).to_have_count(0)
    sofia.page.locator(".log").hover()
    sofia.page.mouse.wheel(0, -10_000)
    expect(first).to_have_count(1)
    expect(first).not_to_be_in_viewport()


def test_arabic_runs_from_right_to_left(arrive: Arrive) -> None:
    karim = arrive(KARIM, locale="ar-DZ")
    expect(karim.page.locator("html")).to_have_attribute("dir", "rtl")
    karim.open(AMINA)
    rooms, conversation = (
        karim.page.locator(column).bounding_box() for column in (".column.rooms", ".conversation")
    )
    assert rooms is not None
    assert conversation is not None
    assert rooms["x"] > conversation["x"]
    karim.page.get_by_label("اللغة").select_option("fr")
    expect(karim.page.locator("html")).to_have_attribute("dir", "ltr")
    expect(karim.page.get_by_role("heading", name="Discussions")).to_be_visible()


def test_refusals_are_told_in_the_language_of_the_page(arrive: Arrive) -> None:
    lina = arrive(LINA, locale="fr-FR")
    lina.open(GROUP)
    file: Any = {"name": "outil.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    lina.page.locator("input[type=file]").set_input_files(file)
    expect(lina.page.locator(".message .problem")).to_contain_text("Types acceptés")
    lina.page.get_by_label("Se déconnecter").click()
    lina.page.get_by_label("Langue").select_option("ar")
    lina.page.locator("input[name=email]").fill("nobody@example.com")
    lina.page.locator("input[name=password]").fill("wrong")
    lina.page.locator("form button").click()
    expect(lina.page.get_by_role("alert").first).to_contain_text("كلمة المرور غير صحيحة")


def test_markup_stays_text(arrive: Arrive, api: Callable[[str], httpx.Client]) -> None:
    sofia, lina = api(SOFIA), arrive(LINA)
    member_id = api(LINA).get("/auth/user/").json()["pk"]
    room = sofia.post("/chat/chatrooms/group/create/", json={"room_name": f"Room {EVIL}"}).json()
    assert sofia.patch("/auth/user/", json={"full_name": f"Name {EVIL}"}).status_code == 200
    path = f"/chat/chatrooms/group/{room['room_id']}/add_member/"
    assert sofia.post(path, json={"user_id": member_id}).status_code == 200
    lina.open(f"Room {EVIL}")
    expect(lina.page.locator(".note")).to_contain_text(f"Name {EVIL}")
    lina.say(f"Text {EVIL}")
    expect(lina.message(f"Text {EVIL}").get_by_label("Sent")).to_be_visible()
    lina.page.locator(".head").get_by_label("Members").click()
    expect(lina.page.get_by_role("tabpanel")).to_contain_text(f"Name {EVIL}")
    assert lina.page.locator("img").count() == 0
    assert sofia.patch("/auth/user/", json={"full_name": SOFIA}).status_code == 200
    assert sofia.delete(f"/chat/chatrooms/{room['room_id']}/").status_code == 204
    expect(lina.room("Room")).to_have_count(0)


def test_a_phone_shows_one_column_at_a_time_and_reads_what_it_shows(sofia: Visitor, arrive: Arrive) -> None:
    lina = arrive(LINA)
    lina.page.set_viewport_size({"width": 390, "height": 780})
    expect(lina.page.locator(".conversation")).to_be_hidden()
    lina.open(GROUP)
    expect(lina.page.locator(".column.rooms")).to_be_hidden()
    lina.page.get_by_label("Back").click()
    sofia.open(GROUP)
    sofia.say("À dimanche")
    expect(lina.room(GROUP).get_by_label("Unread")).to_be_visible()
    lina.page.locator(".tabs").get_by_role("button", name="Notifications").click()
    expect(lina.notification("À dimanche")).to_be_visible()
    lina.notification("À dimanche").get_by_role("button").click()
    expect(lina.message("À dimanche")).to_be_visible()


@pytest.mark.parametrize("locale", ["ar-DZ", "fr-FR", "en-GB"])
def test_the_smallest_phone_has_nothing_to_scroll_to_the_side(arrive: Arrive, locale: str) -> None:
    lina = arrive(LINA, locale=locale)
    lina.page.set_viewport_size({"width": 320, "height": 640})
    assert _width(lina.page) == 320
    lina.open(GROUP)
    assert _width(lina.page) == 320
    lina.page.locator(".head button").last.click()
    expect(lina.page.locator(".column.side")).to_be_visible()
    assert _width(lina.page) == 320


def test_a_token_is_renewed_before_it_ends_and_when_it_is_bad(karim: Visitor) -> None:
    with karim.page.expect_websocket() as opening:
        karim.page.reload()
    with opening.value.expect_event("framereceived", _is("authenticated")):
        expect(karim.room(AMINA)).to_be_visible()
    _spoil_token(karim.page)
    karim.page.reload()
    expect(karim.room(AMINA)).to_be_visible()
    expect(karim.page.locator(".status")).to_be_empty()


def _answer_as_json(route: Route) -> None:
    """As a proxy may: a content type without content."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "content-type": "application/json"})


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def _is(kind: str) -> Callable[[str | bytes], bool]:
    return lambda frame: json.loads(frame).get("type") == kind


def _spoil_token(page: Page) -> None:
    page.evaluate(
        """() => {
            const session = JSON.parse(sessionStorage.getItem("session"));
            sessionStorage.setItem("session", JSON.stringify({ ...session, access: "spoilt" }));
        }"""
    )
