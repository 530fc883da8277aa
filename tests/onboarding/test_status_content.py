"""The loaded status guide and points table: every way ends, both languages agree, and the points add up by hand."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from modeltranslation.translator import translator

from onboarding import points, status
from onboarding.choices import ResultKind
from onboarding.models import (
    Guide,
    PointGroup,
    PointItem,
    StatusAnswer,
    StatusFlag,
    StatusQuestion,
    StatusResult,
)
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.publishing.gate import Level, check_row

pytestmark = [pytest.mark.usefixtures("loaded_fixtures"), pytest.mark.django_db, pytest.mark.content]
TODAY = date(2026, 11, 23)
MODELS: tuple[Any, ...] = (StatusQuestion, StatusAnswer, StatusFlag, StatusResult, PointGroup, PointItem)
LEAVES = {
    "l0", "l-tv", "l-prof", "l-hsp-a", "l-hsp-b", "l-res", "l-ehi", "l-ca", "l-stu", "l-dep", "l-da33", "l-da34",
    "l-da2", "l-da36", "l-da51", "l-ask",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _day(japan_noon: Callable[[date], None]) -> None:
    japan_noon(TODAY)


def the_graph() -> status.Graph:
    results = StatusResult.objects.published().values_list("key", flat=True)
    return status.graph_of(StatusQuestion.objects.published().for_graph(), results)


def test_loaded_graph_has_no_problem() -> None:
    assert status.problems(the_graph()) == []


def test_loaded_guide_has_all_questions_and_results() -> None:
    made = the_graph()
    assert set(made.questions) == {*(f"n{number}" for number in (*range(10), *range(20, 24))), "n8b", "n9b"}
    assert made.results == LEAVES | {"l-ca-or-prof"}


def test_every_way_from_the_start_ends_in_a_result_and_every_result_is_reached() -> None:
    ends = list(status.ways(the_graph()))
    assert len(ends) == 51
    assert [end for end in ends if end.result is None or end.is_broken] == []
    assert {end.result for end in ends} == LEAVES | {"l-ca-or-prof"}
    assert max(len(end.given) for end in ends) == 7


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ("n0.yes", "l0"),
        ("n0.no n1.researcher n2.yes n3.no", "l-tv"),
        ("n0.no n1.researcher n2.yes n3.lecture", "l-tv"),
        ("n0.no n1.researcher n2.yes n3.yes n5.university n6.no", "l-prof"),
        ("n0.no n1.researcher n2.no n4.yes n5.university n6.yes", "l-hsp-a"),
        ("n0.no n1.researcher n2.no n4.no n7.yes", "l-ca"),
        ("n0.no n1.researcher n2.no n4.no n7.no", "l-ask"),
        ("n0.no n1.researcher n2.no n4.not-sure", "l-ca-or-prof"),
        ("n0.no n1.researcher n2.no n4.yes n5.institute n8.yes", "l-hsp-a"),
        ("n0.no n1.researcher n2.no n4.yes n5.institute n8.no n8b.yes", "l-res"),
        ("n0.no n1.researcher n2.no n4.yes n5.institute n8.no n8b.no", "l-ask"),
        ("n0.no n1.researcher n2.no n4.yes n5.company n9.yes", "l-hsp-b"),
        ("n0.no n1.researcher n2.no n4.yes n5.company n9.no n9b.yes", "l-ehi"),
        ("n0.no n1.researcher n2.no n4.yes n5.company n9.no n9b.no", "l-ask"),
        ("n0.no n1.researcher n2.no n4.yes n5.designated", "l-da36"),
        ("n0.no n1.student", "l-stu"),
        ("n0.no n1.graduate", "l-da51"),
        ("n0.no n1.family n20.of-visitor", "l-tv"),
        ("n0.no n1.family n20.child", "l-dep"),
        ("n0.no n1.family n20.spouse n21.no", "l-dep"),
        ("n0.no n1.family n20.spouse n21.of-hsp", "l-da33"),
        ("n0.no n1.family n20.spouse n21.own-job n5.university n6.no", "l-prof"),
        ("n0.no n1.family n20.spouse n21.same-sex", "l-ask"),
        ("n0.no n1.family n20.parent n22.yes", "l-da34"),
        ("n0.no n1.family n20.parent n22.no", "l-tv"),
        ("n0.no n1.family n20.domestic-worker n23.yes", "l-da2"),
        ("n0.no n1.family n20.domestic-worker n23.no", "l-ask"),
        ("n0.no n1.family n20.relative-short", "l-tv"),
        ("n0.no n1.family n20.relative-long", "l-ask"),
    ],
)
def test_answers_lead_where_the_material_says(answers: str, result: str) -> None:
    at = status.walk(the_graph(), answers.split())
    assert (at.result, at.is_broken) == (result, False)


def test_every_way_opens_in_both_languages_with_the_same_result(client: Client) -> None:
    """The same address under the other prefix is the same page: its links to sources and guides are the same."""
    shortest: dict[str, status.Position] = {}
    for end in status.ways(the_graph()):
        found = shortest.get(str(end.result))
        if found is None or len(end.given) < len(found.given):
            shortest[str(end.result)] = end
    for key, end in shortest.items():
        result = StatusResult.objects.get(key=key)
        links = {}
        for code in LANGUAGES:
            html = page(client, f"/{code}/status/{status.query(end.given)}")
            assert getattr(result, f"name_{code}") in html, key
            assert "{{" not in html
            body = html[html.index("<main") : html.index("</main>")]
            links[code] = sorted(re.findall(r'href="(?:/(?:ja|en))?([^"]*)"', body))
        assert links["ja"] == links["en"], key


def test_every_question_opens_in_both_languages(client: Client) -> None:
    seen = set()
    for end in status.ways(the_graph()):
        for number, given in enumerate(end.given):
            if given.question not in seen:
                seen.add(given.question)
                for code in LANGUAGES:
                    html = page(client, f"/{code}/status/{status.query(end.given[:number])}")
                    assert "{{" not in html
                    assert "<h1>" in html
    assert seen == set(the_graph().questions)


def test_result_never_reads_as_a_verdict(client: Client) -> None:
    for end in status.ways(the_graph()):
        text = main_text(page(client, f"/en/status/{status.query(end.given)}"))
        kind = StatusResult.objects.get(key=end.result).kind
        assert (" may fit" in text) is (kind == ResultKind.STATUS)
        assert "decides each case" in text


def test_status_rows_are_whole_in_both_languages_and_agree() -> None:
    wrong: list[tuple[str, Any]] = []
    for model in MODELS:
        for row in model.objects.all():
            row.full_clean()
            for name in translator.get_options_for_model(model).all_fields:
                halves = [bool(getattr(row, f"{name}_{code}")) for code in LANGUAGES]
                if halves[0] != halves[1] or (not halves[0] and not model._meta.get_field(name).blank):
                    wrong.append((str(row), name))
            wrong += [(str(row), problem) for problem in check_row(row) if problem.level == Level.ERROR]
    assert wrong == []


def test_lines_of_a_list_match_between_the_languages() -> None:
    for model, name in ((StatusQuestion, "help"), (StatusResult, "to_check"), (StatusResult, "caution")):
        for row in model.objects.all():
            counts = {len((getattr(row, f"{name}_{code}") or "").splitlines()) for code in LANGUAGES}
            assert len(counts) == 1, (row, name)


def test_every_row_is_sourced_dated_and_no_later_than_its_evidence() -> None:
    for model in (StatusQuestion, StatusFlag, StatusResult):
        for row in model.objects.prefetch_related("sources"):
            assert row.sources.all(), row
            assert (row.as_of_on, row.as_of_precision, row.certainty in "AB") == (date(2026, 6, 1), "month", True)
    assert set(PointItem.objects.values_list("certainty", flat=True)) == {"B"}


def test_results_lead_to_guides_and_plans_that_exist(client: Client) -> None:
    for result in StatusResult.objects.prefetch_related("guides"):
        assert result.guides.all(), result
        assert {guide.pk for guide in result.guides.all()} <= set(
            Guide.objects.published().values_list("pk", flat=True)
        )
        if result.offers_plan:
            for role in result.plan_roles or [""]:
                page(client, f"/en/plan/?{'role=' + role if role else 'family=1'}")


def test_extra_remarks_stand_where_the_material_wants_them() -> None:
    def with_flag(key: str) -> set[str]:
        return set(StatusResult.objects.filter(flags__key=key).values_list("key", flat=True))

    assert with_flag("already-in-japan") == (LEAVES | {"l-ca-or-prof"}) - {"l0", "l-tv", "l-ask"}
    assert with_flag("tb-certificate") == with_flag("over-three-months") == with_flag("already-in-japan")
    assert with_flag("count-points") == {"l-hsp-a"}


def test_keys_of_the_rows_are_fixed_and_differ() -> None:
    rows = json.loads((settings.FIXTURE_DIRS[0] / "status.json").read_text(encoding="utf-8"))
    assert len({row["pk"] for row in rows}) == len(rows)


# Points, each case added by hand from the table of the material (pass mark 70)

D, M, B = "doctorate", "master", "bachelor"


@pytest.mark.parametrize(
    ("age", "pay", "years", "has", "total"),
    [
        (None, None, None, D, 30),
        (None, None, None, f"{D} {M} {B}", 30),
        (None, None, None, f"{M} {B} two-fields", 20 + 5),
        (None, None, None, "two-fields", 0),
        (29, None, None, "", 15),
        (30, None, None, "", 10),
        (34, None, None, "", 10),
        (35, None, None, "", 5),
        (39, None, None, "", 5),
        (40, None, None, "", 0),
        (None, None, 2, "", 0),
        (None, None, 3, "", 5),
        (None, None, 4, "", 5),
        (None, None, 5, "", 10),
        (None, None, 6, "", 10),
        (None, None, 7, "", 15),
        (50, 10_000_000, None, "", 40),
        (50, 9_999_999, None, "", 35),
        (50, 8_000_000, None, "", 30),
        (50, 7_999_999, None, "", 0),
        (39, 7_000_000, None, "", 5 + 25),
        (40, 7_000_000, None, "", 0),
        (39, 6_000_000, None, "", 5 + 20),
        (34, 5_000_000, None, "", 10 + 15),
        (35, 5_999_999, None, "", 5),
        (29, 4_000_000, None, "", 15 + 10),
        (30, 4_999_999, None, "", 10),
        (29, 3_999_999, None, "", 15),
        (None, None, None, "patent", 20),
        (None, None, None, "patent grants", 25),
        (None, None, None, "patent grants papers recognized", 25),
        (None, None, None, "jlpt-n1", 15),
        (None, None, None, "jlpt-n2", 10),
        (None, None, None, "jlpt-n1 jlpt-n2", 15),
        (None, None, None, "jlpt-n2 degree-from-japan", 10),
        (None, None, None, "jlpt-n1 degree-from-japan", 15 + 10),
        (None, None, None, "innovation-support", 10),
        (None, None, None, "innovation-support innovation-support-sme", 20),
        (None, None, None, "innovation-support-sme", 0),
        (None, None, None, "sme-research foreign-qualification jica-training", 15),
        (None, None, None, "advanced-project designated-university local-government", 30),
        # A postdoctoral researcher of 31: doctorate 30, 3 years 5, 5 million 15, age 10, papers 20.
        (31, 5_000_000, 3, f"{D} papers", 80),
        # The same at 35: age 5, and 5 million no longer counts.
        (35, 5_000_000, 3, f"{D} papers", 60),
        # A professor of 52: doctorate 30, 7 years 15, 9 million 35, two records 25.
        (52, 9_000_000, 20, f"{D} papers grants", 105),
        # A researcher of 28 with a master's degree from Japan and N2: 20 + 10 + 15 + 10, no points for N2.
        (28, 4_500_000, 1, f"{M} degree-from-japan jlpt-n2", 55),
    ],
)
def test_points_of_the_table_add_up(age: int | None, pay: int | None, years: int | None, has: str, total: int) -> None:
    numbers = {name: value for name, value in (("age", age), ("pay", pay), ("years", years)) if value is not None}
    told = points.Told(numbers, frozenset(has.split()))
    assert points.tally(PointGroup.objects.for_page(), told, day=TODAY).total == total


def test_local_government_bonus_was_not_in_the_table_of_2019(client: Client) -> None:
    for day, total in (("2019-02-05", 0), ("2022-01-01", 0), ("2026-11-23", 10)):
        html = page(client, f"/en/status/points/?has=local-government&as_of={day}")
        assert f"add up to {total} point" in main_text(html)


def test_pass_mark_is_seventy(client: Client) -> None:
    text = main_text(page(client, "/en/status/points/?age=31&pay=5000000&years=3&has=doctorate&has=papers"))
    assert "add up to 80 points" in text
    assert "The pass mark is 70: your rows reach it." in text
    text = main_text(page(client, "/ja/status/points/?age=35&pay=5000000&years=3&has=doctorate&has=papers"))
    assert "合格点は70点で、あと10点足りません" in text
