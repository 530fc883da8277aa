"""A guide or a step inside another site's page: the page for its frame, and oEmbed 1.0, which says how to put it there.

What a center shows of ours so stays current, with date and source, instead of being copied. These pages alone may be
framed by anybody; they set no cookie, run no script, and have nothing to press but links that open outside the frame.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.csp import CSP
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from onboarding import pages
from onboarding.models import Guide, Step
from wpiforum import languages, moved
from wpiforum.http import today
from wpiforum.opendata.problems import problem
from wpiforum.publishing.models import Withdrawal
from wpiforum.remembering import remembered
from wpiforum.seo import PageMeta

# What fits most pages; a reader's site may ask for less.
WIDTH, HEIGHT = 640, 720
_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "script-src": [CSP.NONE], "frame-ancestors": ["*"]}
# How long a site that asked may keep the answer, in seconds: the frame itself is always current.
_KEEP = 86_400


def _framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let any site show the answer in a frame, what is gone too; a wrong language is no address."""

    @require_safe
    @csp_override(_POLICY)
    @xframe_options_exempt
    @wraps(view)
    def framed(request: HttpRequest, code: str, **names: str) -> HttpResponse:
        if code not in languages.CODES:
            raise Http404
        try:
            return view(request, code, **names)
        except Http404:
            return _missing(request)

    return framed


def _missing(request: HttpRequest) -> HttpResponse:
    """Lead to the new address, or say in the frame why there is nothing."""
    found = moved.find(request)
    if isinstance(found, str):
        return HttpResponsePermanentRedirect(found)
    status = 410 if isinstance(found, Withdrawal) else 404
    return render(request, "onboarding/embed_gone.html", {"withdrawal": found}, status=status)


def _guide(topic: str, slug: str) -> Guide:
    guides = Guide.objects.published().with_warnings().select_related("topic")
    found = guides.filter(topic__slug=topic, slug=slug).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, code: str, topic: str, slug: str, anchor: str = "") -> HttpResponse:
    def read() -> dict[str, Any]:
        guide = _guide(topic, slug)
        own = code if getattr(guide, f"title_{code}") else languages.other(code)
        shown = pages.load_guide(guide, today(), (own,), links=False)
        pairs = [pair for pair in shown.pairs if not anchor or pair.step.slug == anchor]
        if not pairs:
            raise Http404
        return {
            "guide": guide,
            "own": own,
            "pairs": pairs,
            "anchor": anchor,
            "page": PageMeta(getattr(guide, f"title_{own}"), languages=(own,), is_indexed=False),
            "address": languages.absolute(f"{guide.get_absolute_url()}{f'#{anchor}' if anchor else ''}", request),
        }

    return render(request, "onboarding/embed.html", remembered(("embed", request.get_full_path()), read))


@_framed
def guide(request: HttpRequest, code: str, topic: str, slug: str) -> HttpResponse:
    """Show a guide in a frame."""
    return _page(request, code, topic, slug)


@_framed
def step(request: HttpRequest, code: str, topic: str, guide: str, step: str) -> HttpResponse:
    """Show one step of a guide in a frame."""
    return _page(request, code, topic, guide, step)


def _named(request: HttpRequest, address: str) -> tuple[str, Guide, str] | None:
    """Return language, guide and step (or none) that an address of ours names; None for every other address."""
    parts = urlsplit(address)
    code = languages.from_path(parts.path)
    origin = urlsplit(languages.absolute("/", request))
    if code is None or parts.scheme not in {"http", "https"} or parts.netloc != origin.netloc:
        return None
    with translation.override(code):
        try:
            match = resolve(parts.path)
        except Resolver404:
            return None
    names = match.kwargs
    wanted = {
        "onboarding:guide": ("slug", parts.fragment),
        "embed-guide": ("slug", ""),
        "onboarding:sheet": ("guide", names.get("step", "")),
        "embed-step": ("guide", names.get("step", "")),
    }.get(match.view_name)
    if wanted is None:
        return None
    guide = Guide.objects.published().select_related("topic").filter(
        topic__slug=names["topic"], slug=names[wanted[0]]
    ).first()  # fmt: skip
    if guide is None:
        return None
    # A fragment that names no step is a place on the page, and the page is what is meant.
    is_step = bool(wanted[1]) and Step.objects.filter(guide=guide, slug=wanted[1]).exists()
    if wanted[1] and not is_step and match.view_name != "onboarding:guide":
        return None
    return code, guide, wanted[1] if is_step else ""


def _size(request: HttpRequest, name: str, usual: int) -> int:
    """Return the size a site asks for, at most the usual one; raise ValueError."""
    text = request.GET.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()) or int(text[:6]) == 0:
        raise ValueError(name)
    return min(int(text[:6]), usual)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Say how to embed the page at `url` (oEmbed 1.0): a rich object, in JSON."""
    if request.GET.get("format", "json") != "json":
        return problem(request, 501, _("This answers in JSON only."))
    address = request.GET.get("url", "")
    if not address:
        return problem(request, 400, _("Name the page to embed in “url”."))
    try:
        width, height = _size(request, "maxwidth", WIDTH), _size(request, "maxheight", HEIGHT)
        found = _named(request, address)
    except ValueError:  # a size that is no number, or an address that is none
        return problem(request, 400, _("Write sizes as whole numbers of pixels, and “url” as a full address."))
    if found is None:
        return problem(request, 404, _("Only public guides and their steps can be embedded."))
    code, row, anchor = found
    title = getattr(row, f"title_{code}") or str(row)
    place = (code, row.topic.slug, row.slug, anchor) if anchor else (code, row.topic.slug, row.slug)
    source = languages.absolute(reverse("embed-step" if anchor else "embed-guide", args=place), request)
    content: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "WPI Forum",
        "provider_url": languages.absolute("/", request),
        "cache_age": _KEEP,
        "width": width,
        "height": height,
        "html": frame(source, title, width, height),
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Language"] = code
    return response


def frame(source: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the markup that shows a page of ours on another site."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>', source, title, width, height
    )
