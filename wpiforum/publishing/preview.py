"""Previews for people without an account: a signed address that ends, the real page, never kept, never indexed."""

from copy import copy
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from wpiforum import languages
from wpiforum.publishing import workflow
from wpiforum.publishing.models import published_q
from wpiforum.publishing.writing import pretend_draft, pretended

SALT = "wpiforum.preview"
MAX_AGE = 7 * 24 * 60 * 60  # seconds; long enough for a colleague abroad to answer


def token(row: Any) -> str:
    """Return the signed name of a row's preview; it holds for a week."""
    kind = ContentType.objects.get_for_model(row)
    return signing.dumps([kind.pk, str(row.pk)], salt=SALT)


def addresses(row: Any, request: HttpRequest) -> dict[str, str] | None:
    """Return the preview's address in each language; None for rows without a page."""
    if public_path(row) is None:
        return None
    name = token(row)
    return {
        code: languages.absolute(languages.localized_url("preview", code, token=name), request)
        for code in languages.CODES
    }


def public_path(row: Any) -> str | None:
    """Return the address of the page a row appears on in the active language."""
    if hasattr(row, "get_absolute_url"):
        return str(row.get_absolute_url()).partition("#")[0]
    return reverse(row.page_name) if row.page_name else None


def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Return the public page of a row as its draft would make it; raise Http404 for a token that is wrong or old."""
    try:
        kind, key = signing.loads(name, salt=SALT, max_age=MAX_AGE)
        row: Any = ContentType.objects.get_for_id(kind).get_object_for_this_type(pk=key)
    except (signing.BadSignature, LookupError, ValueError) as error:
        raise Http404 from error
    except Exception as error:  # the row has been deleted since
        if type(error).__name__ == "DoesNotExist":
            raise Http404 from error
        raise
    with pretended():
        pretend_draft(row, workflow.open_revision(row))
        if not row.is_published():
            type(row)._base_manager.filter(pk=row.pk).exclude(published_q()).update(
                live_from="2000-01-01T00:00:00Z", live_until=None
            )
        row = type(row)._base_manager.get(pk=row.pk)
        path = public_path(row)
        if path is None:
            raise Http404
        response = _page(request, path, [(row.code, row.own_name, _own(name, row.code)) for row in languages.LANGUAGES])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _own(name: str, code: str) -> str:
    with override(code):
        return reverse("preview", kwargs={"token": name})


def _page(request: HttpRequest, path: str, switch: list[tuple[str, str, str]]) -> HttpResponse:
    """Draw the public page at a path for this request; `switch` leads to the preview in each language."""
    inner: Any = copy(request)
    inner.path = inner.path_info = path
    inner.GET = QueryDict("")
    inner.META = {**request.META, "QUERY_STRING": "", "PATH_INFO": path}
    inner.preview = switch
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise Http404 from error
    inner.resolver_match = match
    response = match.func(inner, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response
