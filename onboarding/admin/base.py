"""What the staff pages of the guides share."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from onboarding.admin.fields import ChoiceListField, LinesField, ReadingsField, RichTextWidget
from onboarding.models.texts import Referring
from wpiforum.links.where import named
from wpiforum.provenance.admin_base import BilingualAdmin, PortalAdmin


class GuideFields(BilingualAdmin):
    """Lists that are stored as JSON are ticked or typed one a line; rich texts get the editor."""

    choice_lists: ClassVar[dict[str, type[models.TextChoices]]] = {}
    line_lists: ClassVar[tuple[str, ...]] = ()
    readings: ClassVar[str] = ""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        about = {
            "label": capfirst(db_field.verbose_name),
            "help_text": db_field.help_text,
            "required": not db_field.blank,
        }
        if db_field.name in self.choice_lists:
            return ChoiceListField(choices=self.choice_lists[db_field.name].choices, **about)
        if db_field.name in self.line_lists:
            return LinesField(**about)
        if db_field.name == self.readings:
            return ReadingsField(**about)
        column = getattr(db_field, "translated_field", db_field)
        if issubclass(self.model, Referring) and column.name in self.model.rich_fields:
            kwargs["widget"] = RichTextWidget
        elif isinstance(db_field, models.TextField):
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class GuideRowAdmin(GuideFields, PortalAdmin):
    """The staff page of a row of the guides."""


class ReferencedAdmin(GuideRowAdmin):
    """The staff page of a row that texts refer to by its key: what to copy, and no deletion while a text does."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = (*super().get_readonly_fields(request, obj), "copyable")
        return own if obj is None else (*own, "key")  # texts would lose what they refer to

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        protected += [named(row) for obj in objs for row in obj.uses()]
        return found, counts, lacking, protected

    @admin.display(description=_("to copy into a text"))
    def copyable(self, obj: Any) -> str:
        return format_html("<code>{}</code>", obj.reference)


def bullets(items: Iterable[Any]) -> SafeString:
    """Return a list for a panel that is only read."""
    return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", ((item,) for item in items)))
