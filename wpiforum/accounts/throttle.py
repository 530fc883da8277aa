"""How often a person may try to sign in: counted per account and address together, so that nobody else is kept out.

Counted in the database, since every worker process must see the same count. Sources of the thinking: OWASP
Authentication Cheat Sheet, "Account Lockout"; NIST SP 800-63B, 3.2.2 (rate limiting).
"""

import ipaddress
import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.crypto import salted_hmac

from wpiforum.accounts.models import Kind, SignInTry

WINDOW = timedelta(minutes=15)
# One account from one address: the rest of the office, and the owner elsewhere, can still sign in.
PER_PAIR = 5
# One address over all accounts: high, since a whole office may share it; it only slows whoever tries many names.
PER_ADDRESS = 200
# Wrong codes after the right password, from addresses where the account has not signed in lately: its password is
# known to a stranger who changes addresses. Where the owner usually sits, and with a passkey, sign-in stays open.
CODES_FROM_STRANGERS = 20
CODES_WINDOW = timedelta(hours=1)
KNOWN_FOR = timedelta(days=30)


class TooManyTries(Exception):
    """This account was tried too often from this address, or this address tried too many accounts."""


class Try(NamedTuple):
    """Whose sign-in is tried from where, as digests."""

    account: str
    address: str


def describe(name: str, address: str) -> Try:
    """Return the digests of a user name as typed and of an address (IPv6: its /64 network, which one person holds)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        place = address
    else:
        length = 32 if parsed.version == 4 else 64
        place = str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    return Try(_digest("account", folded), _digest("address", place))


def _digest(kind: str, value: str) -> str:
    return salted_hmac(f"wpiforum.accounts.{kind}", value, algorithm="sha256").hexdigest()[:40]


def begin(kind: Kind, who: Try) -> SignInTry:
    """Count a try before it is checked, so that parallel ones count each other; raise TooManyTries."""
    now = timezone.now()
    SignInTry.objects.filter(forget_at__lt=now).delete()
    begun = _add(kind, who, now, WINDOW if kind == Kind.PASSWORD else CODES_WINDOW)
    if _is_over(kind, who, now):
        begun.delete()  # refused tries are not counted: waiting is enough
        raise TooManyTries
    return begun


def forgive(kind: Kind, who: Try) -> None:
    """Forget the failures of an account at an address, after the right password or code."""
    SignInTry.objects.filter(kind=kind, account=who.account, address=who.address).delete()


def remember(who: Try) -> None:
    """Note that an account signed in from an address: it is known there for a while."""
    forgive(Kind.SIGNED_IN, who)
    _add(Kind.SIGNED_IN, who, timezone.now(), KNOWN_FOR)


def _add(kind: Kind, who: Try, now: datetime, kept: timedelta) -> SignInTry:
    return SignInTry.objects.create(kind=kind, account=who.account, address=who.address, at=now, forget_at=now + kept)


def _is_over(kind: Kind, who: Try, now: datetime) -> bool:
    tries = SignInTry.objects.filter(kind=kind)
    lately = tries.filter(at__gt=now - WINDOW)
    if lately.filter(account=who.account, address=who.address).count() > PER_PAIR:
        return True
    if lately.filter(address=who.address).count() > PER_ADDRESS:
        return True
    if kind != Kind.CODE:
        return False
    known = SignInTry.objects.filter(kind=Kind.SIGNED_IN, account=who.account)
    if known.filter(address=who.address).exists():
        return False
    of_strangers = tries.filter(account=who.account, at__gt=now - CODES_WINDOW)
    return of_strangers.exclude(address__in=known.values("address")).count() > CODES_FROM_STRANGERS
