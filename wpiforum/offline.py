"""What works without a network: the service worker, the web app manifest, the pages kept offline.

The worker keeps the pages that the apps name (`onboarding/offline.py`) with the files they load. Its text holds a
digest of those pages as they are now: any change makes it another worker, which browsers fetch at the next visit.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

import onboarding.offline
from wpiforum import languages

PAGES = (*onboarding.offline.PAGES,)
_WORKER = Path(__file__).parent / "worker"
_FRESH = {"Cache-Control": "no-cache"}


def _rendered(request: HttpRequest, path: str) -> str:
    """Return a page as an unknown reader gets it at this host."""
    environ = {name: value for name, value in request.META.items() if name != "HTTP_COOKIE"}
    asked: Any = type(request)({**environ, "PATH_INFO": path, "QUERY_STRING": "", "REQUEST_METHOD": "GET"})  # type: ignore[call-arg]  # a WSGIRequest
    with override(languages.from_path(path)):
        asked.resolver_match = match = resolve(path)
        response: Any = match.func(asked, *match.args, **match.kwargs)
        return str(response.render().content.decode())


def _files(html: str) -> list[str]:
    """Return the styles and scripts that a page loads, by the names they have now."""
    return re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"]+\.(?:css|js|svg))"', html)


def kept(request: HttpRequest) -> dict[str, Any]:
    """Return what the worker keeps: pages in every language, their files, and the digest of it all."""
    paths = [languages.localized_url(name, code) for name in PAGES for code in languages.CODES]
    pages = [_rendered(request, path) for path in paths]
    files = sorted({name for html in pages for name in _files(html)})
    digest = hashlib.sha256(json.dumps([pages, files]).encode()).hexdigest()[:16]
    return {"version": digest, "pages": paths, "files": files}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker or, with OFFLINE_PAGES off, one that removes itself and what was kept."""
    if settings.OFFLINE_PAGES:
        text = f"const KEPT = {json.dumps(kept(request))};\n" + (_WORKER / "keep.js").read_text(encoding="utf-8")
    else:
        text = (_WORKER / "leave.js").read_text(encoding="utf-8")
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=_FRESH)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest: one for both languages, as one address has one answer."""
    icons = [
        {"src": static("wpiforum/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("wpiforum/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("wpiforum/icon-512.png"), "sizes": "512x512", "type": "image/png"},
    ]
    about = languages.in_each(lambda: _("Japan's WPI research centers, and what to do when you come to Japan."))
    content = {
        "id": "/",
        "name": "WPI Forum",
        "short_name": "WPI Forum",
        "description": " / ".join(about.values()),
        "lang": languages.DEFAULT,
        "start_url": reverse("root"),
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#0017c1",
        "background_color": "#ffffff",
        "icons": icons,
        "shortcuts": [
            {"name": name, "url": languages.localized_url("onboarding:emergency", code)}
            for code, name in languages.in_each(lambda: _("Emergency")).items()
        ],
    }
    return JsonResponse(
        content,
        content_type="application/manifest+json",
        headers={**_FRESH, "Content-Language": ", ".join(languages.CODES)},
        json_dumps_params={"ensure_ascii": False},
    )
