"""Staff page of notices: both languages side by side, the state by the clock, a preview as readers see it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wpiforum import languages
from wpiforum.notices.choices import State
from wpiforum.notices.models import Notice
from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import record


def pair(name: str) -> tuple[str, ...]:
    """Return the columns of a bilingual field, for one line of the form."""
    return tuple(f"{name}_{code}" for code in languages.CODES)


class NoticeForm(forms.ModelForm):
    """A notice; the button “Preview” shows what was typed and saves nothing."""

    def is_valid(self) -> bool:
        # The admin shows a form again that is not valid: with the typed values, from which the preview is drawn.
        return super().is_valid() and "_preview" not in self.data


class StateFilter(admin.SimpleListFilter):
    """Notices by where they stand now."""

    title = pgettext_lazy("notice", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


@admin.register(Notice)
class NoticeAdmin(PortalAdmin):
    """A notice takes effect by its own dates as soon as a publisher saves it: in an emergency minutes count."""

    form = NoticeForm
    view_on_site: Any = False  # it is on every page
    list_display = ("__str__", "state_now", "severity", "area", "starts_at", "ends_at")
    list_filter = (StateFilter, "severity")
    search_fields = (*pair("title"), *pair("text"))
    date_hierarchy = "starts_at"
    readonly_fields = ("preview",)
    fieldsets = (
        (None, {"fields": [pair("title"), pair("text"), ("severity", "area"), ("starts_at", "ends_at")]}),
        (_("As readers see it"), {"fields": ["preview"]}),
    )

    @admin.display(description=pgettext_lazy("notice", "state"))
    def state_now(self, obj: Notice) -> str:
        return str(obj.state().label)

    @admin.display(description=_("preview"))
    def preview(self, obj: Notice) -> SafeString | str:
        """Draw the notice as the pages do, once per language."""
        if not (obj.title_ja or obj.title_en) or not obj.ends_at:
            return str(_("Fill in the form and press “Preview”: nothing is saved by that."))
        drawn = languages.in_each(lambda: render_to_string("components/_notices.html", {"notices": [obj]}))
        return format_html_join("", '<div lang="{}">{}</div>', drawn.items())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(Verb.PUBLISH, obj, by=request.user, title_ja=obj.title_ja, ends=obj.ends_at.isoformat())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(Verb.UNPUBLISH, obj, by=request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete one by one: each row tells the cache."""
        for row in queryset:
            self.delete_model(request, row)
