"""Texts that refer to values kept once: {{fact:key}} and {{slot:key}}, which pages replace by what holds on the day."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from wpiforum import languages
from wpiforum.markup import tidy

REFERENCE = re.compile(r"\{\{\s*(fact|slot):([a-z0-9-]+)\s*\}\}")
_BRACED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def references(texts: Iterable[str | None], kind: str) -> set[str]:
    """Return the keys of all facts, or of all slots, that the texts refer to."""
    return {key for text in texts if text for found, key in REFERENCE.findall(text) if found == kind}


def columns(names: Iterable[str]) -> list[str]:
    """Return the columns of bilingual fields in every language."""
    return [f"{name}_{code}" for name in names for code in languages.CODES]


def _wrong(text: str, known: dict[str, set[str]]) -> list[str]:
    """Return a sentence for each reference of the text that is torn, formatted inside, or names nothing known."""
    sentences = []
    for found in _BRACED.findall(text):
        match = REFERENCE.fullmatch(found)
        if match is None:
            sentence = _("“%(text)s” is no reference. Write {{fact:key}} or {{slot:key}}, without formatting.")
            sentences.append(sentence % {"text": found[:60]})
        elif match[2] not in known[match[1]]:
            sentence = _("There is no value with the key “%(key)s”, to which %(text)s refers.")
            sentences.append(sentence % {"key": match[2], "text": found})
    rest = _BRACED.sub("", text)
    if "{{" in rest or "}}" in rest:
        sentences.append(_("A reference lacks its braces: it begins with {{ and ends with }}."))
    return sentences


class Referring(models.Model):
    """A row whose texts may refer to facts and slots; its rich texts are stored tidy, whoever writes them."""

    rich_fields: ClassVar[tuple[str, ...]] = ("body",)
    # Where pages replace references; anywhere else a reader would see the braces.
    referring_fields: ClassVar[tuple[str, ...]] = ("body",)
    other_texts: ClassVar[tuple[str, ...]] = ("title",)
    # The row that the address of this one hangs on, to be named with it.
    owner_field: ClassVar[str] = ""

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        known = {kind: self._known(kind) for kind in Referenced.kinds()}
        errors = {name: _wrong(getattr(self, name) or "", known) for name in columns(self.referring_fields)}
        for name in columns(self.other_texts):
            if "{{" in (getattr(self, name) or ""):
                errors[name] = [_("References to values are not replaced here. Write them in the text.")]
        if any(errors.values()):
            raise ValidationError({name: sentences for name, sentences in errors.items() if sentences})

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in columns(self.rich_fields):
            if self.__dict__.get(name):  # not what a query left out
                setattr(self, name, tidy(getattr(self, name)))
        super().save(*args, **kwargs)

    def references(self, kind: str) -> set[str]:
        """Return the keys of the facts, or slots, that this row's texts refer to, in any language."""
        return references((getattr(self, name) for name in columns(self.referring_fields)), kind)

    def _known(self, kind: str) -> set[str]:
        keys = self.references(kind)
        if not keys:
            return set()
        rows = Referenced.kinds()[kind]._default_manager.filter(key__in=keys)
        return set(rows.values_list("key", flat=True))


class ReferencedQuerySet(models.QuerySet):
    def delete(self) -> Any:
        """Delete these rows; raise ProtectedError if a text refers to one of them."""
        rows: Any = self
        for row in rows:
            row.refuse_while_used()
        return super().delete()


class Referenced(models.Model):
    """A row that texts name by its key: it stays while one of them does."""

    reference_kind: ClassVar[str] = ""
    key: Any

    class Meta:
        abstract = True

    @staticmethod
    def kinds() -> dict[str, Any]:
        """Return the models that a reference can name, by kind."""
        return {model.reference_kind: model for model in apps.get_models() if issubclass(model, Referenced)}

    @property
    def reference(self) -> str:
        """What a text holds to refer to this row."""
        return f"{{{{{self.reference_kind}:{self.key}}}}}"

    def uses(self) -> list[Any]:
        """Return the rows whose texts refer to this one, with the rows they belong to."""
        found: list[Any] = []
        for model in apps.get_models():
            if issubclass(model, Referring):
                wanted = Q()
                for name in columns(model.referring_fields):
                    wanted |= Q(**{f"{name}__contains": f"{self.reference_kind}:{self.key}"})
                rows = model._default_manager.filter(wanted)
                rows = rows.select_related(model.owner_field) if model.owner_field else rows
                # A key may begin with another key; only the whole reference counts.
                found += [row for row in rows if self.key in row.references(self.reference_kind)]
        return found

    def refuse_while_used(self) -> None:
        """Raise ProtectedError if a text refers to this row."""
        uses = self.uses()
        if uses:
            text = _("Texts refer to “%(row)s”: %(uses)s. Remove the references first.")
            named = ", ".join(str(row) for row in uses)
            raise models.ProtectedError(text % {"row": self, "uses": named}, set(uses))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the row; raise ProtectedError if a text refers to it."""
        self.refuse_while_used()
        return super().delete(*args, **kwargs)
