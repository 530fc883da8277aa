"""Staff pages of indicators and their observations."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from centers import figure_sheet
from centers.models import Indicator, Observation
from wpiforum.http import csv_response
from wpiforum.provenance.admin_base import EVIDENCE, PortalAdmin, UnconfirmedFilter, pair
from wpiforum.tables import Line, TableError, read, xlsx

_SALT = "centers.figure_sheet"
# A preview may be confirmed within the hour; what it shows is computed again then.
_PREVIEW_SECONDS = 3600


class SheetForm(forms.Form):
    """The file with figures."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))


@admin.register(Indicator)
class IndicatorAdmin(PortalAdmin):
    list_display = ("__str__", "key", "unit", "order")
    list_filter = ("unit",)
    search_fields = ("key", *pair("name"))
    fieldsets = ((None, {"fields": [pair("name"), pair("definition"), ("key", "unit", "order")]}),)


@admin.register(Observation)
class ObservationAdmin(PortalAdmin):
    list_display = ("center", "indicator", "fiscal_year", "figure", "as_of_on", "source")
    list_display_links = ("center", "figure")
    list_filter = ("indicator", "fiscal_year", "qualifier", "center", UnconfirmedFilter)
    list_select_related = ("source",)
    search_fields = (
        "center__acronym",
        "center__slug",
        *pair("indicator__name"),
        "indicator__key",
        "fiscal_year",
    )
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("center", "indicator", "source")
    fieldsets = (
        (None, {"fields": [("center", "indicator", "fiscal_year"), ("value", "qualifier"), pair("note")]}),
        EVIDENCE,
    )

    change_list_template = "admin/centers/observation/change_list.html"

    def get_urls(self) -> Any:
        own = [
            path("load/", self.admin_site.admin_view(self.load), name="centers_observation_load"),
            path("sheet.csv", self.admin_site.admin_view(self.sheet_csv), name="centers_observation_csv"),
            path("sheet.xlsx", self.admin_site.admin_view(self.sheet_xlsx), name="centers_observation_xlsx"),
        ]
        return own + super().get_urls()

    def sheet_csv(self, request: HttpRequest) -> HttpResponse:
        return csv_response("wpi-figures.csv", self._sheet(request))

    def sheet_xlsx(self, request: HttpRequest) -> HttpResponse:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(xlsx(self._sheet(request)), content_type=kind)
        response.headers["Content-Disposition"] = 'attachment; filename="wpi-figures.xlsx"'
        return response

    def _sheet(self, request: HttpRequest) -> list[list[object]]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).prefetch_related("center", "indicator", "source")
        return list(figure_sheet.rows_of(rows))

    def load(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do; take it when that is confirmed and still true."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return self._load_page(request, SheetForm(), [])
        if "lines" in request.POST:
            return self._take(request)
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._load_page(request, form, [])
        try:
            lines = read(form.cleaned_data["file"].read(), figure_sheet.COLUMNS, figure_sheet.REQUIRED)
        except TableError as error:
            form.add_error("file", error.sentence)
            return self._load_page(request, form, [])
        if not lines:
            form.add_error("file", _("The file has no rows below its first one."))
        return self._load_page(request, form, lines)

    def _load_page(self, request: HttpRequest, form: SheetForm, lines: list[Line]) -> HttpResponse:
        rows = self._rows(request, lines)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Load figures from a spreadsheet"),
            "form": form,
            "rows": [row for row in rows if not row.is_same],
            "summary": figure_sheet.summary(rows) if rows else "",
            "is_clean": bool(rows) and not any(row.problems for row in rows) and not all(row.is_same for row in rows),
            "lines": signing.dumps([lines, figure_sheet.digest(rows)], salt=_SALT, compress=True) if rows else "",
            "columns": [
                (headings[0], name in figure_sheet.REQUIRED) for name, headings in figure_sheet.COLUMNS.items()
            ],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/centers/observation/load.html", context)

    def _rows(self, request: HttpRequest, lines: list[Line]) -> list[figure_sheet.SheetRow]:
        """Read the lines; a figure of a center that this person may not edit is a problem of its row."""
        rows = figure_sheet.read_lines(lines)
        for row in rows:
            if row.row is not None and not self.has_change_permission(request, row.row):
                row.problems.append(gettext("You may not edit the figures of this center."))
        return rows

    def _take(self, request: HttpRequest) -> HttpResponse:
        try:
            packed, shown = signing.loads(request.POST["lines"], salt=_SALT, max_age=_PREVIEW_SECONDS)
        except signing.BadSignature:
            messages.error(request, _("This preview is no longer valid. Please send the file again."))
            return redirect("admin:centers_observation_load")
        lines = [Line(number, cells) for number, cells in packed]
        rows = self._rows(request, lines)
        if figure_sheet.digest(rows) != shown or any(row.problems for row in rows):
            messages.error(request, _("Nothing was saved: the figures changed meanwhile. This is how it stands now."))
            return self._load_page(request, SheetForm(), lines)
        added = {row.row.pk for row in rows if row.row is not None and row.is_new}
        saved = figure_sheet.save(rows)
        by: Any = request.user.pk
        for flag, some in (
            (ADDITION, [row for row in saved if row.pk in added]),
            (CHANGE, [row for row in saved if row.pk not in added]),
        ):
            LogEntry.objects.log_actions(by, some, flag, gettext("Loaded from a spreadsheet."))
        said = ngettext("%(count)d figure was saved.", "%(count)d figures were saved.", len(saved))
        messages.success(request, said % {"count": len(saved)})
        return redirect("admin:centers_observation_changelist")

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj: Observation) -> str:
        """The figure with its unit and, if it is not exact, its exactness."""
        figure = f"{obj.value.normalize():,f} {obj.indicator.get_unit_display()}"
        return figure if obj.qualifier == "exact" else f"{figure} ({obj.get_qualifier_display()})"
