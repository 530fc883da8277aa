"""Mail about what waits: asked for, at most once a day, in the person's language, and only when something waits."""

import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories.links import make_link
from tests.factories.onboarding import make_contact
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES, page
from wpiforum.accounts import digest
from wpiforum.accounts.models import Digest, Every

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 6)


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"


def make_reader(role: str = "editor", **fields: Any) -> Digest:
    user = make_person(role, email=fields.pop("email", f"{role}@portal.example"))
    return Digest.objects.create(**{"user": user, "every": Every.DAILY, "language": "en", **fields})


def sent() -> list[list[str]]:
    return [message.to for message in mail.outbox]


@pytest.mark.parametrize(
    ("language", "subject", "label", "closing"),
    [
        ("ja", "WPI Forum：対応待ちが3件あります", "外部リンク: リンク切れ", "ログインせずに配信を停止する場合："),
        ("en", "WPI Forum: 3 things wait for you", "Links to outside: broken", "To stop it without signing in:"),
    ],
)
def test_mail_lists_what_waits_in_the_language_of_the_person(
    language: str, subject: str, label: str, closing: str
) -> None:
    person = make_reader(language=language)
    for _broken in range(2):
        make_link()
    make_contact(confirmed=False)
    assert digest.send_due(DAY).sent == [person.user.username]
    message: Any = mail.outbox[0]
    assert (message.subject, message.to) == (subject, ["editor@portal.example"])
    assert f"- {label}: 2\n  https://portal.example/{language}/admin/links/link/?state__exact=broken\n" in message.body
    assert f"https://portal.example/{language}/admin/\n" in message.body
    assert closing in message.body
    assert "&amp;" not in message.body
    assert set(re.findall(r"https?://[^/\s]+", message.body)) == {"https://portal.example"}


def test_one_thing_is_said_as_one() -> None:
    make_reader()
    make_link()
    digest.send_due(DAY)
    assert mail.outbox[0].subject == "WPI Forum: 1 thing waits for you"


def test_mail_names_what_the_roles_of_the_person_allow_only() -> None:
    make_reader("reviewer")
    make_link()
    assert digest.send_due(DAY) == digest.Sent([], [])


def test_nothing_is_sent_when_nothing_waits_and_the_day_stays_open() -> None:
    make_reader()
    digest.send_due(DAY)
    assert sent() == []
    make_link()
    digest.send_due(DAY)
    assert sent() == [["editor@portal.example"]]


def test_nobody_gets_mail_unasked() -> None:
    make_link()
    make_person("editor", email="unasked@portal.example")
    make_reader(every=Every.NEVER)
    digest.send_due(DAY)
    assert sent() == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_people_who_left_or_have_no_address_get_none(fields: dict[str, Any]) -> None:
    person = make_reader()
    for name, value in fields.items():
        setattr(person.user, name, value)
    person.user.save()
    make_link()
    assert digest.send_due(DAY) == digest.Sent([], [])


def test_running_twice_on_a_day_sends_once() -> None:
    make_reader()
    make_link()
    assert [len(digest.send_due(DAY).sent) for _run in range(3)] == [1, 0, 0]
    assert len(digest.send_due(date(2026, 4, 7)).sent) == 1


def test_weekly_mail_comes_after_seven_days() -> None:
    make_reader(every=Every.WEEKLY)
    make_link()
    assert [len(digest.send_due(date(2026, 4, day)).sent) for day in (6, 7, 12, 13, 14)] == [1, 0, 0, 1, 0]


class OneFails(EmailBackend):
    """A mail server that refuses one mailbox."""

    def send_messages(self, messages: Any) -> int:
        if any("refused@portal.example" in message.to for message in messages):
            raise OSError("Mailbox unavailable")
        return int(super().send_messages(messages))


def test_mailbox_that_fails_stops_nobody_else_and_is_tried_again(settings: Any) -> None:
    first = make_reader(email="refused@portal.example")
    second = make_reader(email="fine@portal.example")
    make_link()
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.OneFails"}}
    out = StringIO()
    with pytest.raises(CommandError, match=f"1 could not be sent: {first.user.username}."):
        call_command("send_digest", stdout=out)
    assert (sent(), out.getvalue()) == ([["fine@portal.example"]], "1 sent.\n")
    first.refresh_from_db()
    assert first.last_sent_on is None
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    call_command("send_digest", stdout=out)
    assert sent() == [["fine@portal.example"], ["refused@portal.example"]]
    assert second.user.username not in out.getvalue()


@pytest.mark.parametrize(("name", "value"), [("SENDS_MAIL", False), ("SITE_ORIGIN", "")])
def test_command_says_which_setting_is_missing(name: str, value: Any, settings: Any) -> None:
    setattr(settings, name, value)
    make_reader()
    make_link()
    with pytest.raises(CommandError, match="EMAIL_URL" if name == "SENDS_MAIL" else name):
        call_command("send_digest")
    assert sent() == []


@pytest.mark.parametrize(("language", "words"), [("ja", "配信を停止しました"), ("en", "You get no more of these")])
def test_mail_is_stopped_by_its_header_without_signing_in(language: str, words: str) -> None:
    person = make_reader(language=language)
    make_link()
    digest.send_due(DAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].removeprefix("<https://portal.example").removesuffix(">")
    assert path.startswith(f"/{language}/admin/account/digest/stop/")
    assert path in mail.outbox[0].body
    stranger = Client(enforce_csrf_checks=True)
    assert words not in page(stranger, path)
    person.refresh_from_db()
    assert person.every == Every.DAILY  # a program that only follows links stops nothing
    assert words in stranger.post(path, {"List-Unsubscribe": "One-Click"}).text
    person.refresh_from_db()
    assert person.every == Every.NEVER


def test_mail_of_somebody_else_cannot_be_stopped() -> None:
    person = make_reader()
    for token in (str(person.user.pk), f"{person.user.pk}:forged"):
        assert Client().post(f"/en/admin/account/digest/stop/{token}/").status_code == 404
    person.refresh_from_db()
    assert person.every == Every.DAILY


@pytest.mark.parametrize("language", LANGUAGES)
def test_person_asks_for_the_mail_on_a_page_of_the_account(language: str, client: Client) -> None:
    user, other = make_person("editor", email="me@portal.example"), make_reader(every=Every.NEVER)
    client.force_login(user)
    address = f"/{language}/admin/account/digest/"
    assert f'href="{address}"' in page(client, f"/{language}/admin/")
    html = page(client, address)
    assert "me@portal.example" in html
    assert f'<option value="{language}" selected>' in html
    assert not Digest.objects.filter(user=user).exists()
    assert client.post(address, {"every": "weekly", "language": "en"}).status_code == 302
    assert Digest.objects.filter(user=user, every=Every.WEEKLY, language="en").count() == 1
    other.refresh_from_db()
    assert other.every == Every.NEVER


def test_bad_choice_is_answered_in_words(client: Client) -> None:
    client.force_login(make_person("editor", email="me@portal.example"))
    html = client.post("/en/admin/account/digest/", {"every": "hourly", "language": "xx"}).text
    assert html.count("is not one of the available choices") == 2
    assert not Digest.objects.exists()


def test_page_is_for_the_staff(client: Client) -> None:
    answer: Any = client.get("/en/admin/account/digest/")
    assert (answer.status_code, "login" in answer.url) == (302, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"email": ""}, "Your account has no mail address"), ({}, "This site sends no mail")],
)
def test_page_says_why_no_mail_can_come(fields: dict[str, Any], words: str, client: Client, settings: Any) -> None:
    settings.SENDS_MAIL = bool(fields)
    client.force_login(make_person("editor", **{"email": "me@portal.example", **fields}))
    assert words in page(client, "/en/admin/account/digest/")


def test_mail_of_a_day_is_that_of_japan(japan_noon: Callable[[date], None]) -> None:
    person = make_reader()
    make_link()
    japan_noon(DAY)
    digest.send_due()
    person.refresh_from_db()
    assert person.last_sent_on == DAY
