"""Home, pages about the site, sources, news, errors and the redirect of `/`."""

from itertools import groupby, islice
from typing import Any

from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import ListView, TemplateView

from centers import drawings
from centers.models import Center
from centers.news import events
from centers.views import COMPLETE_TO
from wpiforum import jsonld, languages, moved
from wpiforum.http import today
from wpiforum.paging import PAGE_SIZE, LongPaginator, Read, RememberedRowsMixin, UncountedPaginator
from wpiforum.provenance.loading import contradictions, is_public
from wpiforum.provenance.models import Source
from wpiforum.publishing import preview
from wpiforum.remembering import RememberedPageMixin
from wpiforum.seo import Crumb, PageMeta

NEWS_ON_HOME = 5
# The home page is no list: with more centers it shows the latest and leads to the register.
CENTERS_ON_HOME = 20


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Send a reader to the language the browser asks for; nothing else decides."""
    code = languages.preferred(request.headers.get("Accept-Language", ""))
    response = HttpResponseRedirect(f"/{code}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for an icon on their own (for a CSV, for one) to the icon of the pages."""
    return HttpResponseRedirect(static("wpiforum/icon.svg"), headers={"Cache-Control": "public, max-age=86400"})


class HomeView(TemplateView):
    parameters = ()
    template_name = "wpiforum/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "register": _Register(),
            "complete_to": COMPLETE_TO,
            "page": PageMeta(
                _("WPI Forum"),
                _("Japan's WPI research centers, their directors and satellites, and what they share."),
                nodes=(_site(self.request),),
            ),
        }


class _Register:
    """What the home page says of the register; read where the template shows it, which may remember its pieces."""

    @cached_property
    def _latest(self) -> list[Any]:
        rows = Center.objects.published().select_related("cohort").prefetch_related("names")
        return list(rows.by_cohort().reverse()[: CENTERS_ON_HOME + 1])

    @cached_property
    def centers(self) -> list[Any]:
        day, centers = today(), self._latest[:CENTERS_ON_HOME][::-1]
        for center in centers:
            center.name = center.name_on(day)  # what the template reads
        return centers

    def is_part(self) -> bool:
        return len(self._latest) > CENTERS_ON_HOME

    def map(self) -> Any:
        return drawings.centers_map(self.centers)

    def events(self) -> list[Any]:
        return list(islice(events(today(), is_certain=True), NEWS_ON_HOME))


def _site(request: HttpRequest) -> jsonld.Node:
    origin = languages.absolute("/", request)
    return {"@id": f"{origin}#website"} | jsonld.node(
        "WebSite",
        name="WPI Forum",
        url=languages.absolute(reverse("home"), request),
        inLanguage=languages.current(),
        publisher=jsonld.publisher(origin),
    )


class NewsView(RememberedRowsMixin, ListView):
    parameters = ("page",)
    template_name = "wpiforum/news.html"
    paginate_by = PAGE_SIZE
    paginator_class = UncountedPaginator

    def rows(self) -> Any:
        return Read(lambda: events(today()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        years = groupby(context["object_list"], key=lambda event: event.on.value.year)
        return context | {
            "years": [(year, list(found)) for year, found in years],
            "complete_to": COMPLETE_TO,
            "page": PageMeta(_("News"), _("Dated changes in the register, newest first.")),
        }


class SourcesView(RememberedRowsMixin, ListView):
    """Where sources disagree, and the documents in pages, those that statements rest on apart from the others."""

    parameters = ("page",)
    template_name = "wpiforum/sources.html"
    paginate_by = PAGE_SIZE
    paginator_class = LongPaginator

    def rows(self) -> QuerySet[Source]:
        return Source.objects.with_is_cited().exclude(title_ja="", title_en="").order_by("key")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context["object_list"]
        return context | {
            # Made where the page shows them.
            "groups": _disagreements,
            "documents": [
                (_("Documents that statements of this site rest on"), [row for row in rows if row.is_cited]),
                (_("Documents on file that no statement rests on"), [row for row in rows if not row.is_cited]),
            ],
            "page": PageMeta(
                _("Sources and corrections"),
                _("The documents this site rests on, and where our text of them was corrected."),
            ),
        }


def _disagreements() -> list[tuple[Any, str, Any]]:
    """Return what sources disagree on: the row, the field's name and the statements."""
    return [
        (subject, _field_label(subject, field), claims)
        for subject, field, claims in contradictions()
        if subject is not None and is_public(subject)
    ]


def _field_label(subject: Any, field: str) -> str:
    """Return a field's name as the reader's language calls it, without the language suffix of its column."""
    base = field.rsplit("_", 1)[0] if field.rsplit("_", 1)[-1] in languages.CODES else field
    return str(subject._meta.get_field(base).verbose_name)


class AboutView(RememberedPageMixin, TemplateView):
    """The fixed pages about the site; their text lives in templates/wpiforum/about/<language>/."""

    parameters = ()
    page_key = "about"

    def get_template_names(self) -> list[str]:
        return [f"wpiforum/about/{languages.current()}/{self.page_key}.html"]

    def shown(self) -> dict[str, Any]:
        titles = {
            "about": _("About this site"),
            "privacy": _("Privacy"),
            "terms": _("Terms of use"),
            "accessibility": _("Accessibility"),
            "contact": _("Contact"),
            "data": _("Reuse of the data"),
        }
        crumbs = () if self.page_key == "about" else (Crumb(titles["about"], reverse("about")),)
        return {
            "complete_to": COMPLETE_TO,
            "about_pages": [(reverse(key), title) for key, title in titles.items()],
            "page": PageMeta(titles[self.page_key], crumbs=crumbs),
        }


@require_safe
def preview_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a page as its draft would make it, to whoever holds the signed address."""
    return preview.answer(request, token)


def _error(request: HttpRequest, status: int, title: str) -> HttpResponse:
    return render(request, f"{status}.html", {"page": PageMeta(title, is_indexed=False)}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # The usual page prints the address asked for, which is not ours, or reads its query, which cannot be read.
    if isinstance(exception, DisallowedHost | TooManyFieldsSent):
        return HttpResponseBadRequest(
            _("The request could not be understood."),
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )
    return _error(request, 400, _("We could not read this address"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, _("You may not do this"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Lead to the new address of what was renamed, say why a page was withdrawn, or that there is none."""
    if (found := moved.answer(request)) is not None:
        return found
    return _error(request, 404, _("There is no page at this address"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say in both languages that something failed; touches no database, no session and no collected static file."""
    # Without the request no context processor runs, so nothing that failed can fail again here.
    return HttpResponseServerError(render_to_string("500.html"))
