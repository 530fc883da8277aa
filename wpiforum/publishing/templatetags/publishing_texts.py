"""What the page of texts for translators shows."""

from django import template
from django.utils.safestring import SafeString

from wpiforum.publishing.snapshot import Change
from wpiforum.wording_diff import word_diff

register = template.Library()


@register.filter
def text_diff(change: Change) -> SafeString:
    """Return a changed text word by word."""
    return word_diff(change.before, change.after)
