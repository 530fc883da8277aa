"""The one place that writes what happens to accounts into the log of acts."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import record


def failed(name: str, what: str) -> None:
    """Write down a failed try for an account that exists; never the name typed, which may be a password."""
    person = User.objects.filter(username=name).first()
    if person is not None:
        record(Verb.SIGN_IN, person, by=None, what=what)


@receiver(account.user_logged_in)
def _signed_in(user: Any, **kwargs: Any) -> None:
    record(Verb.SIGN_IN, user, by=user, what="signed in")


@receiver(user_logged_out)
def _signed_out(user: Any, **kwargs: Any) -> None:
    if user:
        record(Verb.SIGN_IN, user, by=user, what="signed out")


@receiver(mfa.authentication_failed)
def _code_failed(user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(Verb.SIGN_IN, user, by=None, what="wrong code", factor=authenticator.type)


@receiver([mfa.authenticator_added, mfa.authenticator_reset])
def _factor_added(request: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(Verb.ACCOUNT, user, by=request.user, what="factor added", factor=authenticator.type)


@receiver(mfa.authenticator_removed)
def _factor_removed(request: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(Verb.ACCOUNT, user, by=request.user, what="factor removed", factor=authenticator.type)


@receiver([account.password_changed, account.password_set])
def _password_changed(user: Any, **kwargs: Any) -> None:
    record(Verb.ACCOUNT, user, by=user, what="password changed")


@receiver(account.password_reset)
def _password_reset(user: Any, **kwargs: Any) -> None:
    record(Verb.ACCOUNT, user, by=user, what="password reset by mail")
