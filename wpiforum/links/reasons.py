"""How a check of a link ended, in plain sentences for the staff."""

from typing import Any

from django.utils.translation import gettext as _

# The server answers, but keeps programs out: a person has to look.
UNCLEAR_STATUSES = frozenset({401, 402, 403, 405, 406, 407, 418, 429, 451, 999})


def sentence(code: str, details: dict[str, Any]) -> str:
    """Return what a result means, in the active language."""
    if code == "http":
        return _status(int(details["status"]))
    texts = {
        "fine": _("Answers as it should."),
        "moved": _("Moved for good to %(url)s."),
        "timeout": _("%(host)s did not answer within %(seconds)s s."),
        "dns": _("There is no server of the name %(host)s."),
        "connection": _("%(host)s does not accept a connection."),
        "tls": _("The secure connection to %(host)s failed; its certificate may have run out."),
        "protocol": _("What %(host)s answered could not be understood."),
        "circle": _("The redirects lead in a circle."),
        "hops": _("There were more than %(hops)s redirects."),
        "private": _("%(host)s leads into an inner network, which the portal does not ask."),
        "scheme": _("Only addresses that begin with https:// or http:// can be asked."),
        "port": _("The port %(port)s is none of the web (80, 443)."),
        "credentials": _("The address holds a user name or a password."),
        "malformed": _("This is not a complete web address."),
    }
    return texts.get(code, code) % details


def _status(status: int) -> str:
    if status == 404:
        text = _("The server does not know this page (%(status)d).")
    elif status == 410:
        text = _("The server says that this page is gone for good (%(status)d).")
    elif status == 429:
        text = _("The server wants to be asked less often (%(status)d). Please open the page yourself.")
    elif status in UNCLEAR_STATUSES:
        text = _("The server does not show this page to programs (%(status)d). Please open it yourself.")
    elif status >= 500:
        text = _("The server has a fault of its own (%(status)d).")
    else:
        text = _("The server did not give out the page (%(status)d).")
    return text % {"status": status}
