"""Maps as pure functions: places in, an SVG over Natural Earth's land and the same places as a table out.

Land only, without borders (tools/outlines.py makes the outlines). Markers are links; a list or table beside the map
says the same, so the map is never the only way. Labels and markers keep room for a finger on a phone of 320 px.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wpiforum.charts import Figure, Table, Text, text_width

WIDTH = 1000
JAPAN_HEIGHT, WORLD_HEIGHT = 1008, 394
# On the narrowest phone 1000 units are 288 px; a finger needs 24 px.
FINGER = 84
LABEL = 44
MARK = 15
# The world's markers keep that distance on a screen of 700 px and, drawn a second time, on a phone.
NEAR, FAR = 36, 86

Box = tuple[float, float, float, float]


class Place(NamedTuple):
    """Something on a map. `kind` is its sign; places of one map share no name."""

    name: Text
    latitude: float
    longitude: float
    url: str = ""
    kind: str = "center"


class Label(NamedTuple):
    """Where a label stands: its box, and the point its line leads to."""

    place: Place
    point: tuple[float, float]
    box: Box


@cache
def outlines() -> dict[str, str]:
    """Return the outlines as path data: world and japan."""
    return json.loads((Path(__file__).parent / "outlines.json").read_text(encoding="utf-8"))


def on_world(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point of a plate carrée from 180° W to 180° E and 84° N to 58° S."""
    return ((longitude + 180) * WIDTH / 360, (84 - latitude) * WIDTH / 360)


def on_japan(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point of a Mercator map from 122° E to 149° E and 46° N to 24° N."""

    def y(degrees: float) -> float:
        return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2)))

    return ((longitude - 122) * WIDTH / 27, (y(46) - y(latitude)) * WIDTH / 27)


def meet(one: Box, two: Box) -> bool:
    """Tell whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def crosses(start: tuple[float, float], end: tuple[float, float], box: Box) -> bool:
    """Tell whether a straight line touches a box; it is walked in small steps, which is exact enough for a label."""
    steps = 24
    return any(
        box[0] < start[0] + (end[0] - start[0]) * step / steps < box[2]
        and box[1] < start[1] + (end[1] - start[1]) * step / steps < box[3]
        for step in range(steps + 1)
    )


def _end(point: tuple[float, float], box: Box) -> tuple[float, float]:
    """Return where the line from a marker meets its label: the nearer end of the label's middle."""
    return (box[0] if point[0] <= box[0] else box[2] if point[0] >= box[2] else point[0], (box[1] + box[3]) / 2)


def labels(places: Iterable[Place]) -> list[Label]:
    """Give every place of Japan a label that meets no other label, marker or line; the nearest free spot wins."""
    points = [(place, on_japan(place.latitude, place.longitude)) for place in places]
    marks = [(x - MARK, y - MARK, x + MARK, y + MARK) for _, (x, y) in points]
    found: list[Label] = []
    # From the crowded east to the west, north before south, so that lines in one bundle do not cross.
    for place, point in sorted(points, key=lambda row: (-round(row[1][0] / 150), row[1][1])):
        width = text_width(place.name, LABEL)
        best, best_cost = None, math.inf
        for x, y in _candidates(point, width):
            box = (x, y, x + width, y + FINGER)
            if x < 0 or box[2] > WIDTH or y < 0 or box[3] > JAPAN_HEIGHT:
                continue
            end = _end(point, box)
            cost = math.dist(point, end)
            if cost >= best_cost or any(meet(box, mark) for mark in marks):
                continue
            if any(meet(box, other.box) or crosses(point, end, other.box) for other in found):
                continue
            if any(crosses(other.point, _end(other.point, other.box), box) for other in found):
                continue
            best, best_cost = box, cost
        if best:
            found.append(Label(place, point, best))
    return found


def _candidates(point: tuple[float, float], width: float) -> Iterable[tuple[float, float]]:
    """Yield corners to try for a label: right and left of its marker, ever farther up and down."""
    px, py = point
    for away in (26, 60, 100, 150, 210, 280):
        for down in range(0, 520, 21):
            for sign in (1, -1) if down else (1,):
                y = py + sign * down - FINGER / 2
                yield px + away, y
                yield px - away - width, y


def japan(
    name: str,
    title: Text,
    description: Text,
    places: Sequence[Place],
    table: Table,
    *,
    others: Sequence[Place] = (),
) -> Figure:
    """Draw Japan with labeled places; `others` are small dots without a label."""
    dots = [_circle(on_japan(place.latitude, place.longitude), 8, "mark mark--other") for place in others]
    drawn = [_label(label) for label in labels(places)]
    is_link = any(place.url for place in places)
    svg = _map(name, title, description, "japan", JAPAN_HEIGHT, [*dots, *drawn], is_link=is_link)
    return Figure(name, title, svg, table)


def _label(label: Label) -> SafeString:
    end = _end(label.point, label.box)
    parts = format_html(
        '<line class="leader" x1="{}" y1="{}" x2="{}" y2="{}"/>{}<rect class="room" x="{}" y="{}" width="{}" '
        'height="{}"/><text x="{}" y="{}">{}</text>',
        *(round(part) for part in (*label.point, *end)), _circle(label.point, MARK, f"mark mark--{label.place.kind}"),
        *(round(part) for part in (*label.box[:2], label.box[2] - label.box[0], FINGER)),
        round(label.box[0]), round((label.box[1] + label.box[3]) / 2 + LABEL * 0.36), label.place.name,
    )  # fmt: skip
    return format_html('<a href="{}">{}</a>', label.place.url, parts) if label.place.url else parts


def _circle(point: tuple[float, float], radius: float, kind: str) -> SafeString:
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, round(point[0]), round(point[1]), radius)


def clusters(places: Iterable[Place], distance: float) -> list[tuple[tuple[float, float], list[Place]]]:
    """Put places together until all centers of gravity are that far apart."""
    found = [(on_world(place.latitude, place.longitude), [place]) for place in places]
    while len(found) > 1:
        pairs = [(math.dist(a[0], b[0]), i, j) for i, a in enumerate(found) for j, b in enumerate(found) if i < j]
        nearest, i, j = min(pairs)
        if nearest >= distance:
            break
        (one, ours), (two, theirs) = found[i], found[j]
        share = len(theirs) / (len(ours) + len(theirs))
        middle = (one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share)
        found[i] = (middle, ours + theirs)
        del found[j]
    return found


def world(
    name: str,
    title: Text,
    description: Text,
    places: Sequence[Place],
    table: Table,
    *,
    homes: Sequence[Place] = (),
    tell: Callable[[list[Place]], str],
) -> Figure:
    """Draw the world with one numbered marker for places that lie together; `tell` names them.

    Two sets of markers are drawn, for wide and for narrow screens; the style sheet shows one.
    """
    dots = [_circle(on_world(place.latitude, place.longitude), 4, "mark mark--other") for place in homes]
    sets = []
    for kind, distance, radius, size in (("wide", NEAR, 16, 18), ("narrow", FAR, 41, 44)):
        marks = [_cluster(point, members, radius, size, tell) for point, members in clusters(places, distance)]
        sets.append(format_html('<g class="for-{}">{}</g>', kind, format_html_join("", "{}", ((m,) for m in marks))))
    svg = _map(name, title, description, "world", WORLD_HEIGHT, [*dots, *sets], is_link=True)
    return Figure(name, title, svg, table)


def _cluster(
    point: tuple[float, float], members: list[Place], radius: float, size: float, tell: Callable[[list[Place]], str]
) -> SafeString:
    kind = "satellite" if any(place.kind == "satellite" for place in members) else "partner"
    x = min(max(point[0], radius), WIDTH - radius)
    y = min(max(point[1], radius), WORLD_HEIGHT - radius)
    return format_html(
        '<a href="{}" aria-label="{}">{}<text class="count count--{}" x="{}" y="{}" font-size="{}" '
        'text-anchor="middle">{}</text></a>',
        members[0].url, tell(members), _circle((x, y), radius, f"mark mark--{kind}"),
        kind, round(x), round(y + size * 0.36), size, len(members),
    )  # fmt: skip


def _map(
    name: str, title: Text, description: Text, land: str, height: int, body: Sequence[SafeString], *, is_link: bool
) -> SafeString:
    """Wrap a map. One with links is a group, since the parts of an image cannot be reached."""
    return format_html(
        '<svg class="map map--{}" role="{}" aria-labelledby="{}-title {}-desc" viewBox="0 0 {} {}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc><path class="land" d="{}"/>{}</svg>',
        land, "group" if is_link else "img", name, name, WIDTH, height, name, title, name, description,
        outlines()[land], format_html_join("", "{}", ((part,) for part in body)),
    )  # fmt: skip
