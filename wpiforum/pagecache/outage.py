"""What readers get while the database does not answer: the last copy with a sentence, or a page that says so."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override

from wpiforum import languages
from wpiforum.http import JAPAN
from wpiforum.pagecache.store import Copy

RETRY_SECONDS = 30
# Where the notices of a page stand (templates/base.html).
_BEFORE = b'<main id="main"'


def with_sentence(copy: Copy, path: str) -> Copy:
    """Return the copy that says when it was made and that it may have changed since; no cache keeps it."""
    if copy.stale is None:
        with override(languages.from_path(path)):
            sentence = render_to_string("components/_outage.html", {"made": copy.made_at.astimezone(JAPAN)})
        headers = {
            **copy.headers,
            "Cache-Control": "no-store",
            "CDN-Cache-Control": "no-store",
            "Warning": '110 - "Response is Stale"',
            "Cache-Status": "wpiforum; hit; detail=stale-if-error",
        }
        body = copy.body
        if headers.get("Content-Type", "").startswith("text/html"):
            body = body.replace(_BEFORE, sentence.encode() + _BEFORE, 1)
        copy.stale = Copy(body, headers, copy.version, copy.made_at, copy.good_until, copy.match)
    return copy.stale


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say in both languages that the page cannot be shown now; touches no database and no session."""
    headers = {"Cache-Control": "no-store", "Retry-After": str(RETRY_SECONDS)}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
