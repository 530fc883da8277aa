"""Maps as pure functions: places in, an SVG over Natural Earth's land and the same places as a table out.

Land only, without borders (tools/outlines.py makes the outlines). Markers are links; a list or table beside the map
says the same, so the map is never the only way. Labels and markers keep room for a finger on a phone of 320 px.
"""

import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wpiforum.charts import Figure, Table, Text, text_width

WIDTH = 1000
JAPAN_HEIGHT, WORLD_HEIGHT = 1008, 394
# On the narrowest phone 1000 units are 288 px; a finger needs 24 px.
FINGER = 84
LABEL = 44
MARK = 15
ORDERS = 150
LAND = 40  # how much farther a label may go to lie on the sea, per cell of land
# The world's markers keep that distance on a screen of 700 px and, drawn a second time, on a phone.
NEAR, FAR = 36, 86

Point = tuple[float, float]
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
    point: Point
    box: Box


# More labels find no room, and finding that out takes seconds.
MOST_LABELS = 16


@cache
def outlines() -> dict[str, Any]:
    """Return the outlines as path data (world and japan) and where Japan's map is land (rows of cells)."""
    return json.loads((Path(__file__).parent / "outlines.json").read_text(encoding="utf-8"))


def on_world(latitude: float, longitude: float) -> Point:
    """Return the point of a plate carrée from 180° W to 180° E and 84° N to 58° S."""
    return ((longitude + 180) * WIDTH / 360, (84 - latitude) * WIDTH / 360)


def on_japan(latitude: float, longitude: float) -> Point:
    """Return the point of a Mercator map from 122° E to 149° E and 46° N to 24° N."""

    def y(degrees: float) -> float:
        return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2)))

    return ((longitude - 122) * WIDTH / 27, (y(46) - y(latitude)) * WIDTH / 27)


def meet(one: Box, two: Box) -> bool:
    """Tell whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def crosses(start: Point, end: Point, box: Box) -> bool:
    """Tell whether a straight line touches a box (Liang and Barsky)."""
    enter, leave = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        low, high = box[axis] - start[axis], box[axis + 2] - start[axis]
        if not step:
            if low > 0 or high < 0:
                return False
            continue
        near, far = sorted((low / step, high / step))
        enter, leave = max(enter, near), min(leave, far)
    return enter <= leave


def cut(one: Point, two: Point, three: Point, four: Point) -> bool:
    """Tell whether two straight lines cut each other (by the sides their ends lie on)."""

    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(one, two, three) * side(one, two, four) < 0 and side(three, four, one) * side(three, four, two) < 0


def _end(point: Point, box: Box) -> Point:
    """Return where the line from a marker meets its label: the nearer end of the label's middle."""
    return (box[0] if point[0] <= box[0] else box[2] if point[0] >= box[2] else point[0], (box[1] + box[3]) / 2)


@lru_cache(maxsize=64)
def labels(places: tuple[Place, ...]) -> list[Label]:
    """Give every place of Japan a label that meets no other label, marker or line.

    Each place in turn takes its nearest free spot; of several orders the one with the shortest lines wins.
    """
    points = [(place, on_japan(place.latitude, place.longitude)) for place in places]
    spots = {place: _spots(point, text_width(place.name, LABEL)) for place, point in points}
    order = sorted(points, key=lambda row: (-row[1][0], row[1][1]))
    shuffle = random.Random(0).shuffle  # noqa: S311 (the same every time, no secret)
    best: tuple[float, list[Label]] = (math.inf, [])
    for _ in range(ORDERS):
        cost, found = _placed(order, spots, best[0])
        if cost < best[0]:
            best = cost, found
        shuffle(order)
    return best[1]


def _placed(
    order: list[tuple[Place, Point]], spots: dict[Place, list[tuple[float, Box]]], limit: float
) -> tuple[float, list[Label]]:
    """Place the labels in that order, until it costs more than `limit`; a place without a free spot costs most."""
    marks = [(place, (x - MARK, y - MARK, x + MARK, y + MARK)) for place, (x, y) in order]
    found: list[Label] = []
    total = 0.0
    for place, point in order:
        for cost, box in spots[place]:
            end = _end(point, box)
            if not any(
                meet(box, other.box)
                or crosses(point, end, other.box)
                or crosses(other.point, _end(other.point, other.box), box)
                or cut(point, end, other.point, _end(other.point, other.box))
                for other in found
            ) and not any(
                meet(box, mark) or (other != place and not _is_near(mark, point) and crosses(point, end, mark))
                for other, mark in marks
            ):
                found.append(Label(place, point, box))
                total += cost
                break
        else:
            total += WIDTH * 10
        if total >= limit:
            break
    return total, found


def _is_near(mark: Box, point: Point) -> bool:
    """Tell whether a marker stands in the same crowd as a point: lines of a crowd may touch its markers."""
    return math.dist(((mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2), point) < 3 * MARK


def _land(box: Box) -> int:
    """Count the cells of land under a box."""
    cells = outlines()["cells"]
    size = WIDTH / len(cells)
    left, top, right, bottom = (int(edge / size) for edge in box)
    # The text itself is lower than the finger's room around it.
    return sum(row[left : right + 1].count("#") for row in cells[top + 1 : bottom])


def _spots(point: Point, width: float) -> list[tuple[float, Box]]:
    """Return the spots for a label inside the map, the best first: near its marker, and rather east of it."""
    px, py = point
    found = []
    for away in (26, 60, 110, 170, 240):
        for down in range(-462, 463, 42):
            for x, weight in ((px + away, 1.0), (px - away - width, 1.5)):
                box = (x, py + down - FINGER / 2, x + width, py + down + FINGER / 2)
                if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= JAPAN_HEIGHT:
                    found.append((math.dist(point, _end(point, box)) * weight + LAND * _land(box), box))
    return sorted(found)


def japan(
    name: str,
    title: Text,
    description: Text,
    places: Sequence[Place],
    table: Table,
    *,
    others: Sequence[Place] = (),
) -> Figure:
    """Draw Japan with labeled places; `others` are small dots without a label, and so are places that find no room."""
    if len(places) > MOST_LABELS:
        places, others = (), (*others, *places)
    found = labels(tuple(places))
    labeled = {label.place for label in found}
    dots = [
        _circle(on_japan(place.latitude, place.longitude), 8, "mark mark--other")
        for place in (*others, *places)
        if place not in labeled
    ]
    drawn = [_label(label) for label in found]
    is_link = any(place.url for place in places)
    svg = _map(name, title, description, "japan", JAPAN_HEIGHT, [*dots, *drawn], is_link=is_link)
    return Figure(name, title, svg, table)


def _label(label: Label) -> SafeString:
    left, top, right, bottom = label.box
    end = _end(label.point, label.box)
    is_before = right <= label.point[0]  # west of its marker: the text ends where the line begins
    parts = format_html(
        '<line class="leader" x1="{}" y1="{}" x2="{}" y2="{}"/>{}<rect class="room" x="{}" y="{}" width="{}" '
        'height="{}"/><text x="{}" y="{}"{}>{}</text>',
        *(round(part) for part in (*label.point, *end)),
        _circle(label.point, MARK, f"mark mark--{label.place.kind}"),
        *(round(part) for part in (left, top, right - left, FINGER)),
        round(right - 8 if is_before else left + 8),
        round((top + bottom) / 2 + LABEL * 0.36),
        format_html(' text-anchor="{}"', "end") if is_before else "",
        label.place.name,
    )
    return format_html('<a href="{}">{}</a>', label.place.url, parts) if label.place.url else parts


def _circle(point: Point, radius: float, kind: str) -> SafeString:
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, round(point[0]), round(point[1]), radius)


def clusters(places: Iterable[Place], distance: float) -> list[tuple[Point, list[Place]]]:
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
    point: Point, members: list[Place], radius: float, size: float, tell: Callable[[list[Place]], str]
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
