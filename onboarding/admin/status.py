"""Staff pages of the status guide and of the points table. What would leave a reader without a next page is refused."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding import status
from onboarding.admin.base import GuideFields
from onboarding.choices import Role
from onboarding.models import PointGroup, PointItem, StatusAnswer, StatusFlag, StatusQuestion, StatusResult
from wpiforum.provenance.admin_base import DATES, EVIDENCE, PortalInline, UnconfirmedFilter, pair
from wpiforum.provenance.admin_forms import BilingualForm, PortalInlineFormSet
from wpiforum.publishing.admin import (
    LIVE,
    ConfirmableAdmin,
    ConfirmationFilter,
    LiveFilter,
    PublishableAdmin,
    confirmation_text,
)
from wpiforum.publishing.models import Publishable

CHECK = ("as_of_on", "as_of_precision", "check_every", "next_check_on")


def stored_graph() -> status.Graph:
    """Return the graph of all rows that are public now or will be."""
    return status.graph_of(
        StatusQuestion.objects.planned().for_graph(), StatusResult.objects.planned().values_list("key", flat=True)
    )


def _will_be_public(row: Publishable) -> bool:
    return row.live_from is not None and (row.live_until is None or row.live_until > timezone.now())


def with_question(graph: status.Graph, question: StatusQuestion, edges: tuple[status.Edge, ...]) -> status.Graph:
    """Return the graph as it will be once this question is saved with these answers, perhaps under another key."""
    old = StatusQuestion.objects.filter(pk=question.pk).values_list("key", flat=True).first() or question.key

    def renamed(found: tuple[status.Edge, ...]) -> tuple[status.Edge, ...]:
        return tuple(edge._replace(question=question.key) if edge.question == old else edge for edge in found)

    questions = {key: renamed(found) for key, found in graph.questions.items() if key != old}
    starts = tuple(key for key in graph.starts if key != old)
    if _will_be_public(question):
        questions[question.key] = renamed(edges)
        starts += (question.key,) if question.is_start else ()
    return status.Graph(starts, questions, graph.results)


def with_result(graph: status.Graph, result: StatusResult) -> status.Graph:
    """Return the graph as it will be once this result is saved, perhaps under another key or no longer public."""
    old = StatusResult.objects.filter(pk=result.pk).values_list("key", flat=True).first() or result.key
    results = graph.results - {old} | ({result.key} if _will_be_public(result) else set())
    questions = {
        key: tuple(edge._replace(result=result.key) if edge.result == old else edge for edge in edges)
        for key, edges in graph.questions.items()
    }
    return status.Graph(graph.starts, questions, results)


def refuse_new_problems(before: status.Graph, after: status.Graph) -> None:
    """Raise ValidationError for what the change breaks; what was broken before does not hold up other work."""
    known = set(status.problems(before))
    found = [row for row in status.problems(after) if row not in known and row.flaw not in status.TOLERATED]
    if found:
        raise ValidationError([status.sentence(row) for row in found])


class AnswerFormSet(PortalInlineFormSet):
    """The answers a question will have, judged together with all other questions."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.key:
            return
        rows = [
            form.instance
            for form in self.forms
            if form not in self.deleted_forms and (form.has_changed() or not form.empty_permitted)
        ]
        graph = stored_graph()
        refuse_new_problems(graph, with_question(graph, self.instance, status.edges_of(rows)))


class AnswerInline(GuideFields, PortalInline):
    model = StatusAnswer
    fk_name = "question"
    formset = AnswerFormSet
    autocomplete_fields = ("next_question", "result")
    ordering = ("order", "key")
    fieldsets = (
        (
            None,
            {"fields": [pair("text"), ("key", "order"), ("next_question", "result"), pair("caution"), "is_family"]},
        ),
    )


class StatusRowAdmin(GuideFields, PublishableAdmin):
    """What questions, remarks and results share: they are checked again and again, and tell what is still wrong."""

    actions = ("mark_checked",)
    readonly_fields = ("next_check_on",)
    date_hierarchy = "as_of_on"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for row in status.problems(stored_graph()):
            messages.warning(request, status.sentence(row))


@admin.register(StatusQuestion)
class StatusQuestionAdmin(StatusRowAdmin):
    list_display = ("__str__", "order", "is_start", "next_check_on", "is_live")
    list_filter = (LiveFilter, "is_start", "certainty")
    search_fields = ("key", *pair("text"), *pair("help"), *pair("answers__text"))
    autocomplete_fields = ("sources",)
    fieldsets = (
        (None, {"fields": [pair("text"), pair("help"), ("key", "order"), ("is_start", "links_points")]}),
        (_("Trust"), {"fields": ["sources", CHECK, "certainty"]}),
        LIVE,
    )
    inlines = (AnswerInline,)


@admin.register(StatusFlag)
class StatusFlagAdmin(StatusRowAdmin):
    list_display = ("__str__", "key", "order", "next_check_on", "is_live")
    list_filter = (LiveFilter, "certainty")
    search_fields = ("key", *pair("condition"), *pair("text"))
    autocomplete_fields = ("guides", "sources")
    fieldsets = (
        (None, {"fields": [pair("condition"), pair("text"), pair("law"), ("key", "order", "links_points"), "guides"]}),
        (_("Trust"), {"fields": ["sources", CHECK, "certainty"]}),
        LIVE,
    )


class ResultForm(BilingualForm):
    """A result; it stays public while an answer leads to it."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        graph = stored_graph()
        try:
            refuse_new_problems(graph, with_result(graph, self.instance))
        except ValidationError as error:
            self.add_error(None, error)


@admin.register(StatusResult)
class StatusResultAdmin(StatusRowAdmin):
    form = ResultForm
    list_display = ("__str__", "key", "kind", "office", "next_check_on", "is_live")
    list_filter = (LiveFilter, "kind", "certainty")
    list_select_related = ("office",)
    search_fields = ("key", *pair("name"), *pair("reason"), *pair("to_check"))
    autocomplete_fields = ("office", "sources", "guides", "flags", "alternatives")
    choice_lists = {"plan_roles": Role}
    fieldsets = (
        (
            None,
            {"fields": [pair("name"), pair("reason"), pair("to_check"), pair("caution"), ("key", "kind", "order")]},
        ),
        (_("Shown with it"), {"fields": ["flags", "alternatives"]}),
        (_("Where it leads"), {"fields": ["guides", ("offers_plan", "plan_roles")]}),
        (_("Trust"), {"fields": ["office", pair("law"), "sources", CHECK, "certainty"]}),
        LIVE,
    )


@admin.register(PointGroup)
class PointGroupAdmin(GuideFields, PublishableAdmin):
    list_display = ("__str__", "key", "counting", "measure", "order", "is_live")
    list_filter = (LiveFilter, "counting")
    search_fields = ("key", *pair("title"), *pair("note"))
    fieldsets = (
        (None, {"fields": [pair("title"), pair("note"), ("counting", "several_points", "measure"), ("key", "order")]}),
        LIVE,
    )


@admin.register(PointItem)
class PointItemAdmin(GuideFields, ConfirmableAdmin):
    list_display = ("__str__", "group", "points", "start_on", "end_on", "certainty", "state")
    list_filter = (ConfirmationFilter, "group", "certainty", UnconfirmedFilter)
    list_select_related = ("group", "source", "entered_by", "confirmed_by")
    search_fields = ("key", *pair("label"), *pair("group__title"))
    autocomplete_fields = ("group", "source")
    line_lists = ("not_with", "only_with")
    fieldsets = (
        (None, {"fields": [pair("label"), ("group", "points"), ("key", "order")]}),
        (_("Conditions"), {"fields": [("minimum", "maximum", "max_age"), ("not_with", "only_with")]}),
        (_("Validity"), {"fields": [DATES, ("absent_on", "certainty")]}),
        EVIDENCE,
    )

    def view_on_site(self, obj: Any) -> str | None:
        return reverse("onboarding:points") if obj.is_confirmed() and obj.group.is_published() else None

    @admin.display(description=_("confirmation"))
    def state(self, obj: PointItem) -> str:
        return confirmation_text(obj)
