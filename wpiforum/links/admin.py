"""Staff pages of links: a list that is read, and the page that changes an address everywhere at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wpiforum.links import addresses, reasons, replacing
from wpiforum.links.models import Link, Use
from wpiforum.links.where import named
from wpiforum.publishing.admin.records import RecordAdmin
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.permissions import may


class GroupFilter(admin.SimpleListFilter):
    """Links by the topic, center or page whose texts use them."""

    title = gettext_lazy("topic or center")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        pairs = Use.objects.exclude(group_id=None).values_list("group_type", "group_id").order_by().distinct()
        keys: dict[int, list[Any]] = {}
        for kind, key in sorted(pairs, key=str):
            keys.setdefault(kind, []).append(key)
        for kind, wanted in keys.items():
            model: Any = ContentType.objects.get_for_id(kind).model_class()
            for row in model._default_manager.filter(pk__in=wanted).order_by("pk"):
                found.append((str(row.pk), f"{capfirst(model._meta.verbose_name)}: {row}"))
        return sorted(found, key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in {key for key, _label in self.lookup_choices}:
            return queryset.filter(pk__in=Use.objects.filter(group_id=self.value()).values("link"))
        return queryset


class ReplaceForm(forms.Form):
    """The new address; which rows take it is ticked in the table beside it."""

    new = forms.URLField(label=gettext_lazy("New address"), max_length=500, assume_scheme="https")

    def __init__(self, *args: Any, old: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old
        self.fields["new"].widget.attrs["class"] = "vURLField"

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        if new == self.old:
            raise ValidationError(_("This is the address that is used now."))
        try:
            addresses.parse(new)
        except addresses.Refused as refusal:
            raise ValidationError(reasons.sentence(refusal.code, refusal.details)) from None
        return new


@admin.register(Link)
class LinkAdmin(RecordAdmin):
    list_display = ("url", "state", "result", "use_count", "checked_at")
    list_filter = ("state", GroupFilter)
    search_fields = ("url", "moved_to")
    date_hierarchy = "checked_at"
    fieldsets = (
        (None, {"fields": ["address", "state", "result", "checked_at"]}),
        (gettext_lazy("Failures"), {"fields": [("failures", "failed_since")]}),
        (gettext_lazy("Where used"), {"fields": ["used_in"]}),
    )
    readonly_fields = ("address", "result", "used_in")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: Any = super().get_queryset(request)
        return rows.for_person(request.user).annotate(use_count=Count("uses", distinct=True))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request)  # which rows somebody sees, `get_queryset` says

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.replace_view)
        return [path("<int:pk>/replace/", view, name="links_link_replace"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        if row is not None and may(request.user, Verb.SAVE_DRAFT):
            context["tools"] = [(_("Change this address everywhere"), _replace_url(row))]
        return super().render_change_form(request, context, *args, **kwargs)

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a new address would change; change the chosen rows, all or none, and tell what became of each."""
        link: Any = self.get_queryset(request).filter(pk=pk).first()
        if not self.has_view_permission(request) or not may(request.user, Verb.SAVE_DRAFT):
            raise PermissionDenied
        if link is None:
            raise Http404
        form = ReplaceForm(request.POST or None, old=link.url, initial={"new": link.moved_to})
        done: bool | None = None
        chosen = set(request.POST.getlist("row"))
        if form.is_valid():
            if chosen:
                done, items = replacing.replace(link.url, form.cleaned_data["new"], by=request.user, chosen=chosen)
            else:
                form.add_error(None, _("Choose at least one row."))
        if done is None:
            items = replacing.plan(link.url, link.moved_to or link.url, by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change this address everywhere"),
            "opts": self.opts,
            "link": link,
            "change_url": reverse("admin:links_link_change", args=[pk]),
            "form": form,
            "lines": [_line(item, chosen if request.method == "POST" else None) for item in items],
            "done": done,
            "can_change": done is False or any(item.is_open for item in items),
        }
        return TemplateResponse(request, "admin/links/replace.html", context)

    @admin.display(description=gettext_lazy("address"))
    def address(self, obj: Link) -> str:
        if not obj.url.lower().startswith(("http://", "https://")):
            return obj.url
        return format_html('<a href="{}" rel="noreferrer">{}</a>', obj.url, obj.url)

    @admin.display(description=gettext_lazy("result"))
    def result(self, obj: Link) -> str:
        return obj.sentence() or "-"

    @admin.display(description=gettext_lazy("uses"), ordering="use_count")
    def use_count(self, obj: Any) -> int:
        return int(obj.use_count)

    @admin.display(description=gettext_lazy("where used"))
    def used_in(self, obj: Link) -> str:
        uses = obj.uses.select_related("content_type").prefetch_related("row").order_by("content_type", "object_id")
        lines = [(named(use.row), _label(use)) for use in uses if use.row is not None]
        return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{} ({})</li>", lines))


def _label(use: Use) -> str:
    model: Any = type(use.row)
    return str(model._meta.get_field(use.field).verbose_name)


def _replace_url(link: Link) -> str:
    return reverse("admin:links_link_replace", args=[link.pk])


def _line(item: replacing.Item, chosen: set[str] | None) -> dict[str, Any]:
    """Return what the page shows of one row."""
    return {
        "item": item,
        "name": named(item.row),
        "is_chosen": item.is_open and (chosen is None or item.key in chosen),
        "leaves_review": replacing.has_waiting_draft(item),
    }
