"""Tags of the guides' pages."""

import re

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from wpiforum.markup import replace_text, trusted

register = template.Library()


@register.simple_tag
def ruby(text: str, readings: dict[str, str]) -> SafeString:
    """Print Japanese with the checked readings of its office words; what has no checked reading stays bare."""
    shown = str(conditional_escape(text))
    words = [word for word, reading in readings.items() if word and reading and word != reading]
    if not words:
        return trusted(shown)
    # A word whose reading already follows in brackets needs no second one.
    pattern = re.compile(
        "|".join(
            f"{re.escape(word)}(?!（{re.escape(readings[word])}）)" for word in sorted(words, key=len, reverse=True)
        )
    )

    def annotate(match: re.Match[str]) -> str:
        reading = escape(readings[match[0]])
        return f"<ruby>{match[0]}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"

    return trusted(replace_text(shown, lambda piece: pattern.sub(annotate, piece)))
