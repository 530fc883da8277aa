"""Tags of every page: head, dates, text in the right language, certainty."""

import re
from decimal import Decimal
from typing import Any

from babel import Locale
from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from wpiforum import languages, seo
from wpiforum.http import is_private_address
from wpiforum.remembering import remembered

register = template.Library()
_HYPHENATED = re.compile(r"\d+(?:-\d+)+")


@register.simple_tag(takes_context=True)
def page_meta(context: template.Context) -> SafeString:
    """Print title, description, canonical address and alternates from the view's `page`."""
    request: HttpRequest = context["request"]
    meta: seo.PageMeta = context.get("page") or seo.PageMeta(title="")

    def make() -> SafeString:
        return render_to_string("components/_head.html", seo.head(meta, request))

    if is_private_address(request):  # its query holds a person's dates or words
        return make()
    # The title tells a page from the errors that its address may answer with.
    return remembered(("head", request.get_full_path(), str(meta.title)), make)


class PieceNode(template.Node):
    """Renders its content once for a key while it may be remembered."""

    def __init__(self, content: template.NodeList, key: list[template.base.FilterExpression]) -> None:
        self.content, self.key = content, key

    def render(self, context: template.Context) -> SafeString:
        key = tuple(str(part.resolve(context)) for part in self.key)
        return remembered(("html", *key), lambda: self.content.render(context))


@register.tag
def piece(parser: template.base.Parser, token: template.base.Token) -> PieceNode:
    """Remember HTML: `{% piece "name" what it depends on %}…{% endpiece %}`; nothing else of the request may show."""
    key = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    content = parser.parse(("endpiece",))
    parser.delete_first_token()
    return PieceNode(content, key)


@register.simple_tag
def text(row: Any, field: str) -> str | SafeString:
    """Print a bilingual field in the reader's language, else the original marked with its language."""
    own = languages.current()
    for code in (own, *(code for code in languages.CODES if code != own)):
        value = getattr(row, f"{field}_{code}", None)
        if value:
            return value if code == own else format_html('<span lang="{}">{}</span>', code, value)
    return ""


@register.simple_tag
def other_text(row: Any, field: str) -> str | SafeString:
    """Print a bilingual field in the other language, marked with it; empty where it is the same or missing."""
    code = languages.other()
    value = getattr(row, f"{field}_{code}", None)
    if not value or value == getattr(row, f"{field}_{languages.current()}", None):
        return ""
    return format_html('<span lang="{}">{}</span>', code, value)


@register.filter
def has_text(row: Any, field: str) -> bool:
    """Tell whether a bilingual field is filled in the reader's language."""
    return bool(getattr(row, f"{field}_{languages.current()}", None))


@register.filter
def misleads(row: Any) -> bool:
    """Tell whether the reader's text of a row is wrong since its source changed (rows of `with_warnings`)."""
    return bool(getattr(row, f"is_wrong_{languages.current()}", False))


@register.filter
def plain(value: Decimal) -> str:
    """Print a figure without trailing zeros: 48, 3.6, 1,234."""
    return f"{value.normalize():,f}"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """Return the page's query string with some parameters replaced; None or "" drops one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def unbroken(value: str) -> SafeString:
    """Escape a sentence and keep its phone numbers and ISO dates from breaking at a hyphen."""
    html = _HYPHENATED.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(value))
    return mark_safe(html)  # noqa: S308  escaped above


@register.filter
def country(code: str) -> str:
    """Print a country's name from its ISO 3166-1 code (names of the Unicode CLDR)."""
    return Locale(languages.current()).territories.get(code, code)
