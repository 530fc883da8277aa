"""Staff pages of guides with their steps in order, and of change notes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields, bullets
from onboarding.choices import Audience, Stage
from onboarding.models import ChangeNote, Guide, Step
from wpiforum.http import today
from wpiforum.provenance.admin_base import BilingualAdmin, PortalInline, pair
from wpiforum.provenance.admin_forms import PortalInlineFormSet
from wpiforum.provenance.wording import when
from wpiforum.publishing.admin import LIVE, LiveFilter, OwnedAdmin, PublishableAdmin


def states(step: Step) -> list[str]:
    """Return in words what a step needs from the staff."""
    found = []
    if step.is_check_due(today()):
        found.append(gettext("check due"))
    if step.has_waiting_rule():
        found.append(gettext("timing rule waits for confirmation"))
    names = dict(settings.LANGUAGES)
    found += [gettext("not in %(language)s") % {"language": names[code]} for code in step.missing_languages()]
    found += [gettext("lacks: %(part)s") % {"part": part} for part in step.lacks()]
    return found


class StepLineForm(forms.ModelForm):
    """A step's place in its guide; its texts are judged on its own page."""

    def _post_clean(self) -> None:
        if "order" in self.cleaned_data:
            self.instance.order = self.cleaned_data["order"]


class StepLines(PortalInlineFormSet):
    """The steps that a guide will have after this save; all of them trustworthy if it is public then."""

    def clean(self) -> None:
        super().clean()
        guide: Guide = self.instance
        has_ended = guide.live_until is not None and guide.live_until <= timezone.now()
        if guide.live_from is None or has_ended:
            return
        removed = {form.instance.pk for form in self.deleted_forms}
        steps = [form.instance for form in self.initial_forms if form.instance.pk not in removed]
        problems = guide.trust_problems(steps)
        if problems:
            raise ValidationError([gettext("This guide cannot be public yet."), *problems])


class StepInline(BilingualAdmin, admin.TabularInline):
    """The steps of a guide in order, with what each needs; texts are edited on the step's own page."""

    model = Step
    form: Any = StepLineForm
    formset = StepLines
    extra = 0
    view_on_site = False  # the step's own page links it
    ordering = ("order", "slug")
    show_change_link = True
    fields = ("order", "needs", "as_of_shown", "next_check_on")
    readonly_fields = ("needs", "as_of_shown", "next_check_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("sources", "rules")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A step is added on a page of its own, which has room for two languages."""
        return False

    @admin.display(description=_("needs"))
    def needs(self, obj: Step) -> str:
        found = states(obj)
        return bullets(found) if found else gettext("nothing")

    @admin.display(description=_("as of"))
    def as_of_shown(self, obj: Step) -> str:
        return when(obj.as_of)


class ChangeNoteInline(GuideFields, PortalInline):
    model = ChangeNote
    classes = ("collapse",)
    autocomplete_fields = ("source",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("happened_on", "precision", "is_planned"),
                    pair("before"),
                    pair("after"),
                    ("source", "certainty"),
                ]
            },
        ),
    )


@admin.register(Guide)
class GuideAdmin(GuideFields, PublishableAdmin):
    list_display = ("code", "__str__", "topic", "stages_now", "step_count", "is_live")
    list_display_links = ("code", "__str__")
    list_filter = (LiveFilter, "topic")
    list_select_related = ("topic",)
    search_fields = ("slug", "code", *pair("title"), *pair("summary"), *pair("steps__title"))
    autocomplete_fields = ("topic", "related", "next")
    choice_lists = {"audience": Audience, "stages": Stage}
    fieldsets = (
        (None, {"fields": [pair("title"), pair("summary"), ("topic", "code", "slug", "order")]}),
        (_("For whom and when"), {"fields": [("audience", "stages")]}),
        LIVE,
        (_("Other guides"), {"fields": ["next", "related"]}),
    )
    inlines = (StepInline, ChangeNoteInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(step_count=Count("steps", distinct=True))

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else (ChangeNoteInline,)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if guide := context.get("original"):
            url = f"{reverse('admin:onboarding_step_add')}?guide={guide.pk}"
            context["tools"] = [(_("Add a step"), url), *context.get("tools", [])]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("stages"))
    def stages_now(self, obj: Guide) -> str:
        return ", ".join(obj.stage_labels)

    @admin.display(description=_("steps"), ordering="step_count")
    def step_count(self, obj: Any) -> int:
        return int(obj.step_count)


@admin.register(ChangeNote)
class ChangeNoteAdmin(GuideFields, OwnedAdmin):
    owner_field = "guide"
    list_display = ("happened_on", "after_now", "guide", "is_planned", "source")
    list_display_links = ("happened_on", "after_now")
    list_filter = ("is_planned", "certainty", "guide__topic")
    list_select_related = ("guide__topic", "source")
    search_fields = (*pair("before"), *pair("after"), *pair("guide__title"), "guide__code")
    date_hierarchy = "happened_on"
    autocomplete_fields = ("guide", "source")
    fieldsets = ((None, {"fields": ["guide", *ChangeNoteInline.fieldsets[0][1]["fields"]]}),)

    def view_on_site(self, obj: Any) -> str | None:
        return obj.guide.get_absolute_url() if obj.guide.is_published() else None

    @admin.display(description=_("after"))
    def after_now(self, obj: ChangeNote) -> str:
        return (obj.after or obj.after_ja or obj.after_en or "")[:80]
