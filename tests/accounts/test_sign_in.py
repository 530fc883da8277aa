"""Signing in to the staff site: both factors, limits that keep nobody else out, sessions that end."""

import html
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.helpers import LANGUAGES, page
from wpiforum.accounts import throttle
from wpiforum.accounts.models import SignInTry
from wpiforum.publishing.models import Event

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WAIT = "Too many wrong tries from here. Please wait 15 minutes. Other people, and you elsewhere, can still sign in."
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def hanako() -> User:
    return User.objects.create_superuser("hanako", email="hanako@example.org", password=PASSWORD)


def code_now(secret: str) -> str:
    """Return what the app of a telephone shows: computed from the shared secret and the clock (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client: Client, name: str = "hanako", password: str = PASSWORD, **extra: Any) -> Any:
    data = {"login": name, "password": password, "next": extra.pop("next", "")}
    return client.post("/en/admin/account/login/", data, **extra)


def send_code(client: Client, code: str, **extra: Any) -> Any:
    return client.post("/en/admin/account/code/", {"code": code}, **extra)


def errors(response: Any) -> list[str]:
    """Return the errors that the page shows."""
    found = re.findall(r'class="errornote">([^<]+)<|<ul class="errorlist"[^>]*><li>([^<]+)<', response.content.decode())
    return [html.unescape(one or other) for one, other in found]


def may_enter(client: Client) -> bool:
    return client.get("/en/admin/").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_site_sends_strangers_to_sign_in_and_keeps_where_they_wanted_to_go(language: str, client: Client) -> None:
    response = client.get(f"/{language}/admin/auth/user/", follow=True)
    assert (
        response.redirect_chain[-1][0]
        == f"/{language}/admin/account/login/?next=%2F{language}%2Fadmin%2Fauth%2Fuser%2F"
    )
    assert f'<input type="hidden" name="next" value="/{language}/admin/auth/user/"' in response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_required_second_factor_is_set_up_before_anything_else(language: str, client: Client, hanako: User) -> None:
    sign_in(client)
    for path in ("", "auth/user/", "account/password/"):
        response: Any = client.get(f"/{language}/admin/{path}")
        assert (response.status_code, response.url) == (302, f"/{language}/admin/account/factors/")
    shown = page(client, f"/{language}/admin/account/factors/app/")
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"|value="(\w{32})"', shown.replace("\n", " "))
    assert secret is not None
    response = client.post(f"/{language}/admin/account/factors/app/", {"code": code_now(secret[1] or secret[2])})
    assert response.url == f"/{language}/admin/account/factors/recovery/"
    assert client.get(f"/{language}/admin/auth/user/").status_code == 200
    stored = Authenticator.objects.get(user=hanako, type="totp").data["secret"]
    assert (secret[1] or secret[2]) not in stored


def test_offered_second_factor_is_not_demanded(client: Client, hanako: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    assert sign_in(client).url == "/en/admin/"
    assert may_enter(client)


def test_password_alone_opens_nothing_and_the_code_opens_it(client: Client, hanako: User) -> None:
    TOTP.activate(hanako, SECRET)
    assert sign_in(client, next="/en/admin/auth/user/").url == "/en/admin/account/code/"
    assert not may_enter(client)
    assert send_code(client, "000000").status_code == 200
    assert not may_enter(client)
    assert send_code(client, code_now(SECRET)).url == "/en/admin/auth/user/"
    assert may_enter(client)


def test_code_is_good_for_one_sign_in(client: Client, hanako: User) -> None:
    TOTP.activate(hanako, SECRET)
    code = code_now(SECRET)
    for browser, status in ((client, 302), (Client(), 200)):
        sign_in(browser)
        assert send_code(browser, code).status_code == status


def test_recovery_code_opens_once(client: Client, hanako: User) -> None:
    settings_client = Client()
    sign_in(settings_client)
    shown = page(settings_client, "/en/admin/account/factors/app/")
    secret = re.findall(r"\b[A-Z2-7]{32}\b", shown)[0]
    settings_client.post("/en/admin/account/factors/app/", {"code": code_now(secret)})
    codes = re.findall(r"\b\d{8}\b", page(settings_client, "/en/admin/account/factors/recovery/"))
    assert len(set(codes)) == 10
    for browser, status in ((client, 302), (Client(), 200)):
        sign_in(browser)
        assert send_code(browser, codes[0]).status_code == status


def test_unknown_name_wrong_password_and_no_staff_get_the_same_answer(client: Client, hanako: User) -> None:
    User.objects.create_user("reader", password=PASSWORD)
    tries = (("nobody", PASSWORD), ("hanako", "wrong"), ("reader", PASSWORD))
    answers = [errors(sign_in(client, name, password)) for name, password in tries]
    assert answers == [["The username and/or password you specified are not correct."]] * 3


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_to_no_other_host(wanted: str, client: Client, hanako: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    assert sign_in(client, next=wanted).url == "/en/admin/"


def test_sixth_wrong_password_waits_even_with_the_right_one(client: Client, hanako: User) -> None:
    for _number in range(5):
        assert errors(sign_in(client, password="wrong")) != [WAIT]
    assert errors(sign_in(client)) == [WAIT]


def test_blocked_pair_keeps_neither_the_owner_elsewhere_nor_the_office_out(client: Client, hanako: User) -> None:
    User.objects.create_superuser("taro", password=PASSWORD)
    for _number in range(7):
        sign_in(client, password="wrong", REMOTE_ADDR="192.0.2.1")
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.1").status_code == 200
    assert sign_in(Client(), "taro", REMOTE_ADDR="192.0.2.1").status_code == 302
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.2").status_code == 302


def test_wait_ends_after_a_quarter_of_an_hour(client: Client, hanako: User) -> None:
    for _number in range(7):
        sign_in(client, password="wrong")
    SignInTry.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_address_that_tries_very_many_names_is_slowed(client: Client, hanako: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(throttle, "PER_ADDRESS", 8)
    answers = [sign_in(client, f"name{number}", REMOTE_ADDR="192.0.2.1") for number in range(9)]
    assert [errors(answer) == [WAIT] for answer in answers] == [False] * 8 + [True]
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.2").status_code == 302


def test_codes_are_limited_across_addresses_but_not_where_the_owner_sits(
    client: Client, hanako: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(throttle, "CODES_FROM_STRANGERS", 6)
    TOTP.activate(hanako, SECRET)
    home = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(home)
    assert send_code(home, code_now(SECRET)).status_code == 302
    for number in range(7):
        thief = Client(REMOTE_ADDR=f"198.51.100.{number}")
        sign_in(thief)
        assert (errors(send_code(thief, "000000")) == [WAIT]) == (number == 6)
    again = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(again)
    assert errors(send_code(again, "000000")) == ["Incorrect code."]


def test_tries_hold_no_name_and_no_address(client: Client, hanako: User) -> None:
    sign_in(client, password="wrong", REMOTE_ADDR="192.0.2.1")
    row = SignInTry.objects.get()
    assert "hanako" not in f"{row.account}{row.address}"
    assert "192.0.2.1" not in f"{row.account}{row.address}"


@pytest.mark.parametrize(
    ("began", "seen", "status"), [(0, 0, 200), (3600 * 13, 0, 302), (7300, 7300, 302), (7300, 100, 200)]
)
def test_session_ends_after_idle_and_after_absolute_time(
    began: int, seen: int, status: int, client: Client, hanako: User, settings: Any
) -> None:
    settings.SECOND_FACTOR = "offered"
    sign_in(client)
    client.get("/en/admin/")
    session = client.session
    session["staff_began"], session["staff_seen"] = int(time.time()) - began, int(time.time()) - seen
    session.save()
    response = client.get("/en/admin/auth/user/")
    assert response.status_code == status
    assert ("_auth_user_id" in client.session) == (status == 200)


def test_password_reset_by_mail_needs_the_second_factor_afterwards(client: Client, hanako: User) -> None:
    TOTP.activate(hanako, SECRET)
    answer: Any = client.post("/en/admin/account/password/reset/", {"email": "hanako@example.org"})
    assert answer.url == "/en/admin/account/password/reset/sent/"
    assert [message.to for message in mail.outbox] == [["hanako@example.org"]]
    link = re.findall(r"http://testserver(/en/admin/account/password/reset/\S+)", str(mail.outbox[0].body))[0]
    form = client.get(link, follow=True)
    new = "another long sentence"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not may_enter(client)
    assert sign_in(client, password=new).url == "/en/admin/account/code/"


def test_reset_answers_the_same_for_an_address_nobody_has(client: Client, hanako: User) -> None:
    answer: Any = client.post("/en/admin/account/password/reset/", {"email": "nobody@example.org"})
    assert answer.url == "/en/admin/account/password/reset/sent/"
    assert mail.outbox == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_site_without_mail_offers_no_reset_and_says_whom_to_ask(language: str, client: Client, settings: Any) -> None:
    settings.SENDS_MAIL = False
    shown = page(client, f"/{language}/admin/account/login/")
    assert ("password/reset" in shown, ("管理者" if language == "ja" else "An administrator") in shown) == (False, True)
    assert client.get(f"/{language}/admin/account/password/reset/").status_code == 404


def test_owner_hears_of_a_new_password_by_mail(client: Client, hanako: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    sign_in(client)
    new = "another long sentence"
    client.post("/en/admin/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [(message.to, message.subject) for message in mail.outbox] == [(["hanako@example.org"], "Password Changed")]


def test_short_password_is_refused(client: Client, hanako: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    sign_in(client)
    data = {"oldpassword": PASSWORD, "password1": "x7#kQ2!vb", "password2": "x7#kQ2!vb"}
    answer = client.post("/en/admin/account/password/", data)
    assert errors(answer) == ["This password is too short. It must contain at least 12 characters."]


def test_log_of_acts_names_every_event_of_an_account_and_no_password(
    client: Client, hanako: User, settings: Any
) -> None:
    settings.SECOND_FACTOR = "offered"
    TOTP.activate(hanako, SECRET)
    sign_in(client, "a password typed as name", "wrong")
    sign_in(client, password="wrong")
    sign_in(client)
    send_code(client, "000000")
    send_code(client, code_now(SECRET))
    new = "another long sentence"
    client.post("/en/admin/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post("/en/admin/account/factors/app/remove/")
    client.post("/en/admin/logout/")
    events = Event.objects.order_by("pk")
    assert [(event.verb, event.actor, event.subject, event.details["what"]) for event in events] == [
        ("sign_in", None, hanako, "wrong password"),
        ("sign_in", None, hanako, "wrong code"),
        ("sign_in", hanako, hanako, "signed in"),
        ("account", hanako, hanako, "password changed"),
        ("account", hanako, hanako, "factor removed"),
        ("sign_in", hanako, hanako, "signed out"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_can_sign_up(language: str, client: Client) -> None:
    for method in (client.get, client.post):
        assert method(f"/{language}/admin/account/signup/").status_code == 404


def test_administrator_removes_a_lost_factor_and_sees_no_secret(client: Client, hanako: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    taro = User.objects.create_superuser("taro", password=PASSWORD)
    TOTP.activate(taro, SECRET)
    sign_in(client)
    data = {"action": "remove_second_factor", "_selected_action": [taro.pk]}
    client.post("/en/admin/auth/user/", data)
    assert Authenticator.objects.filter(user=taro).count() == 0
    assert client.get("/en/admin/mfa/authenticator/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_accounts_carry_no_inline_script_or_style(language: str, client: Client, hanako: User) -> None:
    sign_in(client)
    paths = ["factors/", "factors/app/", "factors/keys/add/", "reauthenticate/"]
    shown = [page(client, f"/{language}/admin/account/{path}") for path in paths]
    shown += [page(Client(), f"/{language}/admin/account/{path}") for path in ("login/", "password/reset/")]
    for text in shown:
        assert re.findall(r"<script(?![^>]*(?:\ssrc=|application/json))[^>]*>|<style|\sstyle=|\son\w+=", text) == []
        assert f'<html lang="{language}' in text
