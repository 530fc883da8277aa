"""Form fields for lists that are stored as JSON, and the editor of rich texts."""

import json
import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.forms import Script
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.widgets import prose_editor_admin_media
from js_asset import Media

# What the editor writes. A text with anything else (a table, readings over words) is edited as HTML, so that nothing
# of it is lost.
_EDITABLE = {"p", "br", "h3", "h4", "ul", "ol", "li", "strong", "em", "a"}
_LABELS: dict[str, Promise] = {
    "paragraph": gettext_lazy("Paragraph"),
    "heading3": gettext_lazy("Heading"),
    "heading4": gettext_lazy("Smaller heading"),
    "bulletList": gettext_lazy("List"),
    "orderedList": gettext_lazy("Numbered list"),
    "bold": gettext_lazy("Bold"),
    "italic": gettext_lazy("Emphasis"),
    "link": gettext_lazy("Link: select words first"),
    "unlink": gettext_lazy("Remove the link"),
    "history:undo": gettext_lazy("Undo"),
    "history:redo": gettext_lazy("Redo"),
}
# Words of the editor's own dialog, by what it calls them.
_WORDS: dict[str, Promise] = {
    "Edit Link": gettext_lazy("Link"),
    "URL": gettext_lazy("Address"),
    "Title": gettext_lazy("Title (not shown)"),
    "Update": gettext_lazy("Apply"),
    "Cancel": gettext_lazy("Cancel"),
}


def needs_html(text: str) -> bool:
    """Tell whether a text holds what the editor would drop."""
    tags = re.findall(r"<([a-z0-9]+)([^>]*)>", text)
    return any(tag not in _EDITABLE or re.search(r"\slang=", attributes) for tag, attributes in tags)


class RichTextWidget(AdminTextareaWidget):
    """A text area that becomes an editor; without scripts, and for texts the editor cannot keep, it stays one."""

    @property
    def media(self) -> Any:
        return prose_editor_admin_media + Media(js=[Script("wpiforum/rich-text.js", type="module")])

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if not needs_html(value or ""):
            labels = {key: str(label) for key, label in _LABELS.items()}
            words = {key: str(word) for key, word in _WORDS.items()}
            context["widget"]["attrs"]["data-rich-text"] = json.dumps({"labels": labels, "words": words})
        return context


class ChoiceListField(forms.MultipleChoiceField):
    """A stored list of choices, ticked."""

    widget = forms.CheckboxSelectMultiple


class LinesField(forms.CharField):
    """A stored list of words, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=AdminTextareaWidget(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class ReadingsField(forms.CharField):
    """Stored readings of words, one a line: 在留 = ざいりゅう."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=AdminTextareaWidget(attrs={"rows": 4, "lang": "ja"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{word} = {kana}" for word, kana in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        readings = {}
        for line in str(value or "").splitlines():
            if line.strip():
                word, _sign, kana = (part.strip() for part in line.replace("＝", "=").partition("="))
                if not word or not kana:
                    raise ValidationError(_("Write a word, “=” and its reading in “%(line)s”.") % {"line": line})
                readings[word] = kana
        return readings

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or {}) != self.to_python(data)
        except ValidationError:
            return True
