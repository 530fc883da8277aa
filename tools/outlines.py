"""Turn Natural Earth's land (npm world-atlas 2.0.2) into the two outlines of the maps: outlines.py FOLDER.

FOLDER holds land-110m.json and land-10m.json (`npm pack world-atlas@2.0.2`). Land only, without borders. The result,
wpiforum/outlines.json, is committed; the input is not.
"""

import itertools
import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]
TARGET = Path(__file__).resolve().parent.parent / "wpiforum" / "outlines.json"
WIDTH = 1000
CELLS = 40
WORLD = (-180.0, -58.0, 180.0, 84.0)  # Antarctica is left out
JAPAN = (122.0, 24.0, 149.0, 46.0)


def rings(path: Path) -> Iterator[Ring]:
    """Yield the outer and inner rings of a TopoJSON land file in degrees, arcs decoded and joined."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for indexes in polygon:
                ring: Ring = []
                for index in indexes:
                    points = arcs[index] if index >= 0 else arcs[~index][::-1]
                    ring += points[1:] if ring else points
                yield ring


def unwrapped(ring: Ring) -> list[Ring]:
    """Return a ring without jumps at 180°; one that crosses it twice, once for each edge of the map."""
    turn, found = 0.0, [ring[0]]
    for (before, _), (lon, lat) in itertools.pairwise(ring):
        turn += -360 if lon - before > 180 else 360 if lon - before < -180 else 0
        found.append((lon + turn, lat))
    if all(-180 <= lon <= 180 for lon, _ in found):
        return [found]
    shift = 360 if min(lon for lon, _ in found) < -180 else -360
    return [found, [(lon + shift, lat) for lon, lat in found]]


def clipped(ring: Ring, box: tuple[float, float, float, float]) -> Ring:
    """Cut a ring to a box (Sutherland and Hodgman), edge by edge."""
    west, south, east, north = box
    edges: list[tuple[int, float, int]] = [(0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)]
    for axis, limit, sign in edges:
        kept: Ring = []
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            inside, next_inside = (start[axis] - limit) * sign >= 0, (end[axis] - limit) * sign >= 0
            if inside:
                kept.append(start)
            if inside != next_inside:
                part = (limit - start[axis]) / (end[axis] - start[axis])
                kept.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
        ring = kept
        if not ring:
            break
    return ring


def simplified(points: Ring, tolerance: float) -> Ring:
    """Drop points that stray less than the tolerance from the line through their neighbors (Douglas and Peucker)."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)

    def off(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - x1, point[1] - y1)
        return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / length

    index = max(range(1, len(points) - 1), key=lambda number: off(points[number]))
    if off(points[index]) <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: index + 1], tolerance)[:-1] + simplified(points[index:], tolerance)


def area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def path_data(found: list[Ring]) -> str:
    """Return rings as one SVG path of whole relative steps."""
    parts = []
    for ring in found:
        whole = [(round(x), round(y)) for x, y in ring]
        x, y = whole[0]
        steps = []
        for next_x, next_y in whole[1:]:
            if (next_x, next_y) != (x, y):
                steps.append(f"{next_x - x} {next_y - y}")
                x, y = next_x, next_y
        parts.append(f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(parts)


def outline(
    path: Path,
    box: tuple[float, float, float, float],
    project: Callable[[Point], Point],
    *,
    tolerance: float,
    smallest: float,
) -> str:
    found = []
    for ring in rings(path):
        for whole in unwrapped(ring):
            cut = clipped(whole, box)
            if len(cut) < 4:
                continue
            drawn = [project(point) for point in cut]
            # A closed ring has no ends to draw a line between: simplify its two halves.
            middle = len(drawn) // 2
            short = simplified(drawn[: middle + 1], tolerance)[:-1] + simplified([*drawn[middle:], drawn[0]], tolerance)
            if area(short) >= smallest:
                found.append(short)
    return path_data(sorted(found, key=area, reverse=True))


def land_cells(path: Path) -> list[str]:
    """Return Japan's map as rows of cells, # where there is land: labels keep to the sea."""
    found = [[mercator(point) for point in cut] for ring in rings(path) if len(cut := clipped(ring, JAPAN)) > 3]
    found = [simplified(ring, 4) for ring in found if area(ring) > 40]

    def is_land(x: float, y: float) -> bool:
        inside = False
        for ring in found:
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
        return inside

    centers = [round((number + 0.5) * WIDTH / CELLS, 1) for number in range(CELLS)]
    return ["".join("#" if is_land(x, y) else "." for x in centers) for y in centers]


def plate(point: Point) -> Point:
    west, _south, east, north = WORLD
    scale = WIDTH / (east - west)
    return ((point[0] - west) * scale, (north - point[1]) * scale)


def mercator(point: Point) -> Point:
    west, _south, east, north = JAPAN
    scale = WIDTH / (east - west)

    def y(lat: float) -> float:
        return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))

    return ((point[0] - west) * scale, (y(north) - y(point[1])) * scale)


def main(folder: str) -> None:
    source = Path(folder)
    made = {
        "world": outline(source / "land-110m.json", WORLD, plate, tolerance=1.2, smallest=6),
        "japan": outline(source / "land-10m.json", JAPAN, mercator, tolerance=2.2, smallest=12),
    }
    TARGET.write_text(
        json.dumps({**made, "cells": land_cells(source / "land-10m.json")}, indent=0) + "\n", encoding="utf-8"
    )
    for name, data in made.items():
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: outlines.py FOLDER")
    main(sys.argv[1])
