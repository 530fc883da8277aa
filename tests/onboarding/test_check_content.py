"""The command that says how complete the guides are."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from onboarding.models import Step
from tests.factories.onboarding import make_fact, make_guide, make_rule, make_slot, make_step, make_term

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
GAPS, TRUST, REFERENCES = (
    "texts missing in a language",
    "steps without source, as-of, office or next check",
    "references to nothing",
)
FEW, DUE, UNKNOWN = (
    "guides with fewer than three steps",
    "steps whose check is due",
    "facts without a value on the day",
)


@pytest.fixture(autouse=True)
def _day(japan_noon: Callable[[date], None]) -> None:
    japan_noon(TODAY)


def report(*, fails: bool = False) -> dict[str, Any]:
    """Run the command with --json and return what it says; with `fails` it must end with an error."""
    out = StringIO()
    if fails:
        with pytest.raises(CommandError):
            call_command("check_content", json=True, stdout=out)
    else:
        call_command("check_content", json=True, stdout=out)
    return json.loads(out.getvalue())


def test_counts_name_what_there_is() -> None:
    guide = make_guide(steps=3)
    make_rule(step=guide.steps.first())
    make_rule(step=guide.steps.last(), confirmed=False)
    make_term()
    make_fact(value="6000")
    assert report()["counts"] == {
        "topics": 1, "guides": 1, "steps": 3, "timed steps": 1, "terms": 1, "facts": 1,
    }  # fmt: skip


def test_whole_content_has_no_errors_and_no_notes() -> None:
    make_guide(steps=3)
    found = report()
    assert (found["errors"], found["notes"]) == (
        {GAPS: [], TRUST: [], REFERENCES: []},
        {FEW: [], DUE: [], UNKNOWN: []},
    )


def test_text_in_one_language_only_is_an_error() -> None:
    make_step(guide=make_guide(code="G4-5", steps=2), slug="pay", where_en="")
    assert report(fails=True)["errors"][GAPS] == ["step G4-5 pay: where (en)"]


def test_step_without_a_text_in_any_language_is_an_error() -> None:
    make_step(guide=make_guide(code="G4-5", steps=2), slug="pay", body_ja="", body_en=None)
    assert report(fails=True)["errors"][GAPS] == ["step G4-5 pay: body (ja, en)"]


def test_text_that_neither_language_has_is_no_gap() -> None:
    make_step(guide=make_guide(steps=2), missed_ja="", missed_en=None)
    assert report()["errors"][GAPS] == []


def test_term_without_a_reading_is_an_error() -> None:
    make_term(slug="seal", kana="", plain_japanese="")
    assert report(fails=True)["errors"][GAPS] == ["term seal: kana, plain_japanese"]


def test_step_without_a_source_is_an_error() -> None:
    make_step(guide=make_guide(code="G4-5", steps=2), slug="pay", sources=[])
    assert report(fails=True)["errors"][TRUST] == ["G4-5 pay: sources"]


def test_step_that_is_never_checked_again_is_an_error() -> None:
    make_step(guide=make_guide(code="G4-5", steps=2), slug="pay", check_every=0)
    assert report(fails=True)["errors"][TRUST] == ["G4-5 pay: next check"]


def test_reference_to_nothing_is_an_error() -> None:
    make_fact(key="fee", value="6000")
    make_slot(key="desk")
    make_step(
        guide=make_guide(steps=2),
        title_en="Pay",
        body_en="<p>{{fact:fee}} {{fact:nowhere}} {{slot:desk}} {{slot:gone}}</p>",
    )
    assert report(fails=True)["errors"][REFERENCES] == ["step Pay: fact:nowhere", "step Pay: slot:gone"]


def test_guide_with_two_steps_is_named_without_failing() -> None:
    make_guide(code="G4-5", steps=2)
    assert report()["notes"][FEW] == ["G4-5: 2"]


def test_check_that_falls_due_today_is_named_without_failing() -> None:
    guide = make_guide(code="G4-5", steps=1)
    make_step(guide=guide, slug="due", as_of_on=date(2026, 10, 23), as_of_precision="day", check_every=1)
    make_step(guide=guide, slug="later", as_of_on=date(2026, 10, 24), as_of_precision="day", check_every=1)
    assert report()["notes"][DUE] == ["G4-5 due: 2026-11-23"]


def test_fact_without_a_value_today_is_named_without_failing() -> None:
    make_fact(key="past", periods=[(None, TODAY, "1")])
    make_fact(key="now", periods=[(TODAY, None, "1")])
    assert report()["notes"][UNKNOWN] == ["past"]


def test_plain_output_has_counts_headings_and_lines() -> None:
    make_step(guide=make_guide(code="G4-5", steps=2), slug="pay", sources=[])
    out = StringIO()
    with pytest.raises(CommandError, match="1 to mend in the content of the guides"):
        call_command("check_content", stdout=out)
    lines = out.getvalue().splitlines()
    assert "     1 guides" in lines
    at = lines.index(f"     1 {TRUST}")
    assert lines[at + 1].strip() == "G4-5 pay: sources"


def test_command_writes_nothing() -> None:
    make_guide(steps=3)
    before = list(Step.objects.order_by("pk").values())
    report()
    assert list(Step.objects.order_by("pk").values()) == before
