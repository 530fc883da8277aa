"""The plan's page and its calendar. Neither is stored, cached or logged with its query."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from onboarding import plan
from onboarding.calendar import build
from onboarding.choices import Actor, Event, Role, RuleKind, Stage
from onboarding.models import Step
from onboarding.pages import renderers
from onboarding.rules import counting_text, when_text
from wpiforum import languages
from wpiforum.http import today
from wpiforum.seo import Crumb, PageMeta

# The address holds a person's dates: no other site may learn it from a link.
_PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

POSITIONS = {
    plan.Position.OVERDUE: lambda: _("the last day has passed"),
    plan.Position.SOON: lambda: _("due within 14 days"),
    plan.Position.OPEN: lambda: _("possible now"),
    plan.Position.LATER: lambda: _("later"),
}
VIEWS = {
    plan.View.ALL: lambda: _("Everyone"),
    plan.View.RESEARCHER: lambda: _("Researcher"),
    plan.View.FAMILY: lambda: _("Family"),
    plan.View.HOST: lambda: _("Host office"),
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
        made = plan.make(_steps(), situation, today=day) if not situation.is_empty else plan.Plan([], [])
        shown = _shown(made)
        return super().get_context_data(**kwargs) | {
            "situation": situation,
            "day": day,
            "form": [(title(), [(event, situation.events.get(event)) for event in events]) for title, events in FORM],
            "roles": Role,
            "views": [(view, label()) for view, label in VIEWS.items()],
            "stages": [
                (stage, [row for row in shown if row["item"].stage == stage])
                for stage in Stage
                if any(row["item"].stage == stage for row in shown)
            ],
            "waiting": made.waiting,
            "overdue": [row for row in shown if row["item"].position == plan.Position.OVERDUE],
            "is_provisional": any(row["item"].due.is_provisional for row in shown),
            "files": [
                (label(), f"{reverse('plan-ics')}?{situation.query(**{'for': '' if view == plan.View.ALL else view})}")
                for view, label in VIEWS.items()
            ],
            "page": PageMeta(
                _("Dated plan"),
                _("Your own list of steps with dates, from the days you enter. Nothing is stored."),
                (Crumb(_("Guides"), reverse("onboarding:guides")),),
                is_indexed=situation.is_empty,
            ),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, headers=_PRIVATE, **kwargs)


def _steps() -> list[Step]:
    """Return all public timed steps, loaded whole."""
    return list(Step.objects.published().timed().select_related("guide__topic").for_page())


def _shown(made: plan.Plan) -> list[dict[str, Any]]:
    """Return the items with their texts in the reader's language."""
    code = languages.current()
    steps = [item.step for item in made.items]
    texts, _periods, _slots = renderers(steps, today(), (code,), None)
    renderer = texts[code]
    return [
        {
            "item": item,
            "when": when_text(item.rule),
            "counting": counting_text(item.rule),
            "kind": RuleKind(item.rule.kind).label,
            "position": POSITIONS[item.position](),
            "condition": renderer.line(getattr(item.step, f"condition_{code}")),
            "bring": [renderer.line(row) for row in (getattr(item.step, f"bring_{code}") or "").splitlines()],
            "actors": [Actor(actor).label for actor in item.step.actors],
            "waits_for": Event(item.due.waits_for).label if item.due.waits_for else "",
        }
        for item in made.items
    ]


@require_safe
@never_cache
def plan_ics(request: HttpRequest) -> HttpResponse:
    """Return the plan as a calendar file in both languages; the same parameters as the page."""
    situation = plan.read(request)
    made = plan.make(_steps(), situation, today=today())

    def link(item: plan.Item, code: str) -> str:
        guide = item.step.guide
        path = languages.localized_url("onboarding:guide", code, guide.topic.slug, guide.slug)
        return languages.absolute(f"{path}#{item.step.slug}", request)

    content = build(made, situation, stamp=timezone.now(), link=link)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=_PRIVATE)
    response.headers["Content-Disposition"] = 'attachment; filename="wpi-forum-plan.ics"'
    return response
