"""Staff pages of values that are kept once."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields, ReferencedAdmin
from onboarding.models import Fact, FactPeriod
from onboarding.models.facts import next_change, period_on
from onboarding.values import unknown_text, value_text
from wpiforum.http import today
from wpiforum.provenance.admin_base import DATES, EVIDENCE, SOURCE, UNCONFIRMED, DatedInline, UnconfirmedFilter, pair
from wpiforum.provenance.admin_forms import DatedForm, DatedFormSet
from wpiforum.publishing.admin import ConfirmableAdmin, ConfirmationFilter, confirmation_text
from wpiforum.search.admin_base import IndexedAdmin


class PeriodForm(DatedForm):
    """A value of a fact; what is confirmed is shown but not edited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_confirmed():
            for field in self.fields.values():
                field.disabled = True


class PeriodFormSet(DatedFormSet):
    """The values of a fact; a confirmed one cannot be marked for deletion either."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.is_confirmed() and "DELETE" in form.fields:
            form.fields["DELETE"].disabled = True


class PeriodInline(GuideFields, DatedInline):
    model = FactPeriod
    form = PeriodForm
    formset = PeriodFormSet
    fk_name = "fact"
    autocomplete_fields = ("source",)
    readonly_fields = ("state",)
    show_change_link = True
    fieldsets = (
        (None, {"fields": ["state", "value", pair("text"), DATES, ("certainty", "is_planned"), SOURCE]}),
        UNCONFIRMED,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("entered_by", "confirmed_by").order_by("start_on")

    @admin.display(description=_("confirmation"))
    def state(self, obj: FactPeriod) -> str:
        return confirmation_text(obj) if obj.pk and not obj._state.adding else "-"


@admin.register(Fact)
class FactAdmin(IndexedAdmin, ReferencedAdmin):
    list_display = ("__str__", "copyable", "value_today", "value_next", "unit")
    list_filter = ("unit", "check_every")
    list_prefetch_related = ("periods",)
    search_fields = ("key", *pair("label"), "periods__value", *pair("periods__text"))
    fieldsets = (
        (None, {"fields": [pair("label"), ("key", "unit", "check_every")]}),
        (_("In texts"), {"fields": ["copyable"]}),
    )
    inlines = (PeriodInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Remember who entered each value: somebody else has to confirm it."""
        for row in formset.forms:
            if row.has_changed():
                row.instance.entered_by = request.user
        super().save_formset(request, form, formset, change)

    @admin.display(description=_("value today"))
    def value_today(self, obj: Fact) -> str:
        period = period_on(obj.periods.all(), today())
        return value_text(period, obj.unit) if period else unknown_text()

    @admin.display(description=_("next value"))
    def value_next(self, obj: Fact) -> str:
        period = next_change(obj.periods.all(), today())
        return f"{value_text(period, obj.unit)} ({period.start_on})" if period else "-"


@admin.register(FactPeriod)
class FactPeriodAdmin(GuideFields, ConfirmableAdmin):
    list_display = ("fact", "value_shown", "start_on", "end_on", "is_planned", "state")
    list_display_links = ("fact", "value_shown")
    list_filter = (ConfirmationFilter, "is_planned", "certainty", "fact__unit", UnconfirmedFilter)
    list_select_related = ("fact", "entered_by", "confirmed_by")
    search_fields = ("fact__key", *pair("fact__label"), "value", *pair("text"))
    date_hierarchy = "start_on"
    autocomplete_fields = ("fact", "source")
    fieldsets = (
        (None, {"fields": ["fact", "value", pair("text"), ("certainty", "is_planned")]}),
        (_("Validity"), {"fields": [DATES]}),
        EVIDENCE,
    )

    @admin.display(description=_("value"))
    def value_shown(self, obj: FactPeriod) -> str:
        return value_text(obj, obj.fact.unit)

    @admin.display(description=_("confirmation"))
    def state(self, obj: FactPeriod) -> str:
        return confirmation_text(obj)
