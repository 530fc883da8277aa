"""The living page of components: each partial in every state, for whoever works on them. Not for the public."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from centers.choices import Status
from centers.figures import Verdict
from wpiforum import charts, maps
from wpiforum.charts import Bar, Dot, Figure, Link, Row, Span, Table
from wpiforum.facets import facets_of
from wpiforum.maps import Place
from wpiforum.provenance.dates import PartialDate, Validity
from wpiforum.provenance.models import Source
from wpiforum.seo import PageMeta

DAY = date(2026, 4, 17)


class SampleForm(forms.Form):
    """One field of each kind, the first with help, one optional, one wrong."""

    arrived = forms.DateField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("As on the stamp in the passport."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Status"), choices=Status.choices)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    several = forms.MultipleChoiceField(
        label=gettext_lazy("Kind"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )


class SampleFacets(forms.Form):
    """Two facets as a filter offers them."""

    cohort = forms.MultipleChoiceField(
        label=gettext_lazy("Cohort"),
        choices=[("2007", "FY2007"), ("2018", "FY2018")],
        widget=forms.CheckboxSelectMultiple,
    )
    status = forms.MultipleChoiceField(
        label=gettext_lazy("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )


class ComponentsView(TemplateView):
    """Staff see the page; with DEBUG everyone does; else it does not exist."""

    template_name = "wpiforum/components.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # DEBUG first: reading the user opens the session, which public pages never do.
        if not settings.DEBUG and not getattr(request.user, "is_staff", False):
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        response.headers["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = Source(title_ja="出典の例", title_en="An example source", url="https://www.example.org/")
        pages = Paginator(range(30), 10)
        return super().get_context_data(**kwargs) | {
            "page": PageMeta(_("Components"), is_indexed=False),
            "day": DAY,
            "long_text": _("Which requirement is known to be met, with figure, date and source."),
            "row": SimpleNamespace(source=source, as_of=PartialDate(date(2019, 2, 5), "day")),
            "undated": SimpleNamespace(source=source, as_of=None),
            "statuses": {Status.FUNDED: Validity.IN_FORCE, Status.EXTENDED: Validity.PLANNED},
            "academy": {Status.ACADEMY: Validity.LAST_KNOWN},
            "verdicts": list(Verdict),
            "views": [("table", _("Table")), ("cards", _("Cards"))],
            "view": "table",
            "is_paginated": True,
            "paginator": pages,
            "page_obj": pages.page(2),
            "form": SampleForm({"arrived": "", "kind": Status.FUNDED, "several": [Status.FUNDED]}),
            "empty_form": SampleForm(auto_id="new_%s"),
            "filter": SimpleNamespace(facets=facets_of(SampleFacets({"cohort": ["2018"]}))),
            "is_filtered": True,
            "complete_to": date(2019, 2, 5),
            "levels": ["info", "warn", "bad"],
            "kinds": ["", "funded", "extended", "academy", "good", "key", "warn", "bad", "unsure"],
            "figures": [_bars(), _series(), _timeline()],
            "maps": [_japan(), _world()],
            "table": Table((_("Center"), _("Figure")), [(Link("AIMR", "#tables"), "48%"), ("MANA", "≈ 45%")]),
        }


def _bars() -> Figure:
    rows = [
        Bar("AIMR", 48, "48%", "exact", 30, "30%", 100),
        Bar("MANA", 45, "≈ 45%", "about", 30, "30%", 100),
        Bar("Kavli IPMU", 50, "> 50%", "more_than", 30, "30%", 100),
        Bar("ELSI", 12, "12%", "exact", 90, "90%", 100),
    ]
    return charts.bars("sample-bars", _("Figure"), _("Figure"), rows, (_("Center"), _("Figure"), _("Asked")))


def _series() -> Figure:
    dots = [
        Dot(2008, "2008", 48, "48%"),
        Dot(2009, "2009", 60, "≈ 60%", "about"),
        Dot(2018, "2018", 50, "> 50%", "more_than"),
    ]
    columns = (_("Fiscal year"), _("Figure"))
    return charts.series(
        "sample-series", _("Figure"), _("Figure"), dots, columns, limit=30, limit_text="30%", scale=100
    )


def _timeline() -> Figure:
    rows = [
        Row("AIMR", [Span(2007, 2017, "grant"), Span(2017, 2028, "academy", 1, 2019)]),
        Row("Kavli IPMU", [Span(2007, 2017, "grant"), Span(2017, 2022, "extension", 0, 2019)]),
    ]
    table = Table((_("Center"), _("Support")), [("AIMR", "2007–2017"), ("Kavli IPMU", "2007–2022")])
    return charts.timeline(
        "sample-timeline",
        _("Cohorts and support periods"),
        _("Cohorts and support periods"),
        [("2007", rows)],
        [(2007, "2007"), (2017, "2017"), (2027, "2027")],
        table,
        first=2007,
        last=2028,
        now=2026.3,
        now_text="2026",
        keys=(("span--grant", _("support (grant)")), ("span--extension", _("extension of support"))),
    )


def _japan() -> Figure:
    places = [
        Place("AIMR", 38.254, 140.874, "#maps"),
        Place("IRCN", 35.712, 139.764, "#maps"),
        Place("ELSI", 35.602, 139.682, "#maps"),
    ]
    return maps.japan("sample-japan", _("Where the centers are."), _("Where the centers are."), places, Table((), []))


def _world() -> Figure:
    places = [Place("Cambridge", 52.2, 0.12, "#maps", "satellite"), Place("Solna", 59.35, 18.02, "#maps", "partner")]
    title = _("Satellites and partners")
    return maps.world(
        "sample-world", title, title, places, Table((), []), tell=lambda rows: ", ".join(str(row.name) for row in rows)
    )
