"""Forms of the staff pages: bilingual rows, unconfirmed fields, and dated rows that are judged together."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import router
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from wpiforum.provenance.constraints import NoOverlap, share_a_day

# What is no statement of a source, so that nothing about it can be unconfirmed.
NOT_STATEMENTS = {"unverified", "source", "slug", "key", "order", "live_from", "live_until"}


class UnverifiedField(forms.MultipleChoiceField):
    """The names of a row's unconfirmed fields, ticked in a list of the form's own fields."""

    widget = forms.CheckboxSelectMultiple


def form_of(user: Any, form: Any) -> Any:
    """Return the class of a form as somebody fills it in: the row as it would be saved has to be theirs to save."""
    return type(form)(form.__name__, (form,), {"user": user})


class BilingualForm(forms.ModelForm):
    """A row whose texts may be in one language or both; what the model requires is there in at least one.

    With a `user`, the row as it would be saved is asked about too: nobody moves a row, or adds one, to where they may
    not write.
    """

    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unverified = self.fields.get("unverified")
        if isinstance(unverified, UnverifiedField):
            offered = self._statements()
            stored = self.instance.unverified if isinstance(self.instance.unverified, list) else []
            unverified.choices = [*offered.items(), *((name, name) for name in stored if name not in offered)]

    def _statements(self) -> dict[str, Any]:
        """Return the labels of the fields that state something; a bilingual text as a whole and per language."""
        columns = {field.name: field for field in self._meta.model._meta.get_fields()}
        labels: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name in NOT_STATEMENTS or name.endswith("_precision"):
                continue
            column = columns.get(name)
            if isinstance(column, TranslationField):
                labels.setdefault(column.translated_field.name, capfirst(column.translated_field.verbose_name))
            labels[name] = field.label or name
        return labels

    def _post_clean(self) -> None:
        stored = {field.attname: getattr(self.instance, field.attname) for field in self.instance._meta.concrete_fields}
        super()._post_clean()  # type: ignore[misc]  # unknown to the type stubs
        if self.user is None or self.errors or not self.has_changed():
            return
        opts = self._meta.model._meta
        verb = "add" if self.instance._state.adding else "change"
        if not self.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}", self.instance):
            self.add_error(None, _("With these values the row would not be yours to edit. Choose your own center."))
            for name, value in stored.items():  # the form is shown again, as that of a row that is theirs
                setattr(self.instance, name, value)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        columns = {field.name: field for field in self._meta.model._meta.get_fields()}
        required: dict[str, list[str]] = {}
        for name in self.fields:
            column = columns.get(name)
            if isinstance(column, TranslationField) and not column.translated_field.blank:
                required.setdefault(column.translated_field.name, []).append(name)
        for names in required.values():
            if not any(self.cleaned_data.get(name) or name in self.errors for name in names):
                self.add_error(names[0], _("Fill this in, in at least one language."))
        return cleaned


class PortalInlineFormSet(BaseInlineFormSet):
    """Rows of one owner, whose messages call fields by their labels."""

    model: Any

    def get_unique_error_message(self, unique_check: Any) -> str:
        names = [name for name in unique_check if name != self.fk.name]
        labels = [str(self.model._meta.get_field(name).verbose_name) for name in names]
        return _("Two rows of this form are the same in: %(fields)s.") % {"fields": ", ".join(labels)}


class DatedForm(BilingualForm):
    """A dated row inside a `DatedFormSet`, which judges overlaps: it knows the other rows as typed."""

    _get_validation_exclusions: Callable[[], set[str]]  # Django's, unknown to the type stubs
    _update_errors: Callable[[ValidationError], None]

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions()
        for constraint in overlap_rules(self._meta.model):
            exclude.update(constraint.scope)
        try:
            self.instance.validate_constraints(exclude=exclude)
        except ValidationError as error:
            self._update_errors(error)


class DatedFormSet(PortalInlineFormSet):
    """Dated rows of one owner, judged against each other as typed and against rows outside this form."""

    _should_delete_form: Callable[[forms.BaseForm], bool]  # Django's, unknown to the type stubs

    def clean(self) -> None:
        super().clean()
        rows = [
            form
            for form in self.forms
            if form.is_valid() and not self._should_delete_form(form) and self._is_filled(form)
        ]
        if self.instance._state.adding:
            # Django withholds a new owner's key until it is saved; any one key tells its rows from others'.
            key = uuid.uuid4()
            for form in rows:
                setattr(form.instance, self.fk.attname, key)
        for constraint in overlap_rules(self.model):
            self._refuse_overlaps(constraint, rows)

    def save(self, commit: bool = True) -> Any:
        """Save so that no half-saved state breaks an overlap rule, whichever way the dates were moved.

        The changed rows are taken out first and written again with the same keys, in the same transaction:
        two rows that swap their dates never meet. Nothing cascades, and foreign keys are checked at commit.
        """
        if commit:
            moved = [
                form.instance.pk for form in self.initial_forms if form.has_changed() or self._should_delete_form(form)
            ]
            using = router.db_for_write(self.model)
            self.model._base_manager.using(using).filter(pk__in=moved)._raw_delete(using)
        return super().save(commit)

    def _is_filled(self, form: forms.BaseForm) -> bool:
        return form.has_changed() or not form.empty_permitted

    def _refuse_overlaps(self, constraint: NoOverlap, rows: list[Any]) -> None:
        """Put the constraint's sentence on each row that shares a day with an earlier or an outside row."""
        here = [form.instance.pk for form in self.initial_forms]
        judged: list[tuple[Any, Any]] = []
        for form in rows:
            row, owner = form.instance, constraint.owner_of(form.instance)
            if owner is None:
                continue
            meets_earlier = any(owner == other_owner and share_a_day(row, other) for other_owner, other in judged)
            if meets_earlier or constraint.rivals(self.model, row).exclude(pk__in=here).exists():
                form.add_error(None, constraint.violation())
            judged.append((owner, row))


def overlap_rules(model: Any) -> list[NoOverlap]:
    """Return the overlap rules of a model."""
    return [rule for rule in model._meta.constraints if isinstance(rule, NoOverlap)]
