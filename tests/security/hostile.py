"""What a hostile reader sends: strings that break programs, and how to see that a page let markup of theirs in."""

from html.parser import HTMLParser
from urllib.parse import quote

# A name that only markup of the attacker has.
MARK = "evil7"
_TEXTS = [
    "", " ", "\x00", "a\x00b", "\x00\x01\x02", "\t\r\n", "\r\nSet-Cookie: x=1", "undefined", "null", "None", "NaN",
    "Infinity", "-1", "0", "00", "1e309", "9" * 400, "9" * 5000, "-9223372036854775809", "9223372036854775808", "0x10",
    "1_000", "１２３", "٣", "²", "1/0", "2026-02-30", "9999-12-31", "0000-00-00", "-0001-01-01", "10000-01-01",
    "2026-04-01T00:00:00Z", "２０２６-０４-０１", "' OR '1'='1", '"', "\\", "%", "%%", "%s", "%(x)s", "{}",
    "{0.__class__}",
    "{{ 7*7 }}", "${7*7}", "../../../etc/passwd", "..\\..\\", "file:///etc/passwd", "C:\\", "con", "\ud800",
    "a\udfffb", "\ud7ff", "\ufeff", "\u200b", "\u202e\u0645\u2066", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "ｶﾀｶﾅ", "か\u3099", "Z" + "\u0351" * 60, "𠮷野家", "ﷺ" * 50, "İ", "ß", "A" * 5000, "\uffff", "\U0010ffff",
    "; ls", "`id`", "$(id)", "()", "[", "*", "?", "_", "&", "#", "+", "=", ",", ";", "true", "AND", "OR NOT",
    '"unclosed', "NEAR(a b)", "a:b", "a*", "^a", "-a", "//evil.example", "javascript:alert(1)",
    f"<{MARK}>", f'"><{MARK} {MARK}=1>', f"'><{MARK}>", f'" {MARK}=1 x="', f"' {MARK}=1 x='", f"</title><{MARK}>",
    f"</script><{MARK}>", f"--><{MARK}>", f"\x00<{MARK}>", f"＜{MARK}＞", f"<scr<{MARK}>ipt>", f"&lt;{MARK}&gt;",
]  # fmt: skip
# As they stand in an address. The last cannot be said as text: broken UTF-8, an overlong slash, percent signs twice.
STRINGS = [quote(text, safe="", errors="surrogatepass") for text in _TEXTS] + ["%ff", "%c0%af", "%2500", "%252e%252e"]
# What the quick suite tries: what PostgreSQL refuses in a text, and markup.
SAMPLE = ["a%00b", quote(f'"><{MARK} {MARK}=1>', safe="")]


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in [(tag, ""), *attrs]:
            is_script = name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:")
            if name.startswith(MARK) or is_script:
                self.found.append(self.get_starttag_text() or "")


def reflected(html: str) -> list[str]:
    """Return the tags of a page that the attacker wrote: named by them, with an attribute of theirs, or a script."""
    marks = _Marks()
    marks.feed(html)
    return marks.found
