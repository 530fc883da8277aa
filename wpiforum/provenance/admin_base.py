"""Bases of the staff pages: both languages side by side, evidence with every row, errors that explain."""

import logging
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.http import urlencode
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField
from modeltranslation.translator import translator

from wpiforum import languages
from wpiforum.provenance.admin_forms import (
    BilingualForm,
    DatedForm,
    DatedFormSet,
    PortalInlineFormSet,
    UnverifiedField,
    form_of,
)
from wpiforum.provenance.models import Claim, Identified, Source

logger = logging.getLogger(__name__)


def pair(name: str) -> tuple[str, ...]:
    """Return the columns of a bilingual field, for one line of a fieldset."""
    return tuple(f"{name}_{code}" for code in languages.CODES)


DATES = ("start_on", "start_precision", "ending", "end_on", "end_precision")
SOURCE = ("source", "as_of_on", "as_of_precision")
# Fieldsets that every sourced page and every sourced inline end with.
EVIDENCE: Any = (_("Evidence"), {"fields": [SOURCE, "unverified"]})
UNCONFIRMED: Any = (_("Unconfirmed fields"), {"classes": ["collapse"], "fields": ["unverified"]})


def _language_label(field: Any) -> str:
    return gettext("%(field)s (%(language)s)") % {
        "field": field.translated_field.verbose_name,
        "language": dict(settings.LANGUAGES)[field.language],
    }


language_label = lazy(_language_label, str)
# Once for forms, lists, errors and claims; the library itself would say "name [ja]".
for _model in translator.get_registered_models():
    for _columns in translator.get_options_for_model(_model).all_fields.values():
        for _column in _columns:
            _column.verbose_name = language_label(_column)


def writable_languages(user: Any, row: Any) -> set[str] | None:
    """Return the languages whose texts somebody may write, as the role backend knows; None: everything of the row."""
    if user.has_perm("texts.write_all", row):
        return None
    return {code for code in languages.CODES if user.has_perm(f"texts.write_{code}", row)}


class BilingualAdmin(admin.options.BaseModelAdmin):
    """What pages and inlines share: inputs marked with their language, unconfirmed fields as a list to tick."""

    class Media:
        css = {"all": ["wpiforum/admin.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unverified":
            return UnverifiedField(
                label=_("Unconfirmed fields"), help_text=db_field.help_text, required=False, initial=list
            )
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, TranslationField) and formfield is not None:
            formfield.widget.attrs["lang"] = db_field.language  # for screen readers and spelling
        return formfield

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let whoever writes one language change its texts only, on pages and in inlines (`obj` is the owner there)."""
        found = tuple(super().get_readonly_fields(request, obj))
        codes = writable_languages(request.user, obj)
        if codes is None:
            return found
        columns = {field.name: field for field in self.model._meta.get_fields()}
        return (
            *found,
            *(
                name
                for name in flatten_fieldsets(self.fieldsets or ((None, {"fields": self.fields or ()}),))
                if name not in found
                and not (isinstance(columns.get(name), TranslationField) and columns[name].language in codes)
            ),
        )


class PortalChangeList(ChangeList):
    """A list that loads what its columns and labels read in a fixed number of queries."""

    model_admin: "PortalAdmin"

    def apply_select_related(self, qs: models.QuerySet) -> models.QuerySet:
        loaded = dict.fromkeys([*getattr(self.model, "label_relations", ()), *self.model_admin.list_prefetch_related])
        return super().apply_select_related(qs).prefetch_related(*loaded)


class PortalAdmin(BilingualAdmin, admin.ModelAdmin):
    """The staff page of one kind of row."""

    form: Any = BilingualForm
    list_prefetch_related: tuple[str, ...] = ()
    list_per_page = 50
    view_on_site: Any = False

    def _has_perm(self, request: HttpRequest, action: str, obj: Any) -> bool:
        """Ask with the row: a role may reach some rows only."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}", obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_perm(request, "view", obj) or self._has_perm(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_perm(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_perm(request, "delete", obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return form_of(request.user, super().get_form(request, obj, change, **kwargs))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_queryset(request)
        if _is_autocomplete(request):  # its answers are labels
            queryset = queryset.prefetch_related(*getattr(self.model, "label_relations", ()))
        return queryset

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show and save; what another editor saved between our check and our save is met by checking again."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        for _attempt in range(2):
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except (IntegrityError, ValidationError):
                logger.warning("A save of %s was refused by the database.", self.opts.label, exc_info=True)
        messages.error(
            request,
            _("Nothing was saved: someone else changed the same rows meanwhile. Please check and try again."),
        )
        return HttpResponseRedirect(request.get_full_path())

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        may_add = self.model in subject_models() and request.user.has_perm("provenance.add_claim")
        if obj is not None and may_add:
            about = {"content_type": ContentType.objects.get_for_model(self.model).pk, "object_id": obj.pk}
            context["add_claim_url"] = f"{reverse('admin:provenance_claim_add')}?{urlencode(about)}"
        action_form = context.get("action_form")
        if obj is not None and action_form is not None:
            choices = action_form.fields["action"].choices
            context["offered"] = [row for row in choices if row[0] and self.offers(request, obj, row[0])]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def offers(self, request: HttpRequest, obj: Any, action: str) -> bool:
        """Tell whether a row's page shows the button of an action; the action itself still judges every request."""
        return True

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Log fields by the catalogue's own words, which the history page translates."""
        log: list[dict[str, Any]] = super().construct_change_message(request, form, formsets, add)
        changed = [(form._meta.model, form.changed_data)] if form.changed_data and not add else []
        for formset in formsets or ():
            changed += [(type(row), fields) for row, fields in formset.changed_objects]
        entries = [entry["changed"] for entry in log if "changed" in entry]
        for entry, (model, fields) in zip(entries, changed, strict=True):
            entry["fields"] = _catalogue_names(model, fields)
        return log


class PortalInline(BilingualAdmin, admin.StackedInline):
    """Rows edited on their owner's page."""

    form: Any = BilingualForm
    formset = PortalInlineFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related(*getattr(self.model, "label_relations", ()))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = form_of(request.user, formset.form)
        return formset


class DatedInline(PortalInline):
    """Dated rows edited on their owner's page; overlaps are judged over the whole form."""

    form = DatedForm
    formset = DatedFormSet


class UnconfirmedFilter(admin.SimpleListFilter):
    """Rows with or without fields that no source confirms."""

    title = _("unconfirmed fields")
    parameter_name = "unconfirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Some")), ("no", _("None"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() == "yes":
            return queryset.exclude(unverified=[])
        return queryset.filter(unverified=[]) if self.value() == "no" else queryset


def subject_models() -> list[type[Identified]]:
    """Return the kinds of rows that a claim can be about: every row of a register."""
    return [model for model in apps.get_models() if issubclass(model, Identified) and model not in {Source, Claim}]


def _is_autocomplete(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match and match.url_name == "autocomplete")


def _catalogue_names(model: type[models.Model], fields: list[str]) -> list[str]:
    """Return the English words of these fields' names once each, as the history page looks them up."""
    names = []
    with override(None):
        for name in fields:
            try:
                field: Any = model._meta.get_field(name)
            except FieldDoesNotExist:
                names.append(name)
            else:
                names.append(str(getattr(field, "translated_field", field).verbose_name))
    return list(dict.fromkeys(names))
