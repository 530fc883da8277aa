"""Maps: places where they belong, labels that do not collide, markers that can be reached and pressed."""

import json
import math
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from wpiforum import maps
from wpiforum.charts import Table
from wpiforum.maps import Place

FIXTURE = json.loads((Path(settings.BASE_DIR) / "fixtures" / "centers.json").read_text(encoding="utf-8"))
CENTERS = tuple(
    Place(row["fields"]["acronym"], float(row["fields"]["latitude"]), float(row["fields"]["longitude"]), "/x/")
    for row in FIXTURE
    if row["model"] == "centers.center"
)
WORLD = [
    Place("Cambridge", 52.2, 0.12, "#cambridge", "satellite"),
    Place("London", 51.52, -0.13, "#london", "partner"),
    Place("Solna", 59.35, 18.02, "#solna", "partner"),
    Place("Vancouver", 49.26, -123.25, "#vancouver", "satellite"),
]
EMPTY = Table((), [])


def tell(places: list[Place]) -> str:
    return ", ".join(str(place.name) for place in places)


def test_every_center_of_the_register_gets_a_label() -> None:
    assert {label.place.name for label in maps.labels(CENTERS)} == {place.name for place in CENTERS}


def test_labels_of_the_register_meet_nothing() -> None:
    found = maps.labels(CENTERS)
    assert not [(one.place.name, two.place.name) for one, two in combinations(found, 2) if maps.meet(one.box, two.box)]
    for label in found:
        for other in found:
            x, y = other.point
            assert not maps.meet(label.box, (x - maps.MARK, y - maps.MARK, x + maps.MARK, y + maps.MARK))
            if other is not label:
                assert not maps.crosses(label.point, maps._end(label.point, label.box), other.box)


@hypothesis_settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(31, 44), st.floats(130, 142)), min_size=1, max_size=6, unique=True),
)
def test_labels_never_overlap_wherever_the_places_are(where: list[tuple[float, float]]) -> None:
    places = tuple(Place(f"P{number}", *point) for number, point in enumerate(where))
    found = maps.labels(places)
    assert not any(maps.meet(one.box, two.box) for one, two in combinations(found, 2))
    assert all(label.box[0] >= 0 and label.box[2] <= maps.WIDTH for label in found)


def test_projections_put_known_places_where_they_are() -> None:
    assert maps.on_world(84, -180) == (0, 0)
    assert tuple(round(part) for part in maps.on_world(0, 0)) == (500, 233)
    assert tuple(round(part) for part in maps.on_japan(46, 122)) == (0, 0)
    assert round(maps.on_japan(24, 149)[1]) == maps.JAPAN_HEIGHT - 1


def test_outlines_stay_small_and_inside_their_boxes() -> None:
    found = maps.outlines()
    assert {name: len(found[name]) < 8000 for name in ("world", "japan")} == {"world": True, "japan": True}


def test_markers_are_links_inside_a_named_group() -> None:
    svg = ET.fromstring(str(maps.japan("m", "Title", "Text", CENTERS, EMPTY).svg))  # noqa: S314 (our own markup)
    assert svg.attrib["role"] == "group"
    assert len(list(svg.iter("a"))) == len(CENTERS)


@pytest.mark.parametrize("number", [9, 17])
def test_place_without_room_for_a_label_is_a_dot(number: int) -> None:
    crowd = [Place(f"A long name of center {count}", 35.7, 139.7, "/x/") for count in range(number)]
    svg = ET.fromstring(str(maps.japan("m", "Title", "Text", crowd, EMPTY).svg))  # noqa: S314 (our own markup)
    assert len([row for row in svg.iter() if row.attrib.get("class", "").startswith("mark ")]) == number


def test_map_without_links_is_an_image() -> None:
    place = CENTERS[0]._replace(url="")
    svg = ET.fromstring(str(maps.japan("m", "Title", "Text", [place], EMPTY).svg))  # noqa: S314 (our own markup)
    assert (svg.attrib["role"], len(list(svg.iter("a")))) == ("img", 0)


def test_clusters_keep_their_distance_and_lose_nobody() -> None:
    for distance in (maps.NEAR, maps.FAR):
        found = maps.clusters(WORLD, distance)
        assert sorted(place.name for _point, rows in found for place in rows) == sorted(p.name for p in WORLD)
        assert all(math.dist(one[0], two[0]) >= distance for one, two in combinations(found, 2))


def test_cluster_counts_and_names_its_places() -> None:
    svg = str(maps.world("w", "Title", "Text", WORLD, EMPTY, tell=tell).svg)
    assert 'aria-label="Cambridge, London"' in svg
    assert svg.count('class="for-wide"') == svg.count('class="for-narrow"') == 1


def test_place_name_is_escaped() -> None:
    svg = str(maps.japan("m", "T", "D", [Place("<i>", 35, 135, "/")], EMPTY).svg)
    assert "<i>" not in svg
