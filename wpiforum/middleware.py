"""Language by prefix alone, and one clear page for input that cannot be understood."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from wpiforum import languages
from wpiforum.http import SHARED_SECONDS, BadInput, is_private_address, is_public_page
from wpiforum.seo import PageMeta

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Activate the language the address names; without a prefix, what the browser asks for.

    Django's own LocaleMiddleware also reads a cookie; the public site has none, and the same address must
    give everyone the same page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = languages.from_path(request.path_info)
        code = prefix or languages.preferred(request.headers.get("Accept-Language", ""))
        with translation.override(code):
            request.LANGUAGE_CODE = code  # what the admin's templates read
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if prefix is None and response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language"])
        return response


class PageCacheMiddleware:
    """Say how long an answer may be kept, where the view does not: public pages briefly, all others not at all.

    Private addresses say so with every answer: even a redirect from /plan repeats the dates it was asked with.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_private_address(request):
            response.headers.setdefault("Cache-Control", "no-store")
        elif is_page and (response.status_code == 200 or response.status_code >= 400):
            keep = f"public, max-age=0, s-maxage={SHARED_SECONDS}, must-revalidate"
            response.headers.setdefault("Cache-Control", keep if is_public_page(request, response) else "no-store")
        return response


class BadInputMiddleware:
    """Turn BadInput into a page in the reader's language that says what to write instead."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, BadInput):
            return None
        context = {
            "problem": exception.sentence,
            "parameter": exception.parameter,
            "page": PageMeta(_("We could not read this address"), is_indexed=False),
        }
        # The address may hold a person's dates: no cache keeps it and no link passes it on.
        response = render(request, "400.html", context, status=400)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
