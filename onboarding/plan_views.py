"""The plan's page and its calendar. Neither is stored, cached or logged with its query."""

import html
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from onboarding import plan
from onboarding.calendar import Writer, build
from onboarding.choices import Direction, Event, Role, RuleKind, Stage
from onboarding.models import Step
from onboarding.pages import renderers
from onboarding.plan import Party, Position
from onboarding.rendering import Renderer
from onboarding.rules import counting_text, when_text
from wpiforum import languages
from wpiforum.http import today
from wpiforum.remembering import remembered
from wpiforum.seo import Crumb, PageMeta
from wpiforum.templatetags.page import text

# The address holds a person's dates: no other site may learn it from a link, and no search engine keep it.
_PRIVATE = {"Referrer-Policy": "no-referrer"}
_UNLISTED = {"X-Robots-Tag": "noindex"}

VIEWS = {
    plan.View.ALL: lambda: _("Everyone"),
    plan.View.RESEARCHER: lambda: _("Researcher"),
    plan.View.FAMILY: lambda: _("Family"),
    plan.View.HOST: lambda: _("Host office"),
}
PARTIES = {
    Party.OWN: lambda: _("Researcher and family"),
    Party.TOGETHER: lambda: _("Together: newcomer and host"),
    Party.HOST: lambda: _("Host office"),
}
# The form asks by life situation; dates of the same situation stand together.
FORM = (
    (lambda: _("Coming to Japan"), (Event.ISSUED, Event.ARRIVED, Event.MOVED_IN, Event.STARTED, Event.PAID)),
    (lambda: _("Living in Japan"), (Event.STAY_END, Event.BORN, Event.MOVED, Event.LOST_CARD, Event.ABSENT_FROM)),
    (lambda: _("Changing or leaving"), (Event.CHANGED_HOST, Event.CONTRACT_END, Event.MOVED_OUT, Event.DEPARTS)),
)


@method_decorator(never_cache, name="dispatch")
class PlanView(TemplateView):
    template_name = "onboarding/plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        situation = plan.read(self.request)
        day = today()
        made = plan.make([] if situation.is_empty else _steps(), situation, today=day)
        shown = _shown(made, situation, day)
        missed = [row for row in shown if row["tone"] == "bad"]
        return super().get_context_data(**kwargs) | {
            "situation": situation,
            "day": day,
            "form": [(title(), [(event, situation.events.get(event)) for event in events]) for title, events in FORM],
            "told": [(event, situation.events[event]) for event in plan.EVENTS if event in situation.events],
            "disordered": plan.disordered(situation.events),
            "role": Role(situation.role).label if situation.role else "",
            "roles": Role,
            "views": [
                (view, label(), f"{self.request.path}?{situation.query(**_for(view))}") for view, label in VIEWS.items()
            ],
            "before": [row for row in shown if row["item"].due.act_by < day],
            "ahead": [row for row in shown if row["item"].due.act_by >= day],
            "stages": _grouped(shown),
            "waiting": made.waiting,
            "missed": missed,
            "is_provisional": any(row["item"].due.is_provisional for row in shown),
            "files": [_file(self.request, situation, view, label()) for view, label in VIEWS.items()],
            "page": PageMeta(
                _("Dated plan"),
                _("Your own list of steps with dates, from the days you enter. Nothing is stored."),
                (Crumb(_("Guides"), reverse("onboarding:guides")),),
                card="plan",
                is_indexed=situation.is_empty,
            ),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        headers = _PRIVATE if context["situation"].is_empty else _PRIVATE | _UNLISTED
        return super().render_to_response(context, headers=headers, **kwargs)


def _steps() -> list[Step]:
    """Return all public timed steps, remembered: they are the same for everybody."""
    return remembered(("plan-steps",), lambda: list(Step.objects.for_plan()))


def _texts(steps: list[Step], day: date) -> dict[str, Renderer]:
    """Return what renders the steps' texts; remembered by which steps they are, which several plans share."""

    def make() -> dict[str, Renderer]:
        return renderers(steps, day, languages.CODES, None, links=False)[0]

    return remembered(("plan-texts", day, frozenset(step.pk for step in steps)), make)


def _for(view: plan.View) -> dict[str, str]:
    return {"for": "" if view == plan.View.ALL else view.value}


def _file(request: HttpRequest, situation: plan.Situation, view: plan.View, label: str) -> tuple[str, str, str]:
    """Return the label of a calendar, its file's address and the one to subscribe to."""
    path = f"{reverse('plan-ics')}?{situation.query(**_for(view))}"
    _scheme, rest = languages.absolute(path, request).split("://", 1)
    return label, path, f"webcal://{rest}"


def _grouped(shown: list[dict[str, Any]]) -> list[tuple[Stage, list[tuple[str, list[dict[str, Any]]]]]]:
    """Return the rows by stage and, inside, by who acts; empty groups are left out."""
    found = []
    for stage in Stage:
        parties = [
            (label(), [row for row in shown if row["item"].stage == stage and row["item"].party == party])
            for party, label in PARTIES.items()
        ]
        if any(rows for _label, rows in parties):
            found.append((stage, [(label, rows) for label, rows in parties if rows]))
    return found


def _line(made: dict[str, Renderer], step: Step, field: str) -> SafeString:
    """Return a line of a step in the reader's language, else the original marked with its language."""
    own = languages.current()
    for code in (own, languages.other(own)):
        text = getattr(step, f"{field}_{code}")
        if text:
            line = made[code].line(text)
            return line if code == own else format_html('<span lang="{}">{}</span>', code, line)
    return SafeString("")


def _listed(parts: Iterable[Any]) -> SafeString:
    """Return parts as a list inside a sentence: 研究者、家族 / Researcher, Family."""
    return format_html_join("、" if languages.current() == "ja" else ", ", "{}", ((part,) for part in parts))


def _bring(made: dict[str, Renderer], step: Step) -> SafeString:
    own = languages.current()
    for code in (own, languages.other(own)):
        rows = [row for row in (getattr(step, f"bring_{code}") or "").splitlines() if row.strip()]
        if rows:
            things = _listed(made[code].line(row) for row in rows)
            return things if code == own else format_html('<span lang="{}">{}</span>', code, things)
    return SafeString("")


def _position(item: plan.Item) -> tuple[str, str]:
    """Return where a step stands in words, and the tone of its mark: bad, warn or none."""
    is_advice = item.rule.kind == RuleKind.ADVICE
    match item.position:
        case Position.OVERDUE:
            return (_("the advised day has passed"), "") if is_advice else (_("the last day has passed"), "bad")
        case Position.PASSED:
            return _("that day has passed"), ""
        case Position.LATE:
            return _("the safe day has passed: act now"), "warn"
        case Position.SOON:
            return _("due within 14 days"), "warn"
        case Position.OPEN:
            return _("possible now"), ""
    return _("later"), ""


def _distance(item: plan.Item, day: date) -> str:
    """Return how far the day that counts now lies from today: in 3 days, 12 days ago."""
    counted = item.due.legal_last if item.due.act_by < day else item.due.act_by
    days = (counted - day).days
    if days in {0, 1}:
        return _("tomorrow") if days else _("today")
    if days > 0:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}


def _words(steps: list[Step], day: date) -> dict[Any, dict[str, Any]]:
    """Return by step what the plan prints of it whoever reads, in the reader's language; remembered as `_texts`."""

    def make() -> dict[Any, dict[str, Any]]:
        code, texts = languages.current(), _texts(steps, day)
        return {
            step.pk: {
                "when": when_text(step.rule),
                "counting": counting_text(step.rule),
                "kind": RuleKind(step.rule.kind).label,
                "law": getattr(step, f"law_{code}") or "",
                "title": text(step, "title"),
                "office": text(step.office, "name"),
                "url": f"{step.guide.get_absolute_url()}#{step.slug}",
                "sheet": reverse("onboarding:sheet", args=[step.guide.topic.slug, step.guide.slug, step.slug]),
                "condition": _line(texts, step, "condition"),
                "bring": _bring(texts, step),
                "actors": _listed(step.actor_labels),
            }
            for step in steps
            if step.rule is not None
        }

    return remembered(("plan-words", day, frozenset(step.pk for step in steps)), make)


def _shown(made: plan.Plan, situation: plan.Situation, day: date) -> list[dict[str, Any]]:
    """Return the items with their texts in the reader's language."""
    if not made.items:
        return []
    words = _words([item.step for item in made.items], day)
    rows = []
    for item in made.items:
        position, tone = _position(item)
        rows.append(
            words[item.step.pk]
            | {
                "item": item,
                "id": f"{item.step.guide.slug}-{item.step.slug}",
                "position": position,
                "distance": _distance(item, day),
                # Advice has no legal last day, and what happens on a day has that day only.
                "is_last_shown": item.rule.kind != RuleKind.ADVICE and item.rule.direction != Direction.ON,
                "tone": tone,
                # A role that was not told is a condition too.
                "roles": "" if situation.role else _listed(Role(role).label for role in item.step.roles),
                "waits_for": Event(item.due.waits_for).label if item.due.waits_for else "",
            }
        )
    return rows


@require_safe
@never_cache
def plan_ics(request: HttpRequest) -> HttpResponse:
    """Return the plan as a calendar file in both languages; the same parameters as the page."""
    situation = plan.read(request)
    day = today()
    made = plan.make([] if situation.is_empty else _steps(), situation, today=day)
    steps = [item.step for item in made.items]
    texts = _texts(steps, day)

    def link(item: plan.Item, code: str) -> str:
        guide = item.step.guide
        path = languages.localized_url("onboarding:guide", code, guide.topic.slug, guide.slug)
        return languages.absolute(f"{path}#{item.step.slug}", request)

    def plain(item: plan.Item, field: str, code: str) -> str:
        row, name = (item.step.office, "name") if field == "office" else (item.step, field)
        for candidate in (code, languages.other(code)):
            text = getattr(row, f"{name}_{candidate}")
            if text:
                return html.unescape(strip_tags(texts[candidate].line(text)))
        return ""

    content = build(made, situation, stamp=timezone.now(), writer=Writer(link, plain))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=_PRIVATE | _UNLISTED)
    response.headers["Content-Disposition"] = 'attachment; filename="wpi-forum-plan.ics"'
    return response
