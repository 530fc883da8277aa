"""What a text states in figures, in a form that both languages share: the vocabulary of the gate for pairs.

"14 days", 「14日以内」 and "two weeks" are the same quantity; so are 令和8年4月1日 and 1 April 2026, ０３－１２３４ and
03-1234, 7億円 and ¥700 million.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple


class Quantity(NamedTuple):
    """One stated figure. `kind` tells what it counts; a soft one may be left unsaid on the other side."""

    kind: str
    value: str
    is_soft: bool = False

    def __str__(self) -> str:
        return f"{self.value} {self.kind}" if self.kind not in {"number", "date", "url", "phone"} else self.value


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905  read as a row
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),  # noqa: SIM905
        start=1,
    )
} | {"once": 1, "twice": 2, "half": 2, "double": 2, "single": 1, "both": 2, "a": 1, "an": 1}
_KANJI = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ERAS = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988, "reiwa": 2018,
}  # fmt: skip
_SCALES_JA = {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 10**3}
_SCALES_EN = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
_UNITS_JA = (
    ("営業日", "days", 1), ("業務日", "days", 1),
    ("時間", "hours", 1), ("週間", "days", 7), ("週", "days", 7), ("日間", "days", 1), ("か月", "months", 1),
    ("カ月", "months", 1), ("ヶ月", "months", 1), ("ヵ月", "months", 1), ("箇月", "months", 1), ("年間", "years", 1),
    ("年", "years", 1), ("日", "days", 1), ("時", "clock", 1), ("分", "minutes", 1), ("%", "percent", 1),
    ("パーセント", "percent", 1), ("割", "percent", 10), ("円", "yen", 1), ("ドル", "dollars", 1),
)  # fmt: skip
_UNITS_EN = (
    (r"hours?", "hours", 1), (r"weeks?", "days", 7), (r"(?:calendar |working |business )?days?", "days", 1),
    (r"months?", "months", 1), (r"years?", "years", 1), (r"minutes?", "minutes", 1), (r"%|percent", "percent", 1),
    (r"yen", "yen", 1), (r"(?:U\.?S\.? )?dollars?|USD", "dollars", 1),
)  # fmt: skip
_EVERY = (
    ("weekly", "days", "7"),
    ("daily", "days", "1"),
    ("monthly", "months", "1"),
    ("yearly|annual(?:ly)?", "years", "1"),
)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"


def normalize(text: str) -> str:
    """Return the text with full-width forms, dashes and wave dashes folded."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[‐‑‒–—―−ー](?=\d)", "-", re.sub(r"[〜～]", "~", text))


def _plain(number: str) -> str:
    return f"{Decimal(number.replace(',', '')).normalize():f}"


class _Reader:
    """Takes quantities out of a text, piece by piece: what one pattern has read, the next does not see."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: set[Quantity] = set()

    def take(self, pattern: str, read: Callable[[re.Match[str]], Iterable[Quantity] | Quantity | None]) -> None:
        def replace(match: re.Match[str]) -> str:
            result = read(match)
            if result is None:
                return match[0]
            self.found.update([result] if isinstance(result, Quantity) else result)
            return " \n "

        self.text = re.sub(pattern, replace, self.text, flags=re.IGNORECASE)


def _date(year: int | None, month: int, day: int | None, *, is_soft: bool = False) -> Quantity:
    value = f"{year:04d}-" if year else "--"
    return Quantity("date", f"{value}{month:02d}" + (f"-{day:02d}" if day else ""), is_soft)


def _clock(hour: str, minute: str | None) -> Quantity:
    """Return a time of day on the twelve-hour dial: 17:15, 午後5時15分 and 5:15 p.m. are one."""
    return Quantity("clock", f"{int(hour) % 12}:{int(minute or 0):02d}")


def _number(text: str) -> Quantity:
    """Return a bare number; a bare 1 ("day 1", 1回) is often said with a word on the other side."""
    value = _plain(text)
    return Quantity("number", value, is_soft=value == "1")


def _common(reader: _Reader) -> None:
    reader.take(r"\{\{\s*(fact|slot):([\w-]+)\s*\}\}", lambda m: Quantity("reference", f"{m[1]}:{m[2]}"))
    reader.take(r"https?://[^\s<>\"'）)」、。]+", lambda m: Quantity("url", m[0].rstrip(".,")))
    reader.take(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda m: Quantity("email", m[0].lower()))
    reader.take(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", lambda m: _date(int(m["y"]), int(m["m"]), int(m["d"])))
    reader.take(
        r"(?<![\d-])(?:\+81[- ]?\d{1,4}|\(?0\d{1,4}\)?)[- ]\d{1,4}(?:[- ]\d{2,4})?(?![\d-])",
        lambda m: Quantity("phone", re.sub(r"^81", "0", re.sub(r"\D", "", m[0]))),
    )
    reader.take(r"(\d{4})年(\d+)月(\d+)日", lambda m: _date(int(m[1]), int(m[2]), int(m[3])))
    reader.take(r"(\d+)分の(\d+)", lambda m: Quantity("number", f"{m[2]}/{m[1]}"))
    reader.take(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])", lambda m: Quantity("number", f"{m[1]}/{m[2]}"))
    reader.take(r"#\d{3,5}", lambda m: Quantity("phone", m[0]))
    reader.take(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)", lambda m: _clock(m[1], m[2]))


def japanese(text: str) -> set[Quantity]:
    """Return what a Japanese text states."""
    reader = _Reader(normalize(text))
    _common(reader)
    era = "|".join(name for name in _ERAS if not name.isascii())

    def era_year(match: re.Match[str]) -> int:
        return _ERAS[match["era"]] + (1 if match["y"] == "元" else int(match["y"]))

    reader.take(
        rf"(?P<era>{era})(?P<y>元|\d+)年(?P<m>\d+)月(?P<d>\d+)日",
        lambda m: _date(era_year(m), int(m["m"]), int(m["d"])),
    )
    reader.take(rf"(?P<era>{era})(?P<y>元|\d+)年(?P<m>\d+)月", lambda m: _date(era_year(m), int(m["m"]), None))
    reader.take(r"(?P<y>\d{4})年(?P<m>\d+)月", lambda m: _date(int(m["y"]), int(m["m"]), None))
    reader.take(rf"(?P<era>{era})(?P<y>元|\d+)年度", lambda m: Quantity("fiscal year", str(era_year(m))))
    reader.take(r"(\d{4})年度", lambda m: Quantity("fiscal year", m[1]))
    reader.take(rf"(?P<era>{era})(?P<y>元|\d+)年", lambda m: Quantity("year", str(era_year(m))))
    reader.take(r"((?:19|20)\d\d)年", lambda m: Quantity("year", m[1]))
    reader.take(r"(\d+)月(\d+)日", lambda m: _date(None, int(m[1]), int(m[2])))
    reader.take(r"(?<![\dか])(1[0-2]|[1-9])月", lambda m: _date(None, int(m[1]), None))
    reader.take(r"(\d+)時(?:(\d+)分)?(?!間)", lambda m: _clock(m[1], m[2]))
    reader.text = re.sub(
        rf"(?:{_NUMBER}(?:{'|'.join(_SCALES_JA)}))+(?:{_NUMBER})?", lambda m: _digits(m[0]), reader.text
    )
    units = "|".join(re.escape(unit) for unit, _kind, _times in _UNITS_JA)
    table = {unit: (kind, times) for unit, kind, times in _UNITS_JA}

    def counted(match: re.Match[str]) -> list[Quantity]:
        kind, times = table[match["unit"]]
        return [Quantity(kind, _times(number, times)) for number in re.findall(_NUMBER, match["numbers"])]

    reader.take(rf"(?P<numbers>{_NUMBER}(?:\s*[~・、-]\s*{_NUMBER})*)\s*(?P<unit>{units})", counted)
    reader.take(rf"(?<![A-Za-z\d])({_NUMBER})", lambda m: _number(m[1]))
    reader.take("[一二三四五六七八九十]", lambda m: Quantity("number", str(_KANJI[m[0]]), is_soft=True))
    return reader.found


def _digits(text: str) -> str:
    """Return an amount written with 億 and 万 in plain digits, so that the unit after it is read with it."""
    total = Decimal(0)
    for number, scale in re.findall(rf"({_NUMBER})({'|'.join(_SCALES_JA)})?", text):
        total += Decimal(number.replace(",", "")) * _SCALES_JA.get(scale, 1)
    return f"{total.normalize():f}"


def _times(number: str, times: int) -> str:
    return f"{(Decimal(number.replace(',', '')) * times).normalize():f}"


def _softly(quantity: Quantity) -> Callable[[re.Match[str]], Quantity]:
    """Return a reader that answers every match with this quantity."""
    return lambda match: quantity


def english(text: str) -> set[Quantity]:
    """Return what an English text states."""
    reader = _Reader(normalize(text))
    _common(reader)
    eras = "|".join(name for name in _ERAS if name.isascii())

    def month(match: re.Match[str]) -> int:
        return _MONTHS[match["month"].lower()]

    day, year = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", r"(?P<y>(?:19|20|21)\d\d)"
    reader.take(rf"\b{day} {_MONTH},? {year}", lambda m: _date(int(m["y"]), month(m), int(m["d"])))
    reader.take(rf"\b{_MONTH} {day},? {year}", lambda m: _date(int(m["y"]), month(m), int(m["d"])))
    reader.take(
        rf"\b(?:{day} )?(?:of )?(?P<era>{eras}) (?P<n>\d+)",
        lambda m: Quantity("year", str(_ERAS[m["era"].lower()] + int(m["n"]))),
    )
    reader.take(rf"\b{_MONTH} {year}", lambda m: _date(int(m["y"]), month(m), None))
    reader.take(rf"\b{day} {_MONTH}\b", lambda m: _date(None, month(m), int(m["d"])))
    reader.take(rf"\b{_MONTH} {day}\b(?!,? ?\d)", lambda m: _date(None, month(m), int(m["d"])))
    reader.take(rf"(?:FY|fiscal year ){year}", lambda m: Quantity("fiscal year", m["y"]))
    # "may" and "march" are words too: alone, a month's name is one only with a capital, and then a soft one.
    reader.take(
        rf"\b(?-i:(?=[A-Z]))(?=[a-z]{{3,}}){_MONTH}\b(?!['’])",
        lambda m: _date(None, month(m), None, is_soft=m[0] in {"May", "March"}),
    )
    reader.take(r"(\d{1,2})(?::(\d\d))? ?[ap]\.?m\b\.?", lambda m: _clock(m[1], m[2]))
    reader.text = re.sub(
        rf"({_NUMBER})\s*({'|'.join(_SCALES_EN)})\b",
        lambda m: f"{(Decimal(m[1].replace(',', '')) * _SCALES_EN[m[2].lower()]).normalize():f}",
        reader.text,
        flags=re.IGNORECASE,
    )
    reader.take(rf"(?:¥|JPY ?)({_NUMBER})", lambda m: Quantity("yen", _plain(m[1])))
    reader.take(rf"(?:US)?\$ ?({_NUMBER})", lambda m: Quantity("dollars", _plain(m[1])))
    words = "|".join(sorted(_WORDS, key=len, reverse=True))

    for pattern, kind, times in _UNITS_EN:

        def counted(match: re.Match[str], kind: str = kind, times: int = times) -> list[Quantity]:
            return [Quantity(kind, _times(number, times)) for number in re.findall(_NUMBER, match["numbers"])]

        def spelled(match: re.Match[str], kind: str = kind, times: int = times) -> list[Quantity]:
            return [
                Quantity(kind, _times(str(_WORDS[word.lower()]), times))
                for word in re.findall(rf"\b(?:{words})\b", match["numbers"], re.IGNORECASE)
            ]

        boundary = "" if pattern.startswith("%") else r"\b"
        joined = r"\s*(?:~|-|to|or|and|,)\s*"
        reader.take(rf"(?P<numbers>{_NUMBER}(?:{joined}{_NUMBER})*)[ -]?(?:{pattern}){boundary}", counted)
        reader.take(rf"\b(?P<numbers>(?:{words})(?:{joined}(?:{words}))*)[ -](?:{pattern}){boundary}", spelled)
        reader.take(
            rf"\b(?:an?|one|each|per|the|every)[ -](?:{pattern}){boundary}",
            _softly(Quantity(kind, str(times), is_soft=True)),
        )
    for word, kind, value in _EVERY:
        reader.take(rf"\b(?:{word})\b", _softly(Quantity(kind, value, is_soft=True)))
    reader.take(rf"\b{year}\b", lambda m: Quantity("year", m["y"]))
    reader.take(rf"(?<![A-Za-z\d])({_NUMBER})(?:st|nd|rd|th)?", lambda m: _number(m[1]))
    soft = _WORDS | _ORDINALS
    reader.take(
        rf"\b(?:{'|'.join(sorted(soft, key=len, reverse=True))})\b",
        lambda m: Quantity("number", str(soft[m[0].lower()]), is_soft=True),
    )
    return reader.found


def read(text: str, code: str) -> set[Quantity]:
    """Return what a text in that language states."""
    return japanese(text) if code == "ja" else english(text)


def _same(one: Quantity, other: Quantity) -> bool:
    """Tell whether two quantities state the same: with the same unit, or bare, or as a date without its year."""
    if one.kind == other.kind == "date":
        (year, tail), (other_year, other_tail) = _split_date(one.value), _split_date(other.value)
        # One language says the year once for both ends of a range.
        return tail == other_tail and (year == other_year or not year or not other_year)
    if one.kind == other.kind:
        return one.value == other.value
    kinds = {one.kind, other.kind}
    if "number" not in kinds and not (one.is_soft or other.is_soft) and kinds != {"year", "years"}:
        return False
    if "clock" in kinds:
        clock, bare = (one, other) if one.kind == "clock" else (other, one)
        return bare.value.isdigit() and clock.value == f"{int(bare.value) % 12}:00"
    return one.value == other.value


def _split_date(value: str) -> tuple[str, str]:
    return ("", value[2:]) if value.startswith("--") else (value[:4], value[5:])


def _missing(quantities: set[Quantity], others: set[Quantity]) -> list[Quantity]:
    return sorted(one for one in quantities if not one.is_soft and not any(_same(one, other) for other in others))


def differences(ja: str, en: str) -> tuple[list[Quantity], list[Quantity]]:
    """Return what only the Japanese states and what only the English states; soft figures are never missed."""
    left, right = japanese(ja), english(en)
    return _missing(left, right), _missing(right, left)
