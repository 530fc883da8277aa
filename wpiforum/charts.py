"""Charts as pure functions: rows in, an SVG and the same figures as a table out.

Drawn without a view box: widths are percentages and heights pixels, so that text keeps its size on every screen and a
chart never scrolls sideways. Every colour is a class of components.css; what a colour says is also said by a sign, a
pattern or a word. Nothing here uses a style attribute, which the content security policy forbids.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Text = str | Promise
# The narrowest chart: a phone of 320 px less margins and frame. Labels that do not meet here meet nowhere.
NARROWEST = 250
GLYPH = 14


class Link(NamedTuple):
    """A cell of a table that leads somewhere."""

    text: Text
    url: str


class Table(NamedTuple):
    """The same figures in words; the first cell of a row is its head."""

    columns: Sequence[Text]
    rows: Sequence[Sequence[Text | Link]]


class Figure(NamedTuple):
    name: str  # unique on the page: the ids inside the SVG begin with it
    title: Text
    svg: SafeString
    table: Table
    keys: Sequence[tuple[str, Text]] = ()  # class of a sign and what it means

    @property
    def legend(self) -> list[tuple[SafeString, Text]]:
        """Each sign of the figure, drawn as in the figure, with its meaning."""
        return [(_sign(self.name, kind), meaning) for kind, meaning in self.keys]


class Bar(NamedTuple):
    """One value against what is asked. `kind` is exact, about or more_than; `limit_text` says the limit in words."""

    label: Text
    value: float
    text: str
    kind: str = "exact"
    limit: float | None = None
    limit_text: str = ""
    scale: float | None = None  # the value at the full width; without it the largest value decides


class Dot(NamedTuple):
    """One value of a series."""

    at: float
    label: Text
    value: float
    text: str
    kind: str = "exact"


class Span(NamedTuple):
    """One stretch of time on a row; `lane` 0 lies above lane 1. From `planned_from` on it is only announced."""

    start: float
    end: float
    kind: str
    lane: int = 0
    planned_from: float | None = None


class Row(NamedTuple):
    label: Text
    spans: Sequence[Span]


def text_width(text: object, size: float = GLYPH) -> float:
    """Estimate how wide a text runs: full width for Japanese, a little over half for Latin."""
    return sum(size if ord(char) > 0x2E7F else size * 0.58 for char in str(text))


def percent(part: float, whole: float) -> str:
    """Return a share of the width as SVG writes it, kept inside the drawing."""
    share = 100 * part / whole if whole else 0
    return f"{min(max(share, 0), 100):.2f}".rstrip("0").rstrip(".") + "%"


def anchor(position: float) -> str:
    """Return the text anchor that keeps a label at this share of the width inside the drawing."""
    return "start" if position < 0.2 else "end" if position > 0.8 else "middle"


def _figure(
    name: str, title: Text, description: Text, height: int, body: Sequence[SafeString], kind: str
) -> SafeString:
    return format_html(
        '<svg class="chart chart--{}" role="img" aria-labelledby="{}-title {}-desc" width="100%" height="{}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        kind, name, name, height, name, title, name, description, _join(body),
    )  # fmt: skip


def _join(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _rect(x: str, y: float, width: str, height: float, kind: str, *, fill: str = "") -> SafeString:
    painted = format_html(' fill="{}"', fill) if fill else ""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>', kind, x, f"{y:g}", width, f"{height:g}", painted
    )


def _text(x: str, y: float, text: object, kind: str, side: str = "start", *, shift: int = 0) -> SafeString:
    moved = format_html(' dx="{}"', shift) if shift else ""
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}"{}>{}</text>', kind, x, f"{y:g}", side, moved, text
    )


def _line(x1: str, y1: float, x2: str, y2: float, kind: str) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, x1, f"{y1:g}", x2, f"{y2:g}")


def _hatch(name: str, kind: str) -> SafeString:
    """A pattern of slanted lines, so that kinds differ without their colour."""
    return format_html(
        '<defs><pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-back" width="6" height="6"/><rect class="hatch-{}" width="3" height="6"/></pattern></defs>',
        name, kind, kind,
    )  # fmt: skip


def bars(name: str, title: Text, description: Text, rows: Sequence[Bar], columns: Sequence[Text]) -> Figure:
    """Draw one bar a row: label and value above it, the limit as a mark across it with its words below.

    An approximate value is hatched; "more than" goes on as a dotted line to the right.
    """
    most = max([row.value for row in rows] + [row.limit or 0 for row in rows], default=0) * 1.1
    body, y = [_hatch(name, "about")], 0
    # Where label and value do not fit side by side on a phone, every row of the chart takes two lines.
    is_tall = any(text_width(row.label) + text_width(row.text) + GLYPH > NARROWEST for row in rows)
    for row in rows:
        scale = row.scale or most
        end = percent(row.value, scale)
        body.append(_text("0", y + 15, row.label, "label"))
        if is_tall:
            y += 19
            body.append(_text("0", y + 15, row.text, "value"))
        else:
            body.append(_text("100%", y + 15, row.text, "value", "end"))
        body.append(_rect("0", y + 22, "100%", 14, "track"))
        fill = f"url(#{name}-about)" if row.kind == "about" else ""
        body.append(_rect("0", y + 22, end, 14, f"bar bar--{row.kind}", fill=fill))
        if row.kind == "more_than":
            body.append(_line(end, y + 29, "100%", y + 29, "more"))
        y += 40
        if row.limit is not None:
            place = percent(row.limit, scale)
            body.append(_line(place, y - 22, place, y, "limit"))
            body.append(_text(place, y + 13, row.limit_text, "limit-text", anchor(row.limit / scale)))
            y += 18
        y += 12
    cells = [(row.label, row.text, row.limit_text or "–") for row in rows]
    return Figure(name, title, _figure(name, title, description, y, body, "bars"), Table(columns, cells))


def lanes(places: Sequence[tuple[float, float]]) -> list[int]:
    """Return a lane for each label (left edge, right edge), so that no two in one lane meet."""
    ends: list[float] = []
    found = []
    for left, right in places:
        lane = next((number for number, end in enumerate(ends) if end + 6 <= left), len(ends))
        if lane == len(ends):
            ends.append(right)
        else:
            ends[lane] = right
        found.append(lane)
    return found


def _edges(share: float, text: object) -> tuple[float, float]:
    """Return where a label at this share of the narrowest chart begins and ends."""
    x, width = share * NARROWEST, text_width(text)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor(share)]
    return left, left + width


def series(
    name: str,
    title: Text,
    description: Text,
    dots: Sequence[Dot],
    columns: Sequence[Text],
    *,
    limit: float | None = None,
    limit_text: str = "",
    scale: float | None = None,
) -> Figure:
    """Draw values over the years: dots joined by a line, each with its value above and its year below."""
    dots = sorted(dots, key=lambda dot: dot.at)
    first, last = dots[0].at, dots[-1].at
    top = scale or max([dot.value for dot in dots] + [limit or 0]) * 1.15
    wide = [0.06 + 0.88 * ((dot.at - first) / (last - first) if last > first else 0.5) for dot in dots]
    upper = lanes([_edges(share, dot.text) for share, dot in zip(wide, dots, strict=True)])
    lower = lanes([_edges(share, dot.label) for share, dot in zip(wide, dots, strict=True)])
    head = 18 * (max(upper) + 1) + 4
    plot, floor = 110, 18 * (max(lower) + 1) + 6
    height = head + plot + floor
    body = [_line("0", head + plot, "100%", head + plot, "axis")]

    def y(value: float) -> float:
        return round(head + plot - plot * min(value / top, 1), 1)

    if limit is not None:
        body.append(_line("0", y(limit), "100%", y(limit), "limit"))
        height += 20
        # The line's own sign beside its words: on the line itself they would meet the dots.
        body.append(_line("0", height - 9, "28", height - 9, "limit"))
        body.append(_text("36", height - 5, limit_text, "limit-text"))
    xs = [percent(share, 1) for share in wide]
    points = list(zip(xs, dots, strict=True))
    for (x1, one), (x2, two) in pairwise(points):
        body.append(_line(x1, y(one.value), x2, y(two.value), "trend"))
    for share, x, dot, over, under in zip(wide, xs, dots, upper, lower, strict=True):
        label_y = head - 6 - 18 * over
        body.append(_line(x, label_y + 4, x, head + plot, "stem"))
        body.append(format_html('<circle class="dot dot--{}" cx="{}" cy="{}" r="6"/>', dot.kind, x, y(dot.value)))
        body.append(_text(x, label_y, dot.text, "value", anchor(share)))
        body.append(_text(x, head + plot + 17 + 18 * under, dot.label, "label", anchor(share)))
    cells = [(dot.label, dot.text) for dot in dots]
    svg = _figure(name, title, description, height, body, "series")
    return Figure(name, title, svg, Table(columns, cells))


def timeline(
    name: str,
    title: Text,
    description: Text,
    groups: Sequence[tuple[Text, Sequence[Row]]],
    ticks: Sequence[tuple[float, Text]],
    table: Table,
    *,
    first: float,
    last: float,
    now: float | None = None,
    now_text: Text = "",
    keys: Sequence[tuple[str, Text]] = (),
) -> Figure:
    """Draw rows of spans over one axis of time, in groups. What is only announced is drawn open."""
    width = last - first

    def x(at: float) -> str:
        return percent(at - first, width)

    shares = [(at - first) / width for at, _label in ticks]
    tick_lanes = lanes([_edges(share, label) for share, (_at, label) in zip(shares, ticks, strict=True)])
    top = 18 * (max(tick_lanes, default=0) + 1)
    body, y = [_hatch(name, "extension")], top + 4
    for heading, rows in groups:
        body.append(_text("0", y + 18, heading, "heading"))
        y += 26
        for row in rows:
            body.append(_text("0", y + 14, row.label, "label"))
            y += 20
            depth = 1 + max((span.lane for span in row.spans), default=0)
            for span in row.spans:
                body += _span(name, span, y + 14 * span.lane, x, width)
            y += 14 * depth + 8
        y += 8
    frame: list[SafeString] = []
    for (at, label), share, lane in zip(ticks, shares, tick_lanes, strict=True):
        text_y = top - 4 - 18 * lane
        frame.append(_line(x(at), text_y + 4, x(at), y, "grid"))
        frame.append(_text(x(at), text_y, label, "tick", anchor(share)))
    if now is not None:
        body.append(_line(x(now), top, x(now), y, "now"))
        body.append(_text(x(now), y + 16, now_text, "now-text", anchor((now - first) / width)))
        y += 22
    svg = _figure(name, title, description, y, [*frame, *body], "timeline")
    return Figure(name, title, svg, table, keys)


def _span(name: str, span: Span, y: float, x: Callable[[float], str], whole: float) -> list[SafeString]:
    sure_until = min(span.end, span.planned_from) if span.planned_from is not None else span.end
    found = []
    if sure_until > span.start:
        fill = f"url(#{name}-extension)" if span.kind == "extension" else ""
        width = percent(sure_until - span.start, whole)
        found.append(_rect(x(span.start), y, width, 11, f"span span--{span.kind}", fill=fill))
    if span.end > sure_until:
        width = percent(span.end - max(sure_until, span.start), whole)
        start = max(sure_until, span.start)
        found.append(_rect(x(start), y, width, 11, f"span span--{span.kind} span--planned"))
    return found


def _sign(name: str, kind: str) -> SafeString:
    fill = f"url(#{name}-extension)" if kind == "span--extension" else ""
    return format_html(
        '<svg class="chart" width="28" height="13" aria-hidden="true" focusable="false">{}</svg>',
        _rect("1", 1, "26", 11, f"span {kind}", fill=fill),
    )
