"""Staff page of a step: both languages in two columns, what its texts refer to, and when it is due."""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import pages
from onboarding.admin.base import GuideFields, bullets
from onboarding.admin.guides import states
from onboarding.admin.rules import rule_words
from onboarding.choices import Actor, Role
from onboarding.models import Fact, Slot, Step, Term, TimingRule
from onboarding.models.facts import period_on
from onboarding.values import unknown_text, value_text
from wpiforum import languages
from wpiforum.http import today
from wpiforum.provenance.admin_base import pair
from wpiforum.publishing.admin import OwnedAdmin, change_url, confirm_row, confirmation_text, link_to, open_correction

_TERM = re.compile(r'class="term" href="[^"#]*#([^"]+)"')


class NeedsFilter(admin.SimpleListFilter):
    """Steps by what they need from the staff."""

    title = _("needs")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("check", _("Check due")),
            ("rule", _("Timing rule waits for confirmation")),
            ("language", _("Missing in a language")),
            ("source", _("Without a source")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        if self.value() == "check":
            return queryset.check_due(today())
        chosen = {"rule": "waiting", "language": "untranslated", "source": "without_source"}.get(self.value() or "")
        return getattr(queryset, chosen)() if chosen else queryset


def _waiting(step: Step) -> list[TimingRule]:
    return [rule for rule in step.rules.all() if not rule.is_confirmed()]


def _in_effect(step: Step) -> TimingRule | None:
    return next((rule for rule in step.rules.all() if rule.is_confirmed()), None)


@admin.register(Step)
class StepAdmin(GuideFields, OwnedAdmin):
    owner_field = "guide"
    list_display = ("__str__", "guide", "order", "office", "as_of_on", "next_check_on", "needs")
    list_filter = (NeedsFilter, "guide__topic", "certainty", "as_of_precision", "office")
    list_select_related = ("guide__topic", "office")
    list_prefetch_related = ("sources", "rules")
    search_fields = ("slug", "code", *pair("title"), *pair("body"), *pair("guide__title"), "guide__code")
    date_hierarchy = "as_of_on"
    ordering = ("guide__code", "order")
    autocomplete_fields = ("guide", "office", "sources")
    choice_lists = {"actors": Actor, "roles": Role}
    readings = "readings"
    readonly_fields = ("timing", "proposals", "facts_used", "terms_used", "next_check_on")
    actions = ("mark_checked", "confirm_rule", "propose_rule")
    fieldsets = (
        (None, {"fields": [("guide", "order"), ("slug", "code"), pair("title"), pair("body")]}),
        (_("What the texts refer to"), {"fields": ["facts_used", "terms_used"]}),
        (_("Where, with what, and what follows"), {"fields": [pair("where"), pair("bring"), pair("missed")]}),
        (_("When"), {"fields": ["timing", "proposals"]}),
        (_("For whom"), {"fields": [("actors", "roles", "needs_family"), pair("condition")]}),
        (
            _("Trust"),
            {
                "fields": [
                    "office",
                    "sources",
                    ("as_of_on", "as_of_precision", "check_every", "next_check_on"),
                    ("certainty",),
                    pair("law"),
                    pair("unconfirmed"),
                ]
            },
        ),
        (_("Counter sheet"), {"fields": ["readings"], "classes": ["collapse"]}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new step after the last one of its guide."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        guide = initial.get("guide", "")
        if re.fullmatch(r"[0-9a-f-]{36}", guide):
            last = Step.objects.filter(guide=guide).aggregate(last=Max("order"))["last"]
            initial.setdefault("order", (last or 0) + 1)
        return initial

    def view_on_site(self, obj: Any) -> str | None:
        return obj.get_absolute_url() if obj.guide.is_published() else None

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if step := context.get("original"):
            context["tools"] = [(_("All steps of the guide"), change_url(step.guide))]
            if not step.rules.all():
                url = f"{reverse('admin:onboarding_timingrule_add')}?step={step.pk}"
                context["tools"].append((_("Add a timing rule"), url))
        return super().render_change_form(request, context, *args, **kwargs)

    def offers(self, request: HttpRequest, obj: Any, action: str) -> bool:
        if action == "confirm_rule":
            return [rule.entered_by_id == request.user.pk for rule in _waiting(obj)] == [False]
        if action == "propose_rule":
            return _in_effect(obj) is not None and not _waiting(obj)
        return super().offers(request, obj, action)

    @admin.action(
        description=_("Confirm the proposed timing rule"), permissions=["confirm"], location=ActionLocation.CHANGE_FORM
    )
    def confirm_rule(self, request: HttpRequest, queryset: QuerySet) -> None:
        waiting = _waiting(queryset.get())
        if len(waiting) == 1:
            confirm_row(request, waiting[0])
        else:
            messages.error(request, _("Open the proposal to confirm it: there is not exactly one."))

    @admin.action(
        description=_("Propose a change of the timing rule"),
        permissions=["change"],
        location=ActionLocation.CHANGE_FORM,
    )
    def propose_rule(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        rule = _in_effect(queryset.get())
        if rule is None:
            messages.error(request, _("This step has no confirmed timing rule."))
            return None
        return open_correction(request, rule)

    @admin.display(description=_("needs"))
    def needs(self, obj: Step) -> str:
        return ", ".join(states(obj)) or "-"

    @admin.display(description=_("timing rule in effect"))
    def timing(self, obj: Step) -> str:
        rule = None if obj._state.adding else _in_effect(obj)
        return rule_words(rule) if rule else gettext("No deadline.")

    @admin.display(description=_("proposed timing rules"))
    def proposals(self, obj: Step) -> str:
        rows = [] if obj._state.adding else _waiting(obj)
        if not rows:
            return "-"
        return bullets(
            format_html("{}<br>{}<br>{}", rule_words(rule), confirmation_text(rule), link_to(rule)) for rule in rows
        )

    @admin.display(description=_("values kept once"))
    def facts_used(self, obj: Step) -> SafeString:
        facts = Fact.objects.filter(key__in=obj.references("fact")).prefetch_related("periods").order_by("key")
        slots = Slot.objects.filter(key__in=obj.references("slot")).order_by("key")
        day = today()
        lines = []
        for fact in facts:
            period = period_on(fact.periods.all(), day)
            value = value_text(period, fact.unit) if period else unknown_text()
            lines.append(format_html("<code>{}</code> {}: {}", fact.reference, link_to(fact), value))
        lines += [format_html("<code>{}</code> {}", slot.reference, link_to(slot)) for slot in slots]
        return format_html(
            '{}<a href="{}">{}</a>',
            bullets(lines) if lines else "",
            reverse("admin:onboarding_fact_changelist"),
            gettext("Find a value and copy its reference"),
        )

    @admin.display(description=_("terms of the glossary"))
    def terms_used(self, obj: Step) -> str:
        made, _periods, _slots = pages.renderers([obj], today(), languages.CODES, None)
        slugs = {slug for code, page in made.items() for slug in _TERM.findall(page.html(getattr(obj, f"body_{code}")))}
        return bullets(link_to(term) for term in Term.objects.filter(slug__in=slugs)) if slugs else "-"
