"""The mails of an account: A8's codes and the notices, in three languages, as text and HTML."""

from email import message_from_bytes, policy
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import RequestFactory

from core.accounts import mails
from core.accounts.actions.codes import request_code
from core.accounts.actions.otp_mail import send_otp_email
from core.accounts.models import OtpPurpose, OtpRequest, User
from core.accounts.otp import code_of
from core.mail import deliver
from tests.cast import Api, make_user
from web.auth import language_of

CODE = "402913"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr", "ar"])
PURPOSES = pytest.mark.parametrize("purpose", list(OtpPurpose))
FSI, PDI = "\u2068", "\u2069"


class Page(HTMLParser):
    """The elements of a mail's HTML and the text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def a_code(
    language: str = "en",
    *,
    name: str = "Amina Benali",
    purpose: OtpPurpose = OtpPurpose.EMAIL_VERIFICATION,
) -> mails.Mail:
    return mails.code_mail(user=User(full_name=name), purpose=purpose, code=CODE, language=language)


@LANGUAGES
@PURPOSES
def test_a_code_stands_in_text_and_html(language: str, purpose: OtpPurpose) -> None:
    made = a_code(language, purpose=purpose)
    assert CODE not in made.subject
    assert made.text.count(CODE) == 1
    assert Page(made.html).text.count(CODE) == 1
    assert "10" in made.text
    assert "10" in Page(made.html).text


@PURPOSES
def test_each_language_and_purpose_has_its_own_words(purpose: OtpPurpose) -> None:
    subjects = {
        a_code(language, purpose=each).subject for language in ("en", "fr", "ar") for each in OtpPurpose
    }
    assert len(subjects) == 9


@pytest.mark.parametrize("notice", ["password_changed", "session_reused"])
def test_notices_in_three_languages(notice: mails.Notice) -> None:
    made = {
        language: mails.notice_mail(user=User(), notice=notice, language=language)
        for language in ("en", "fr", "ar")
    }
    assert len({each.subject for each in made.values()}) == 3
    assert made["fr"].text.startswith("Bonjour,")
    assert made["ar"].text.startswith("مرحبًا،")
    assert "{" not in "".join(each.text + each.html for each in made.values())


@LANGUAGES
def test_arabic_runs_from_right_to_left(language: str) -> None:
    direction, side = ("rtl", "right") if language == "ar" else ("ltr", "left")
    elements = Page(a_code(language).html).elements
    assert elements[0] == ("html", {"lang": language, "dir": direction})
    tables = [attributes for tag, attributes in elements if tag == "table"]
    assert {table["dir"] for table in tables} == {direction}
    sides = {attributes.get("align") for tag, attributes in elements if tag == "td"}
    assert sides == {side, "center"}


def test_the_code_runs_from_left_to_right_in_arabic() -> None:
    before_code = a_code("ar").html.split(CODE)[0]
    assert 'dir="ltr"' in before_code[before_code.rindex("<") :]


@pytest.mark.parametrize(
    ("lifetime", "english", "french", "arabic"),
    [
        (1, "1 second and", "1 seconde et", "لثانية واحدة"),
        (2, "2 seconds", "2 secondes", "لثانيتين"),
        (5, "5 seconds", "5 secondes", "5 ثوان"),
        (30, "30 seconds", "30 secondes", "30 ثانية"),
        (60, "1 minute and", "1 minute et", "لدقيقة واحدة"),
        (119, "1 minute and", "1 minute et", "لدقيقة واحدة"),
        (120, "2 minutes", "2 minutes", "لدقيقتين"),
        (300, "5 minutes", "5 minutes", "5 دقائق"),
        (600, "10 minutes", "10 minutes", "10 دقائق"),
        (900, "15 minutes", "15 minutes", "15 دقيقة"),
        (6000, "100 minutes", "100 minutes", "100 دقيقة"),
    ],
)
def test_time_is_counted_as_each_language_counts(
    settings: LazySettings, lifetime: int, english: str, french: str, arabic: str
) -> None:
    settings.OTP_LIFETIME = lifetime
    for language, words in (("en", english), ("fr", french), ("ar", arabic)):
        assert words in a_code(language).text


@LANGUAGES
def test_the_greeting_is_by_name(language: str) -> None:
    for name in ("Amina Benali", "أمينة بن علي", "Jean-Noël D'Hérouville", "M. Kaci"):
        assert name in a_code(language, name=name).text
    assert f"{FSI}Amina{PDI}" in a_code("ar", name="Amina").text
    assert a_code("en", name="").text.startswith("Hello,\n")


@pytest.mark.parametrize(
    "name",
    [
        "Win now https://evil.example/claim",
        "evil.example",
        "call 0550123456",
        "<b>Amina</b>",
        "a@b",
        "x" * 61,
    ],
)
def test_a_name_carries_no_message_of_its_own(name: str) -> None:
    """Anyone may register somebody else's address under any name."""
    made = a_code(name=name)
    assert made.text.startswith("Hello,\n")
    assert name not in made.html


def test_a_name_stays_on_its_line_and_turns_no_text_around() -> None:
    made = a_code(name="Amina\r\nBcc: victim\u2028second\u202eline\x00\u200f")
    # The colon makes it no name at all; without it, it is one line.
    assert made.text.startswith("Hello,\n")
    made = a_code(name="Amina\r\nBenali\u2028Kaci\u202e\u200f\x00")
    assert made.text.startswith("Hello Amina Benali Kaci,\n")


def test_html_escapes_what_a_name_may_hold_and_text_does_not() -> None:
    made = a_code(name='Tom & "Ali" O\'Neil')
    assert 'Tom & "Ali" O\'Neil' in made.text
    assert "Tom &amp; &quot;Ali&quot; O&#x27;Neil" in made.html
    assert 'Tom & "Ali" O\'Neil' in Page(made.html).text


def sent(language: str, name: str) -> bytes:
    made = a_code(language, name=name)
    deliver(
        to="amina@example.com",
        subject=made.subject,
        text=made.text,
        html=made.html,
        message_id=f"<{uuid4()}@my-accountant>",
    )
    return mail.outbox[-1].message().as_bytes()


@LANGUAGES
def test_the_subject_header_is_ascii_and_reads_back(language: str) -> None:
    raw = sent(language, "Amina")
    headers = raw.split(b"\n\n")[0]
    assert headers.isascii()
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == a_code(language).subject
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.strip() == a_code(language, name="Amina").text.strip()
    assert html.strip() == a_code(language, name="Amina").html.strip()


@LANGUAGES
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_name_adds_a_header(language: str, newline: str) -> None:
    raw = sent(language, f"Amina{newline}Bcc{newline}{newline}Content")
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Bcc"] is None
    assert message.keys() == message_from_bytes(sent(language, ""), policy=policy.default).keys()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-DZ", "ar"),
        ("fr-CA,fr;q=0.9", "fr"),
        ("de, ar;q=0.4, fr;q=0.8", "fr"),
        ("fr;q=0.2, ar;q=0.7, en;q=0.1", "ar"),
        ("en;q=0.1, ar;q=0", "en"),
        ("de", "en"),
        ("zh-Hans, ja", "en"),
        ("*", "en"),
        ("AR-dz", "ar"),
        ("ar;q=nonsense", "en"),
        ("'; DROP TABLE users", "en"),
        ("ar" * 5000, "en"),
        ("\x00é,,;;==", "en"),
    ],
)
def test_accept_language_chooses(header: str, language: str) -> None:
    request = RequestFactory().get("/", headers={"Accept-Language": header})
    assert language_of(request) == language


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "greeting"), [("ar-DZ,fr;q=0.5", "مرحبًا"), ("fr", "Bonjour"), ("xx", "Hello")]
)
def test_a_code_comes_in_the_language_of_its_request(api: Api, header: str, greeting: str) -> None:
    user = make_user(status="inactive", language="en", full_name="Amina")
    answer = api.post("/auth/send-email-otp/", {"email": user.email}, Accept_Language=header)
    assert answer.status_code == 200
    send_otp_email(otp_request_id=OtpRequest.objects.get(user=user).id)
    assert str(mail.outbox[0].body).startswith(greeting)
    assert mail.outbox[0].to == [user.email]


@pytest.mark.django_db
def test_a8_a_repeated_job_mails_once_and_always_the_same_code() -> None:
    user = make_user()
    request = request_code(user=user, purpose=OtpPurpose.PASSWORD_RESET, language="fr")
    for _ in range(2):
        send_otp_email(otp_request_id=request.id)
    assert len(mail.outbox) == 1
    assert code_of(request.id) in str(mail.outbox[0].body)
