"""The one place that writes down what happens to accounts."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

SIGNED_IN, SIGNED_OUT, FAILED, REFUSED = "signed_in", "signed_out", "sign_in_failed", "sign_in_refused"
FACTOR_ADDED, FACTOR_REMOVED = "factor_added", "factor_removed"
PASSWORD_CHANGED, PASSWORD_RESET = "password_changed", "password_reset"

logger = logging.getLogger("wpiforum.accounts")


def record(verb: str, user: Any, **details: str) -> None:
    """Write down one event of an account; `user` is None where nobody was recognized."""
    logger.info("%s user=%s %s", verb, user.pk if user else "-", details)


@receiver(user_logged_in)
def _signed_in(user: Any, **kwargs: Any) -> None:
    record(SIGNED_IN, user)


@receiver(user_logged_out)
def _signed_out(user: Any, **kwargs: Any) -> None:
    if user:
        record(SIGNED_OUT, user)


@receiver(mfa.authentication_failed)
def _code_failed(user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(FAILED, user, factor=authenticator.type)


@receiver([mfa.authenticator_added, mfa.authenticator_reset])
def _factor_added(user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(FACTOR_ADDED, user, factor=authenticator.type)


@receiver(mfa.authenticator_removed)
def _factor_removed(user: Any, authenticator: Any, **kwargs: Any) -> None:
    record(FACTOR_REMOVED, user, factor=authenticator.type)


@receiver([account.password_changed, account.password_set])
def _password_changed(user: Any, **kwargs: Any) -> None:
    record(PASSWORD_CHANGED, user)


@receiver(account.password_reset)
def _password_reset(user: Any, **kwargs: Any) -> None:
    record(PASSWORD_RESET, user)
