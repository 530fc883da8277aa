"""Charts: every number is also a word, signs differ without color, labels do not meet."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpiforum import charts
from wpiforum.charts import NARROWEST, Bar, Dot, Row, Span, Table

BARS = [
    Bar("AIMR", 48, "48%", "exact", 30, "30% or more", 100),
    Bar("MANA", 45, "≈ 45%", "about", 30, "30% or more", 100),
    Bar("IPMU", 50, "> 50%", "more_than", 30, "30% or more", 100),
]
DOTS = [Dot(2008, "FY2008", 48, "48%"), Dot(2010, "FY2010", 60, "≈ 60%", "about"), Dot(2018, "FY2018", 50, "> 50%")]


def bars() -> charts.Figure:
    return charts.bars("b", "Title", "Description", BARS, ("Center", "Figure", "Asked"))


def series() -> charts.Figure:
    return charts.series("s", "Title", "Description", DOTS, ("Year", "Figure"), limit=30, limit_text="30%", scale=100)


def timeline() -> charts.Figure:
    rows = [Row("AIMR", [Span(2007, 2017, "grant"), Span(2017, 2028, "academy", 1, 2019)])]
    table = Table(("Center", "Support"), [("AIMR", "2007 to 2017")])
    return charts.timeline(
        "t", "Title", "Description", [("2007", rows)], [(2007, "2007"), (2017, "2017")], table, first=2007, last=2028
    )


def parsed(figure: charts.Figure) -> ET.Element:
    return ET.fromstring(str(figure.svg))  # noqa: S314 (our own markup)


@pytest.mark.parametrize("make", [bars, series, timeline])
def test_figure_is_an_image_with_name_description_and_table(make: object) -> None:
    figure = make()  # type: ignore[operator]
    svg = parsed(figure)
    names = [svg.find(f"*[@id='{part}']").text for part in svg.attrib["aria-labelledby"].split()]  # type: ignore[union-attr]
    assert (svg.attrib["role"], names) == ("img", ["Title", "Description"])
    assert len(figure.table.rows[0]) == len(figure.table.columns)


@pytest.mark.parametrize("make", [bars, series, timeline])
def test_figure_has_neither_style_nor_color_of_its_own(make: object) -> None:
    svg = str(make().svg)  # type: ignore[operator]
    assert not re.search(r"style=|#[0-9a-f]{3,6}\b(?!-)|rgb", svg.replace("url(#", "url("))


def test_bars_say_each_value_and_limit_and_mark_what_is_not_exact() -> None:
    texts = [node.text for node in parsed(bars()).iter("text")]
    assert [text for text in texts if "%" in str(text) and "more" not in str(text)] == ["48%", "≈ 45%", "> 50%"]
    assert texts.count("30% or more") == 3
    assert [node.attrib["class"] for node in parsed(bars()).iter("rect") if "bar " in node.attrib["class"]] == [
        "bar bar--exact",
        "bar bar--about",
        "bar bar--more_than",
    ]


def test_bar_is_as_long_as_its_share() -> None:
    widths = [node.attrib["width"] for node in parsed(bars()).iter("rect") if "bar " in node.attrib["class"]]
    assert widths == ["48%", "45%", "50%"]


def test_long_label_gets_a_line_of_its_own() -> None:
    long = [Bar("外国からの研究者の割合（研究者数から）", 48, "≈ 48%・情報が古く判定できない", "about", 30, "30%", 100)]
    nodes = [node.attrib for node in parsed(charts.bars("b", "T", "D", long, ("A", "B", "C"))).iter("text")]
    assert nodes[0]["y"] != nodes[1]["y"]
    assert nodes[1]["x"] == "0"


def test_text_from_outside_is_escaped() -> None:
    figure = charts.bars("b", "<b>", "&", [Bar("<script>", 1, "1")], ("A", "B", "C"))
    assert "<script>" not in figure.svg
    assert "&lt;script&gt;" in figure.svg


def test_announced_part_of_a_span_is_drawn_apart() -> None:
    kinds = [node.attrib["class"] for node in parsed(timeline()).iter("rect") if "span" in node.attrib["class"]]
    assert kinds == ["span span--grant", "span span--academy", "span span--academy span--planned"]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 12)), min_size=1, max_size=12))
def test_labels_of_one_lane_never_meet(wanted: list[tuple[float, int]]) -> None:
    places = sorted((share * NARROWEST, share * NARROWEST + 8 * length) for share, length in wanted)
    by_lane: dict[int, list[tuple[float, float]]] = {}
    for lane, place in zip(charts.lanes(places), places, strict=True):
        by_lane.setdefault(lane, []).append(place)
    for row in by_lane.values():
        assert all(one[1] < two[0] for one, two in pairwise(row))


@pytest.mark.parametrize(("part", "whole", "text"), [(1, 3, "33.33%"), (5, 4, "100%"), (-1, 4, "0%"), (1, 0, "0%")])
def test_share_stays_inside_the_drawing(part: float, whole: float, text: str) -> None:
    assert charts.percent(part, whole) == text
