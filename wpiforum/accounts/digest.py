"""Mail about what waits for a person: who asked for it, at most once a day, and only when something waits."""

import logging
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from wpiforum import languages
from wpiforum.accounts.models import Digest
from wpiforum.http import today
from wpiforum.needs import Need, needs

logger = logging.getLogger(__name__)
# Names the mail of one person; it does not end, since people stop a mail that they got long ago.
_signer = signing.Signer(salt="accounts.digest")


class Sent(NamedTuple):
    """What came of a run: whom mail went to, and whose mailbox refused it."""

    sent: list[str]
    failed: list[str]


def token(digest: Digest) -> str:
    """Return the signed name under which this mail can be stopped without signing in."""
    return _signer.sign(str(digest.user_id))


def by_token(name: str) -> Digest | None:
    """Return whose mail a signed name stops; None if it is not ours."""
    try:
        return Digest.objects.filter(user_id=_signer.unsign(name)).first()
    except signing.BadSignature:
        return None


def waiting(user: Any) -> list[Need]:
    """Return what waits for a person, as the home page of the staff site lists it."""
    request = HttpRequest()
    request.user = user
    return needs(admin.site, request)


def message(digest: Digest, found: list[Need]) -> EmailMessage:
    """Return the mail in the person's language."""
    with translation.override(digest.language):
        number = sum(need.number for need in found)
        subject = ngettext(
            "WPI Forum: %(count)d thing waits for you", "WPI Forum: %(count)d things wait for you", number
        )
        stop = _address("account_digest_stop", digest, token=token(digest))
        context = {
            "name": digest.user.get_full_name() or digest.user.get_username(),
            "needs": [need._replace(url=f"{settings.SITE_ORIGIN}{need.url}") for need in found],
            "home_url": _address("admin:index", digest),
            "settings_url": _address("account_digest", digest),
            "stop_url": stop,
        }
        return EmailMessage(
            subject=subject % {"count": number},
            body=render_to_string("account/digest.txt", context),
            to=[digest.user.email],
            # One-click as of RFC 8058; no answering machine should answer (RFC 3834).
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )


def _address(name: str, digest: Digest, **kwargs: Any) -> str:
    return f"{settings.SITE_ORIGIN}{languages.localized_url(name, digest.language, **kwargs)}"


def send_due(day: date | None = None) -> Sent:
    """Send what is due by a day, today by default; a mailbox that fails stops nobody else's mail and is tried again."""
    day, result = day or today(), Sent([], [])
    for digest in Digest.objects.due(day).select_related("user").order_by("pk"):
        name, before = digest.user.get_username(), digest.last_sent_on
        try:
            with translation.override(digest.language):
                found = waiting(digest.user)
            # Claimed before it is sent: two runs at once send one mail.
            if not found or not Digest.objects.filter(pk=digest.pk, last_sent_on=before).update(last_sent_on=day):
                continue
            message(digest, found).send()
            result.sent.append(name)
        except Exception:
            logger.warning("The mail about what waits could not be sent to %s.", name, exc_info=True)
            Digest.objects.filter(pk=digest.pk).update(last_sent_on=before)
            result.failed.append(name)
    return result
