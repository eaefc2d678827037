"""The live page on several devices and small screens, offline, and after somebody else."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Route, ViewportSize, expect

from core.demo.talk import GROUP
from tests.e2e.visitors import AMINA, KARIM, LINA, OMAR, SOFIA, YACINE, Arrive, Visitor

PHONE: ViewportSize = {"width": 375, "height": 740}
As = Callable[[str], httpx.Client]


def test_what_is_read_on_one_device_loses_its_mark_on_another(sofia: Visitor, arrive: Arrive) -> None:
    laptop, phone = arrive(LINA), arrive(LINA)
    for room in (GROUP, LINA):
        sofia.open(room)
        sofia.say(f"Nouveau dans {room}")
    for room in (GROUP, SOFIA):
        expect(laptop.room(room).get_by_label("Unread")).to_be_visible()
    phone.open(GROUP)
    expect(laptop.room(GROUP).get_by_label("Unread")).to_be_hidden()
    expect(laptop.room(SOFIA).get_by_label("Unread")).to_be_visible()


def test_what_a_small_screen_does_not_show_is_not_read(sofia: Visitor, arrive: Arrive) -> None:
    laptop, phone = arrive(OMAR), arrive(OMAR)
    phone.page.set_viewport_size(PHONE)
    phone.open(SOFIA)
    phone.page.locator(".head").get_by_label("Members").click()
    expect(phone.page.get_by_role("tabpanel")).to_contain_text(SOFIA)
    sofia.open(OMAR)
    sofia.say("Lu plus tard")
    expect(phone.page.locator(".tabs").get_by_label("Unread").first).to_be_visible()
    expect(laptop.room(SOFIA).get_by_label("Unread")).to_be_visible()
    phone.page.go_back()
    expect(phone.message("Lu plus tard")).to_be_visible()
    expect(laptop.room(SOFIA).get_by_label("Unread")).to_be_hidden()


def test_the_browsers_back_button_and_reloading_keep_the_place(arrive: Arrive) -> None:
    lina = arrive(LINA)
    lina.page.set_viewport_size(PHONE)
    lina.open(GROUP)
    lina.page.reload()
    expect(lina.page.locator(".head h2")).to_have_text(GROUP)
    lina.page.go_back()
    expect(lina.room(GROUP)).to_be_visible()
    expect(lina.page.locator(".conversation")).to_be_hidden()


def test_what_was_said_offline_goes_out_from_every_room(sofia: Visitor, arrive: Arrive) -> None:
    lina = arrive(LINA)
    lina.open(GROUP)
    lina.context.set_offline(True)
    expect(lina.page.locator(".status")).not_to_be_empty()
    lina.say("Dit au groupe")
    lina.open(SOFIA)
    lina.say("Dit à Sofia")
    lina.open(YACINE)
    lina.context.set_offline(False)
    for room, text in ((GROUP, "Dit au groupe"), (LINA, "Dit à Sofia")):
        sofia.open(room)
        expect(sofia.message(text)).to_have_count(1)
    lina.open(GROUP)
    expect(lina.message("Dit au groupe").get_by_label("Sent")).to_be_visible()
    expect(lina.message("Dit au groupe")).to_have_count(1)


def test_whoever_is_removed_from_the_open_room_is_led_to_the_others(arrive: Arrive, api: As) -> None:
    sofia, title = api(SOFIA), "Clôture"
    room = sofia.post("/chat/chatrooms/group/create/", json={"room_name": title}).json()["room_id"]
    member = api(KARIM).get("/auth/user/").json()["pk"]
    sofia.post(f"/chat/chatrooms/group/{room}/add_member/", json={"user_id": member})
    karim = arrive(KARIM)
    karim.page.set_viewport_size(PHONE)
    karim.open(title)
    address = karim.page.url
    sofia.delete(f"/chat/chatrooms/group/{room}/remove_member/{member}/")
    expect(karim.page.locator("#toast")).to_contain_text("You are no longer in")
    expect(karim.room(AMINA)).to_be_visible()
    karim.page.goto(address)
    expect(karim.room(AMINA)).to_be_visible()
    expect(karim.room(title)).to_have_count(0)
    assert sofia.delete(f"/chat/chatrooms/{room}/").status_code == 204


def test_the_next_person_sees_nothing_of_the_last(arrive: Arrive) -> None:
    visitor = arrive(AMINA)
    expect(visitor.room(KARIM)).to_be_visible()
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    visitor.page.route("**/chatrooms/direct/me/", hold_the_first)
    with visitor.page.expect_request("**/chatrooms/direct/me/") as first:
        visitor.page.reload()
    visitor.page.get_by_label("Sign out").click()
    visitor.page.locator(".people button", has_text=OMAR).click()
    expect(visitor.room(SOFIA)).to_be_visible()
    late[0].continue_()
    assert first.value.response() is not None
    visitor.open(SOFIA)
    expect(visitor.room(KARIM)).to_have_count(0)


def test_what_one_looks_at_stays_while_older_messages_come(arrive: Arrive, api: As) -> None:
    """All of one run: the oldest shown loses its name, and so gets another element."""
    karim = api(KARIM).get("/auth/user/").json()["pk"]
    assert api(SOFIA).post("/chat/chatrooms/direct/", json={"target_user_id": karim}).status_code == 200
    visitor = arrive(SOFIA)
    visitor.open(KARIM)
    for number in range(45):
        visitor.say(f"Ligne {number}")
    expect(visitor.page.get_by_label("Sent")).to_have_count(45)
    visitor.page.reload()
    expect(visitor.message("Ligne 25")).to_have_count(1)
    expect(visitor.message("Ligne 24")).to_have_count(0)
    visitor.page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    expect(visitor.message("Ligne 5")).to_have_count(1)
    expect(visitor.message("Ligne 25")).to_be_in_viewport()


def test_a_text_too_long_is_not_cut(arrive: Arrive) -> None:
    omar = arrive(OMAR)
    omar.open(SOFIA)
    text = "ض" * 10_001
    omar.say(text)
    expect(omar.page.locator("#toast")).to_contain_text("Too long")
    expect(omar.page.locator("textarea")).to_have_value(text)
    expect(omar.message(text)).to_have_count(0)


def test_an_edit_that_fails_keeps_its_text(arrive: Arrive) -> None:
    omar = arrive(OMAR)
    omar.open(SOFIA)
    omar.say("Brouillon")
    expect(omar.message("Brouillon").get_by_label("Sent")).to_be_visible()
    omar.message("Brouillon").hover()
    omar.message("Brouillon").get_by_label("Edit").click()
    omar.page.route("**/update/", lambda route: route.abort())
    omar.say("Version finale")
    expect(omar.page.locator("#toast")).to_have_text("The server cannot be reached.")
    expect(omar.page.locator("textarea")).to_have_value("Version finale")
    omar.page.unroute("**/update/")
    omar.page.keyboard.press("Enter")
    expect(omar.message("Version finale")).to_contain_text("edited")


@pytest.mark.parametrize(
    ("locale", "words"), [("ar-DZ", "تعذّر الوصول إلى الخادم."), ("fr-FR", "Le serveur est injoignable.")]
)
def test_a_server_that_is_gone_is_told_in_the_language_of_the_page(
    arrive: Arrive, locale: str, words: str
) -> None:
    omar = arrive(OMAR, locale=locale)
    omar.page.locator(".bar button").click()
    omar.page.route("**/auth/login/", lambda route: route.abort())
    omar.page.locator(".people button").first.click()
    expect(omar.page.get_by_role("alert").first).to_have_text(words)
