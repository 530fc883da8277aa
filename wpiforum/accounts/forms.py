"""The forms of signing in: tries of codes are counted like those of passwords."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms
from django.core.exceptions import ValidationError

from wpiforum.accounts import log, throttle
from wpiforum.accounts.adapter import too_many_tries
from wpiforum.accounts.models import Kind


class LoginForm(account.LoginForm):
    """Name and password; the page itself says what to do about a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class _Counted:
    user: Any

    def clean_code(self) -> str:
        name = self.user.get_username()
        who = throttle.describe(name, get_adapter().get_client_ip(context.request))
        try:
            throttle.begin(Kind.CODE, who)
        except throttle.TooManyTries:
            log.failed(name, "too many tries")
            raise ValidationError(too_many_tries()) from None
        code: str = super().clean_code()  # type: ignore[misc]  # of the form mixed with
        throttle.forgive(Kind.CODE, who)
        return code


class AuthenticateForm(_Counted, forms.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_Counted, forms.ReauthenticateForm):
    """The step before a change of the second factor."""
