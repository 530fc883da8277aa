"""What differs from allauth: staff only, no sign-up, own throttle, encrypted secrets, QR codes by segno."""

import base64
import hashlib
import io
import time
from typing import Any

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from wpiforum.accounts import log, throttle
from wpiforum.accounts.models import Kind


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of staff, made by administrators; readers have none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the staff account of a name and password, or None; raise ValidationError after too many tries.

        A name that does not exist, a wrong password and an account that is no staff get the same answer.
        """
        name = credentials.get("username", "")
        who = throttle.describe(name, self.get_client_ip(request))
        try:
            throttle.begin(Kind.PASSWORD, who)
        except throttle.TooManyTries:
            log.failed(name, "too many tries")
            raise ValidationError(too_many_tries()) from None
        user: Any = authenticate(request, **credentials)
        if user is None or not user.is_staff:
            log.failed(name, "wrong password")
            return None
        throttle.forgive(Kind.PASSWORD, who)
        return user

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse accounts that are no staff, however they got here (a passkey asks for no password)."""
        if not user.is_staff:
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        throttle.remember(throttle.describe(user.get_username(), self.get_client_ip(request)))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change of factors, but not right after signing in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        return not records or time.time() - records[-1]["at"] > account_settings.REAUTHENTICATION_TIMEOUT

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Write to the address that an administrator entered."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def add_message(self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kw: Any) -> Any:
        """Leave out "signed in" and "signed out": the page says so itself."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kw)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted in the database, the portal's name in the person's app."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=5, light="white", xmldecl=False)
        return out.getvalue().decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())


def _cipher() -> MultiFernet:
    """Return the cipher of the site's key; old keys in SECRET_KEY_FALLBACKS still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salted = (hashlib.sha256(b"wpiforum.accounts.mfa:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in salted])


def too_many_tries() -> str:
    return _(
        "Too many wrong tries from here. Please wait 15 minutes. Other people, and you elsewhere, can still sign in."
    )
