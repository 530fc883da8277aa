"""The points calculator of the highly skilled professional. What is told stands in the address and nowhere else."""

import unicodedata
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from onboarding import points
from onboarding.choices import Certainty, PointCounting, PointMeasure
from onboarding.models import FactPeriod, Guide, PointGroup, PointItem
from onboarding.models.facts import period_on
from onboarding.models.points import PASS_MARK
from onboarding.status_views import HIDDEN, PRIVATE, guides_crumb, own, status_crumb
from wpiforum.http import date_parameter, today
from wpiforum.remembering import remembered
from wpiforum.seo import PageMeta

TICKS = "has"
# The guide that explains the points, by its stable code.
_GUIDE = "G4-9"
# What a number can be at most; beyond it a slip of the finger is likelier.
_LIMITS = {PointMeasure.AGE: 120, PointMeasure.PAY: 10**11, PointMeasure.YEARS: 100}


class Field(NamedTuple):
    """A number that the calculator asks for: as typed, as understood, and what is wrong with it."""

    measure: PointMeasure
    label: str
    typed: str
    number: int | None
    error: str


class Row(NamedTuple):
    """A row of the table as the form shows it."""

    item: PointItem
    is_ticked: bool
    is_unsure: bool


def _field(request: HttpRequest, measure: PointMeasure) -> Field:
    """Read a number; full-width digits and separators are understood."""
    typed = request.GET.get(measure.value, "").strip()[:20]
    digits = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
    number = int(digits) if digits.isascii() and digits.isdecimal() else None
    if number is not None and number > _LIMITS[measure]:
        number = None
    error = _("Write a whole number in digits, such as 35 or 8,000,000.") if typed and number is None else ""
    return Field(measure, capfirst(str(measure.label)), typed, number, error)


def _pass_mark(day: date) -> tuple[int | None, FactPeriod | None]:
    rows = FactPeriod.objects.filter(fact__key=PASS_MARK, confirmed_at__isnull=False).select_related("source")
    period = period_on(rows, day)
    return (int(period.value) if period and period.value.isdecimal() else None), period


def _guides() -> list[Guide]:
    return list(Guide.objects.published().filter(code=_GUIDE).for_list())


def _form_group(group: PointGroup, fields: dict[str, Field], told: points.Told, day: date) -> dict[str, Any]:
    """Return a group with its rows of the day, and those that may have begun by then."""
    sure = set(points.in_force(group.items.all(), day))
    rows = [
        Row(item, item.key in told.has, item not in sure)
        for item in group.items.all()
        if item in sure or item.has_unknown_start_on(day)
    ]
    return {
        "group": group,
        "rows": rows,
        "field": fields.get(group.measure),
        "several": group.several_points if group.counting == PointCounting.SEVERAL else None,
    }


def _label(item: PointItem) -> str:
    return own(item, "label")


def _shown(row: points.GroupTally) -> dict[str, Any]:
    return {
        "group": row.group,
        "points": row.points,
        "counted": row.counted,
        "is_several": row.group.counting == PointCounting.SEVERAL and len(row.counted) > 1,
        "left": [(left.item, points.reason_text(left, _label)) for left in row.left],
    }


def _evidence(groups: list[PointGroup], day: date) -> dict[str, Any]:
    """Return the sources of the day's rows, their newest date, and whether all are official."""
    rows = [item for group in groups for item in points.in_force(group.items.all(), day)]
    dates = [item.as_of for item in rows if item.as_of]
    return {
        "sources": list({item.source_id: item.source for item in rows}.values()),
        "as_of": max(dates, default=None),
        "is_consistent": any(item.certainty != Certainty.OFFICIAL for item in rows),
    }


@method_decorator(never_cache, name="dispatch")
class PointsView(TemplateView):
    """A plain form and its count for academic research, (1)(a); `as_of` takes the table of that day."""

    template_name = "onboarding/status_points.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = date_parameter(self.request, "as_of")
        day = asked or today()
        groups = remembered(("point-groups",), lambda: list(PointGroup.objects.published().for_page()))
        fields = {measure.value: _field(self.request, measure) for measure in PointMeasure}
        ticked = {key for key in self.request.GET.getlist(TICKS) if key}
        known = {item.key for group in groups for item in group.items.all() if not group.measure}
        told = points.Told(
            {name: field.number for name, field in fields.items() if field.number is not None},
            frozenset(ticked & known),
        )
        errors = [field for field in fields.values() if field.error]
        is_outdated = not ticked <= known
        made = None if errors or is_outdated or told.is_empty else points.tally(groups, told, day=day)
        mark, mark_period = remembered(("pass-mark", day), lambda: _pass_mark(day))
        return super().get_context_data(**kwargs) | {
            "asked": asked,
            "day": day,
            "form": [_form_group(group, fields, told, day) for group in groups],
            "errors": errors,
            "is_outdated": is_outdated,
            "is_broken": bool(errors) or is_outdated,
            "made": made,
            "tally": [_shown(row) for row in made.groups if row.counted or row.left] if made else [],
            "mark": mark,
            "mark_period": mark_period,
            "short_of": max(mark - made.total, 0) if made and mark is not None else None,
            "guides": remembered(("points-guide",), _guides),
            "evidence": _evidence(groups, day),
            "page": PageMeta(
                _("Points of the highly skilled professional"),
                _("Count the points for academic research: which rows count, which do not, and why."),
                (guides_crumb(), status_crumb()),
                card="plan",
                is_indexed=not self.request.GET,
            ),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        headers = PRIVATE | (HIDDEN if self.request.GET else {})
        code = 400 if context["is_broken"] else 200
        return super().render_to_response(context, headers=headers, status=code, **kwargs)
