"""Public pages of the register."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView, View

from centers import board, detail, drawings, linked
from centers.changes import differences
from centers.choices import ProgramPart, SatelliteKind, Theme
from centers.filters import CenterFilter
from centers.models import Center, Cohort, Donation, Person, Practice, ProgramPage, Satellite
from centers.models.center import CenterQuerySet
from wpiforum import languages
from wpiforum.http import BadInput, csv_response, date_parameter, today
from wpiforum.paging import PAGE_SIZE, LongPaginator, RememberedRowsMixin, WidePaginator
from wpiforum.provenance.wording import day_text
from wpiforum.publishing.models import published_q
from wpiforum.remembering import RememberedDetailMixin, RememberedPageMixin, remembered
from wpiforum.seo import Crumb, Feed, PageMeta

# The register's evidence ends here; today's answer says so and links to this day.
COMPLETE_TO = date(2019, 2, 5)
VIEWS = ("table", "cards", "map", "timeline")


class AsOfMixin:
    """Reads `as_of`; without it the answer is for today in Japan, labelled with how far the register reaches.

    `parameters` of a view are those it reads; with any other the page cache leaves the request alone.
    """

    parameters: ClassVar[tuple[str, ...]] = ("as_of",)
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.asked = date_parameter(request, "as_of")
        self.day = self.asked or today()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"day": self.day, "asked": self.asked, "complete_to": COMPLETE_TO}


def _crumb(label: str, name: str) -> Crumb:
    return Crumb(label, reverse(name))


class CenterListView(AsOfMixin, RememberedRowsMixin, ListView):
    parameters = ("as_of", "page", "view", *CenterFilter.base_filters)
    template_name = "centers/center_list.html"
    context_object_name = "centers"
    paginate_by = PAGE_SIZE
    paginator_class = WidePaginator

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.view = request.GET.get("view") or VIEWS[0]
        if self.view not in VIEWS:
            raise BadInput(_("The register can be shown as table, cards, map or timeline."), parameter="view")

    @cached_property
    def _filter(self) -> CenterFilter:
        queryset: CenterQuerySet = Center.objects.published().in_register_on(self.day)
        return CenterFilter(self.request.GET, queryset=queryset, day=self.day)

    def rows(self) -> QuerySet[Center]:
        if not self._filter.is_valid():
            name = next(iter(self._filter.form.errors))
            raise BadInput(
                _("The register has no such value for “%(facet)s”. Choose from the list.")
                % {"facet": self._filter.form.fields[name].label},
                parameter=name,
            )
        return self._filter.qs.for_register().by_cohort()

    def prepare(self, rows: list[Any]) -> None:
        for center in rows:
            center.on = detail.row_on(center, self.day)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Register of centers")
        context = super().get_context_data(**kwargs)
        centers = list(context["centers"])
        labels = (_("Table"), _("Cards"), _("Map"), _("Timeline"))
        return context | {
            "view": self.view,
            "views": list(zip(VIEWS, labels, strict=True)),
            # Made where the page shows them.
            "filter": lambda: self._filter,
            "map": partial(drawings.centers_map, centers, self.asked),
            "timeline": partial(drawings.timeline, centers, self.day, self.asked),
            "is_filtered": any(self.request.GET.getlist(name) for name in CenterFilter.base_filters),
            "page": _list_page(
                self.request, title, _("All WPI centers with cohort, status, host and director on any date."), "centers"
            ),
        }


def _list_page(request: HttpRequest, title: str, description: str, name: str) -> PageMeta:
    """Return what a list says of itself: also the data behind it, for programs."""
    files = ((f"/api/v1/{name}", "application/json"), (f"/data/{name}.csv", "text/csv"))
    return PageMeta(title, description, nodes=(linked.listing(title, description, request, *files),), card="centers")


class CenterDetailView(AsOfMixin, RememberedPageMixin, DetailView):
    template_name = "centers/center_detail.html"
    context_object_name = "center"

    def get_queryset(self) -> QuerySet[Center]:
        return Center.objects.published().select_related("cohort", "host", "field", "source")

    def get_object(self, queryset: Any = None) -> Center:
        def read() -> Center:
            center = super(CenterDetailView, self).get_object(queryset)
            detail.load(center)
            return center

        return remembered(("center", self.kwargs["slug"]), read)

    def shown(self) -> dict[str, Any]:
        center: Center = self.object
        found = detail.passages(center)
        parts = {part: [row for row in found if row.part == part] for part in ("section", "practice", "donation")}
        on = detail.row_on(center, self.day)
        cells = detail.cells(center, self.day)
        return {
            "on": on,
            "map": drawings.center_map(center),
            "verdicts": drawings.verdict_bars(cells),
            "series": drawings.series(center.observations.all(), cells),
            "parts": parts,
            "board": cells,
            "satellites": [row for row in center.satellites.all() if row.is_valid_on(self.day)],
            "page": PageMeta(
                f"{center.acronym} – {on.name}",
                _("%(name)s, %(host)s: field, director, support, figures and satellites.")
                % {"name": on.name, "host": on.host},
                (_crumb(_("Centers"), "centers:list"),),
                languages=detail.languages_of(on.name),
                nodes=(linked.center(center, on, self.day, self.request),),
                card="center",
                feeds=(_feed(center),),
            ),
        }


def _feed(center: Center) -> Feed:
    title = _("WPI Forum: changes of %(page)s") % {"page": center}
    return Feed(title, reverse("feed-center", args=[languages.current(), center.slug]))


class CompareView(RememberedPageMixin, TemplateView):
    parameters = ("from", "to")
    template_name = "centers/compare.html"

    def shown(self) -> dict[str, Any]:
        first = date_parameter(self.request, "from") or COMPLETE_TO
        second = date_parameter(self.request, "to") or today()
        if first > second:
            raise BadInput(
                _("The first date (%(first)s) is after the second (%(second)s). Exchange them.")
                % {"first": day_text(first), "second": day_text(second)},
                parameter="from",
            )
        centers = Center.objects.published().for_register().prefetch_related(_satellites()).by_cohort()
        found = [(center, differences(center, first, second)) for center in centers]
        return {
            "first": first,
            "second": second,
            "found": [(center, rows) for center, rows in found if rows],
            "page": PageMeta(
                _("Compare two dates"),
                _("What differs in the register between two dates."),
                (_crumb(_("Centers"), "centers:list"),),
                card="centers",
            ),
        }


def _satellites() -> Prefetch:
    return Prefetch("satellites", Satellite.objects.select_related("institution"))


class BoardView(AsOfMixin, RememberedPageMixin, TemplateView):
    template_name = "centers/board.html"

    def shown(self) -> dict[str, Any]:
        found = board.load(self.day)
        rows, sources = board.with_sources(found)
        title = _("Requirement board")
        description = _("Which center is known to meet which requirement of the program, with figure, date and source.")
        files = (("/api/v1/board", "application/json"), (reverse("centers:board-csv"), "text/csv"))
        return {
            "board": found,
            "rows": rows,
            "sources": sources,
            "charts": drawings.board_bars(found),
            "page": PageMeta(
                title,
                description,
                (_crumb(_("Centers"), "centers:list"),),
                nodes=(linked.listing(title, description, self.request, *files),),
                card="centers",
            ),
        }


class BoardCsvView(View):
    parameters = ("as_of",)

    def get(self, request: HttpRequest) -> HttpResponse:
        day = date_parameter(request, "as_of") or today()
        return csv_response(f"wpi-requirements-{day}.csv", board.csv_rows(board.load(day), day))


class DirectorListView(AsOfMixin, RememberedRowsMixin, ListView):
    parameters = ("as_of", "page")
    template_name = "centers/director_list.html"
    context_object_name = "people"
    paginate_by = PAGE_SIZE
    paginator_class = LongPaginator

    def rows(self) -> QuerySet[Person]:
        return Person.objects.published().directors().for_directory().by_name(languages.current())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page": _list_page(
                self.request,
                _("Directors"),
                _("The people who lead or have led WPI centers, with their terms."),
                "people",
            )._replace(card="people"),
        }


class DirectorDetailView(AsOfMixin, RememberedDetailMixin, DetailView):
    template_name = "centers/director_detail.html"
    context_object_name = "person"

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.published().directors().for_directory(sources=True)

    def shown(self) -> dict[str, Any]:
        person: Person = self.object
        return {
            "page": PageMeta(
                str(person),
                _("%(name)s in the register of WPI centers.") % {"name": person},
                (_crumb(_("Directors"), "centers:directors"),),
                languages=detail.languages_of(person),
                nodes=(linked.person(person, self.day, self.request),),
                card="people",
            ),
        }


class SatelliteListView(AsOfMixin, RememberedRowsMixin, ListView):
    parameters = ("as_of", "page")
    template_name = "centers/satellite_list.html"
    context_object_name = "satellites"
    paginate_by = PAGE_SIZE
    paginator_class = LongPaginator

    def rows(self) -> QuerySet[Satellite]:
        return Satellite.objects.published_centers().valid_on(self.day).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "map": partial(drawings.satellites_map, list(context["satellites"])),
            "kinds": SatelliteKind,
            "page": _list_page(
                self.request,
                _("Satellites and partners"),
                _("Institutions in Japan and abroad that WPI centers work with."),
                "satellites",
            ),
        }


class ProgramView(RememberedPageMixin, TemplateView):
    parameters = ()
    template_name = "centers/program.html"

    def shown(self) -> dict[str, Any]:
        program = ProgramPage.objects.published().filter(slug="program").first()
        items = list(program.items.select_related("source")) if program else []
        return {
            "program": program,
            "parts": [
                (part, [item for item in items if item.part == part])
                for part in ProgramPart
                if any(item.part == part for item in items)
            ],
            "cohorts": list(Cohort.objects.select_related("source").prefetch_related("requirements")),
            "donations": list(Donation.objects.filter(published_q("center__")).select_related("center", "source")),
            "page": PageMeta(
                _("The WPI program"),
                _("Purpose, missions, requirements, support, evaluation and outcomes of the program."),
                card="program",
            ),
        }


class PracticeListView(RememberedPageMixin, TemplateView):
    parameters = ()
    template_name = "centers/practice_list.html"

    def shown(self) -> dict[str, Any]:
        practices = [
            row
            for row in Practice.objects.published().with_warnings().select_related("center", "source")
            if row.center is None or row.center.is_published()
        ]
        return {
            "themes": [
                (theme, [row for row in practices if row.theme == theme])
                for theme in Theme
                if any(row.theme == theme for row in practices)
            ],
            "page": PageMeta(
                _("Practices"),
                _("What the program and its centers do that others can learn from."),
                (_crumb(_("The WPI program"), "centers:program"),),
                card="program",
            ),
        }
