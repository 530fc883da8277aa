"""Staff pages of offices, contact points, phrases, emergency cards, and values of each center."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields, GuideRowAdmin, ReferencedAdmin
from onboarding.models import ContactPoint, EmergencyCard, Office, Phrase, Slot, SlotValue
from wpiforum.http import today
from wpiforum.provenance.admin_base import DATES, EVIDENCE, UnconfirmedFilter, pair
from wpiforum.publishing.admin import (
    LIVE,
    ConfirmableAdmin,
    ConfirmationFilter,
    LiveFilter,
    PublishableAdmin,
    confirmation_text,
)


@admin.register(Office)
class OfficeAdmin(GuideRowAdmin):
    list_display = ("__str__", "key", "step_count")
    list_filter = ("steps__guide__topic",)
    search_fields = ("key", *pair("name"))
    fieldsets = ((None, {"fields": [pair("name"), "key"]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(step_count=Count("steps", distinct=True))

    @admin.display(description=_("steps"), ordering="step_count")
    def step_count(self, obj: Any) -> int:
        return int(obj.step_count)


@admin.register(ContactPoint)
class ContactPointAdmin(GuideFields, ConfirmableAdmin):
    list_display = ("__str__", "key", "number", "kind", "start_on", "end_on", "state")
    list_filter = (ConfirmationFilter, "kind", "certainty", UnconfirmedFilter)
    search_fields = ("key", *pair("name"), *pair("note"), "number", "number_abroad")
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("slot", "source")
    fieldsets = (
        (None, {"fields": [pair("name"), ("key", "kind", "order"), ("number", "number_abroad", "is_free"), "url"]}),
        (_("When and for whom"), {"fields": [pair("note"), pair("hours"), pair("languages"), "slot"]}),
        (_("Validity"), {"fields": [DATES, "certainty"]}),
        EVIDENCE,
    )

    def view_on_site(self, obj: Any) -> str | None:
        return reverse("onboarding:contacts") if obj.is_confirmed() and obj.is_valid_on(today()) else None

    @admin.display(description=_("confirmation"))
    def state(self, obj: ContactPoint) -> str:
        return confirmation_text(obj)


@admin.register(Phrase)
class PhraseAdmin(GuideRowAdmin):
    list_display = ("japanese", "reading", "english", "group", "order")
    list_filter = ("group",)
    search_fields = ("japanese", "reading", "english")
    fieldsets = ((None, {"fields": [("japanese", "english"), "reading", ("group", "order")]}),)

    def view_on_site(self, obj: Any) -> str:
        return reverse("onboarding:emergency")


@admin.register(EmergencyCard)
class EmergencyCardAdmin(GuideFields, PublishableAdmin):
    list_display = ("__str__", "key", "order", "as_of_on", "is_live")
    list_filter = (LiveFilter, "as_of_on", UnconfirmedFilter)
    search_fields = ("key", *pair("title"), *pair("items"))
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("source",)
    fieldsets = ((None, {"fields": [pair("title"), pair("items"), ("key", "order")]}), EVIDENCE, LIVE)

    def view_on_site(self, obj: Any) -> str | None:
        return f"{reverse('onboarding:emergency')}#card-{obj.key}" if obj.is_published() else None


@admin.register(Slot)
class SlotAdmin(ReferencedAdmin):
    list_display = ("__str__", "copyable", "filled_count")
    list_filter = ("values__center",)
    search_fields = ("key", *pair("label"))
    fieldsets = ((None, {"fields": [pair("label"), "key"]}), (_("In texts"), {"fields": ["copyable"]}))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(filled_count=Count("values", distinct=True))

    @admin.display(description=_("filled in by centers"), ordering="filled_count")
    def filled_count(self, obj: Any) -> int:
        return int(obj.filled_count)


@admin.register(SlotValue)
class SlotValueAdmin(GuideFields, ConfirmableAdmin):
    list_display = ("slot", "center", "value_now", "as_of_on", "state")
    list_filter = (ConfirmationFilter, "center", "slot")
    list_select_related = ("slot", "center", "entered_by", "confirmed_by")
    search_fields = (*pair("value"), "slot__key", *pair("slot__label"), "center__acronym")
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("slot", "center", "source")
    fieldsets = ((None, {"fields": [("slot", "center"), pair("value"), ("source", "as_of_on")]}),)

    @admin.display(description=_("value"))
    def value_now(self, obj: SlotValue) -> str:
        return obj.value or obj.value_ja or obj.value_en or ""

    @admin.display(description=_("confirmation"))
    def state(self, obj: SlotValue) -> str:
        return confirmation_text(obj)
