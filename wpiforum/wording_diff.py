"""What changed between two texts, word by word, as markup for staff; link targets are part of the text."""

import html
import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|li|ul|ol|h\d|br|tr|table|blockquote)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
# A Latin word, a number, one character of Japanese, or a run of spaces.
_TOKEN = re.compile(r"[A-Za-zÀ-ɏ0-9'’._-]+|\s+|.", re.DOTALL)


def readable(text: str) -> str:
    """Return rich text as lines of words, each link with its target behind it."""
    text = _LINK.sub(lambda match: f"{match[2]} <{match[1]}>".replace("<", "‹").replace(">", "›"), text)
    text = _TAG.sub("", _BLOCK.sub("\n", text))
    return re.sub(r"\s*\n\s*", "\n", html.unescape(text)).strip()


def word_diff(before: str | None, after: str | None) -> SafeString:
    """Return the newer text with what went as `del` and what came as `ins`."""
    old, new = _TOKEN.findall(readable(before or "")), _TOKEN.findall(readable(after or ""))
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(format_html("{}", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(format_html("<del>{}</del>", "".join(old[a:b])))
        if d > c:
            pieces.append(format_html("<ins>{}</ins>", "".join(new[c:d])))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
