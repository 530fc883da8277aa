"""Staff page of readers' reports: read, note, close."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideRowAdmin
from onboarding.models import Report
from wpiforum.provenance.admin_base import pair
from wpiforum.provenance.admin_forms import BilingualForm
from wpiforum.publishing.admin import link_to


class ReportForm(BilingualForm):
    """State and note of a report; `user` is who closes it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "state" in self.cleaned_data:
            self.instance.set_state(self.cleaned_data["state"], by=self.user)
        return cleaned


@admin.register(Report)
class ReportAdmin(GuideRowAdmin):
    form = ReportForm
    list_display = ("sent_at", "words", "step", "language", "state", "note_begins", "closed_by")
    list_display_links = ("sent_at", "words")
    list_filter = ("state", "language", "step__guide__topic")
    list_select_related = ("step__guide__topic", "closed_by")
    search_fields = ("text", "note", *pair("step__title"), *pair("step__guide__title"))
    date_hierarchy = "sent_at"
    ordering = ("-sent_at",)
    readonly_fields = ("step_link", "language", "text", "sent_at", "closed_at", "closed_by")
    fieldsets = (
        (_("What the reader wrote"), {"fields": ["text", "step_link", ("language", "sent_at")]}),
        (_("What we did"), {"fields": ["state", "note", ("closed_at", "closed_by")]}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reports come from readers only."""
        return False

    def view_on_site(self, obj: Any) -> str | None:
        return obj.step.get_absolute_url() if obj.step.guide.is_published() else None

    @admin.display(description=_("step"))
    def step_link(self, obj: Report) -> str:
        return link_to(obj.step, f"{obj.step.guide} – {obj.step}")

    @admin.display(description=_("what the reader wrote"), ordering="text")
    def words(self, obj: Report) -> str:
        return str(obj)

    @admin.display(description=_("note of the staff"))
    def note_begins(self, obj: Report) -> str:
        return obj.note[:60]
