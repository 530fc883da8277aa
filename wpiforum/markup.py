"""Rich text: what editors may write, cleaned when it is saved and again when it is shown."""

import re
from collections.abc import Callable
from html import escape, unescape

import nh3
from django.utils.safestring import SafeString, mark_safe

_BLOCKS = {"p", "br", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
TAGS = _BLOCKS | {"strong", "em", "a", "ruby", "rt", "rp"}
ATTRIBUTES = {
    "*": set(),  # else the cleaner lets title and lang through on every tag
    "a": {"href", "lang", "hreflang"},
    "th": {"scope"},
    "ol": {"start"},
    "p": {"lang"},
    "li": {"lang"},
}
_HREF = re.compile(r"""(<a\s[^>]*?href\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]+>)")
_EMPTY = re.compile(r"<p(?: [^>]*)?>(?:\s|&nbsp;|<br>)*</p>")
# An item's own paragraph, unless the item has several.
_ITEM = re.compile(r"(<li(?: [^>]*)?>)\s*<p>((?:(?!</?(?:p|ul|ol|li)\b).)*)</p>(?=\s*(?:</li>|<[uo]l\b))", re.DOTALL)
_BREAK = re.compile(r"(</(?:p|h3|h4|ul|ol|li|blockquote|table)>|<(?:ul|ol)(?: [^>]*)?>)\s*(?=<)")


def clean(html: str, *, link_rel: str | None = "noreferrer") -> str:
    """Return the text without any tag, attribute or address scheme that is not allowed."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=link_rel,
    )


def tidy(html: str) -> str:
    """Return cleaned text as it is stored, the same whichever editor wrote it: one block a line, no empty paragraph.

    Text that is tidy stays as it is, so that saving unchanged changes nothing.
    """
    text = _EMPTY.sub("", clean(html, link_rel=None))
    return _BREAK.sub(r"\1\n", _ITEM.sub(r"\1\2", text)).strip()


def trusted(html: str) -> SafeString:
    """Mark markup as safe to print; only for text that went through `clean()` or was escaped piece by piece."""
    return mark_safe(html)  # noqa: S308  the callers clean or escape


def replace_text(html: str, replace: Callable[[str], str]) -> str:
    """Apply `replace` to the text between tags, but not inside links or headings."""
    pieces, depth = [], 0
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            if re.match(r"<(a|h3|h4)[\s>]", piece):
                depth += 1
            elif re.match(r"</(a|h3|h4)>", piece):
                depth -= 1
            pieces.append(piece)
        else:
            pieces.append(piece if depth else replace(piece))
    return "".join(pieces)


def links(html: str) -> list[str]:
    """Return where the links of a rich text lead, in order."""
    return [unescape(double or single).strip() for _before, double, single in _HREF.findall(html)]


def replace_link(html: str, old: str, new: str) -> str:
    """Return the rich text with every link to `old` leading to `new`, also where readers see the address itself."""

    def lead(match: re.Match[str]) -> str:
        found = unescape(match[2] if match[2] is not None else match[3]).strip()
        return f'{match[1]}"{escape(new)}"' if found == old else match[0]

    shown = re.compile(rf"(?<=>){re.escape(escape(old, quote=False))}(?=</a>)")
    return shown.sub(lambda _match: escape(new, quote=False), _HREF.sub(lead, html))
