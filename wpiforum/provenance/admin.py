"""Staff pages of sources and claims."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.admin_base import PortalAdmin, pair, subject_models
from wpiforum.provenance.admin_forms import BilingualForm
from wpiforum.provenance.models import Claim, Identified, Source


def subject_rows(model: type[Identified]) -> models.QuerySet:
    """Return the rows of one kind with what their labels read."""
    return model._default_manager.prefetch_related(*model.label_relations)


@admin.register(Source)
class SourceAdmin(PortalAdmin):
    list_display = ("__str__", "publisher_now", "standing", "published_on", "url")
    list_filter = ("standing", "published_precision")
    search_fields = ("key", *pair("title"), *pair("publisher"), "url", "lead")
    date_hierarchy = "published_on"
    fieldsets = (
        (None, {"fields": [pair("title"), pair("publisher"), ("key", "standing"), "url"]}),
        (_("Date"), {"fields": [("published_on", "published_precision")]}),
        (_("For staff only"), {"fields": ["lead"]}),
    )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        cited = Source.objects.filter(pk__in=[source.pk for source in objs]).cited()
        protected += [gettext("Statements rest on: %(sources)s.") % {"sources": source} for source in cited]
        return found, counts, lacking, protected

    @admin.display(description=_("publisher"))
    def publisher_now(self, obj: Source) -> str:
        return obj.publisher or obj.publisher_ja or obj.publisher_en or ""


def _kind_label(kind: Any) -> str:
    return capfirst(str(kind.name))


class ClaimForm(BilingualForm):
    """A claim; once its kind is known, rows and fields of that kind are chosen from lists."""

    object_id = forms.TypedChoiceField(
        label=_("Row"),
        coerce=UUID,
        help_text=_(
            "Choose the kind and save: its rows are listed then. "
            "Easier: open the row itself and follow “Add a claim about this row”."
        ),
    )
    field = forms.ChoiceField(label=_("Field"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row, field = self.fields.get("object_id"), self.fields.get("field")
        if not isinstance(row, forms.ChoiceField) or not isinstance(field, forms.ChoiceField):
            return  # a person who may only look has no fields
        if "object_id" in self.initial:
            self.initial["object_id"] = str(self.initial["object_id"])
        nothing = [("", "---------")]
        model = self._subject_model()
        stored = self.instance.field
        if model is None:
            row.choices, field.choices = nothing, nothing
            return
        names = {
            known.name: str(known.verbose_name)
            for known in model._meta.concrete_fields
            if known.editable and known.name != "unverified"
        }
        if stored:
            names.setdefault(stored, stored)
        row.choices = [*nothing, *((str(obj.pk), str(obj)) for obj in subject_rows(model))]
        field.choices = [*nothing, *names.items()]

    def _subject_model(self) -> type[Identified] | None:
        typed = self.data.get(self.add_prefix("content_type"))
        key = str(typed if self.is_bound else self.initial.get("content_type"))
        content_type = ContentType.objects.filter(pk=int(key)).first() if key.isdecimal() else None
        model = content_type.model_class() if content_type else None
        return model if model in subject_models() else None


@admin.register(Claim)
class ClaimAdmin(PortalAdmin):
    form = ClaimForm
    list_display = ("subject_label", "field_label", "value", "source", "is_chosen", "is_machine_read")
    list_display_links = ("subject_label", "value")
    list_filter = ("is_chosen", "is_machine_read", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source", "content_type")
    search_fields = ("field", "value", *pair("locator"), *pair("reason"), "source__key", "source__title_ja")
    search_fields += ("source__title_en",)
    date_hierarchy = "source__published_on"
    autocomplete_fields = ("source",)
    readonly_fields = ("subject_link", "chosen_by")
    fieldsets = (
        (_("About"), {"fields": ["subject_link", "content_type", "object_id", "field"]}),
        (_("What the source says"), {"fields": ["value", "source", pair("locator"), "is_machine_read"]}),
        (_("Choice"), {"fields": ["is_chosen", "chosen_by", pair("reason"), "order"]}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        subjects = GenericPrefetch("subject", [subject_rows(model) for model in subject_models()])
        return super().get_queryset(request).prefetch_related(subjects)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "content_type":
            types = ContentType.objects.get_for_models(*subject_models()).values()
            kwargs["queryset"] = ContentType.objects.filter(pk__in=[kind.pk for kind in types])
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "content_type" and formfield is not None:
            formfield.label_from_instance = _kind_label  # type: ignore[assignment]
        return formfield

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        if "is_chosen" in form.changed_data:
            obj.chosen_by = request.user if obj.is_chosen else None  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    @admin.display(description=_("row"))
    def subject_label(self, obj: Claim) -> str:
        return f"{obj.content_type.name}: {obj.subject}" if obj.subject else gettext("(deleted row)")

    @admin.display(description=_("row"))
    def subject_link(self, obj: Claim) -> str:
        """Name the row, with a link to its own staff page where it has one."""
        if obj.subject is None:
            return "-"
        opts = obj.subject._meta
        try:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.object_id])
        except NoReverseMatch:  # edited on its owner's page
            return self.subject_label(obj)
        return format_html('<a href="{}">{}</a>', url, self.subject_label(obj))

    @admin.display(description=_("field"), ordering="field")
    def field_label(self, obj: Claim) -> str:
        return obj.field_label
