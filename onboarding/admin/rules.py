"""Staff page of timing rules, and a rule in words with an example."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields
from onboarding.choices import Event
from onboarding.models import TimingRule
from onboarding.rules import counting_text, event_text, when_text
from onboarding.timing import due
from wpiforum.http import today
from wpiforum.provenance.admin_base import pair
from wpiforum.provenance.wording import day_text
from wpiforum.publishing.admin import ConfirmableAdmin, ConfirmationFilter, confirmation_text


def example_text(rule: TimingRule) -> str:
    """Return what the rule comes to if its event is today; for yearly dates, the current or next run."""
    day = today()
    dates = due(rule, {rule.event: day}, today=day)
    if dates is None:
        return ""
    words = {"event": event_text(rule.event), "day": day_text(day), "last": day_text(dates.legal_last)}
    if rule.event == Event.YEARLY:
        text = gettext("The current or next last day is %(last)s.") % words
    else:
        text = gettext("Example: with %(event)s on %(day)s, the last day is %(last)s.") % words
    if dates.act_by != dates.legal_last:
        text += " " + gettext("Act by %(day)s.") % {"day": day_text(dates.act_by)}
    if dates.is_provisional:
        text += " " + gettext("Provisional: the holidays of that year are not published yet.")
    return text


def rule_words(rule: TimingRule) -> SafeString:
    """Return a rule as readers see it, with its force, its counting and an example."""
    return format_html(
        "{} ({})<br>{}<br>{}", when_text(rule), rule.get_kind_display(), counting_text(rule), example_text(rule)
    )


@admin.register(TimingRule)
class TimingRuleAdmin(GuideFields, ConfirmableAdmin):
    list_display = ("step", "when", "kind", "state")
    list_display_links = ("step", "when")
    list_filter = (ConfirmationFilter, "kind", "event", "rolls", "step__guide__topic")
    list_select_related = ("step__guide", "entered_by", "confirmed_by")
    search_fields = (*pair("step__title"), "step__code", "step__slug", *pair("step__guide__title"))
    autocomplete_fields = ("step",)
    readonly_fields = ("in_words",)
    fieldsets = (
        (None, {"fields": ["step", "in_words"]}),
        (_("Last day"), {"fields": [("kind", "event"), ("offset", "unit", "direction"), "day_of_next_month"]}),
        (_("Every year"), {"fields": [("yearly_from", "yearly_to")]}),
        (_("Counting"), {"fields": ["counts_first_day", pair("counting_law"), "rolls", "not_after_event"]}),
        (_("Window"), {"fields": [("window_offset", "window_unit", "window_direction")]}),
        (_("Own safe day"), {"fields": ["safe_offset"]}),
    )

    def view_on_site(self, obj: Any) -> str | None:
        return obj.step.get_absolute_url() if obj.is_confirmed() and obj.step.guide.is_published() else None

    @admin.display(description=_("when"))
    def when(self, obj: TimingRule) -> str:
        return when_text(obj)

    @admin.display(description=_("in words"))
    def in_words(self, obj: TimingRule) -> str:
        # As stored: what was typed may not be a rule yet.
        stored = TimingRule.objects.filter(pk=obj.pk).first()
        return rule_words(stored) if stored else "-"

    @admin.display(description=_("confirmation"))
    def state(self, obj: TimingRule) -> str:
        return confirmation_text(obj)
