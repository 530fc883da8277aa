"""Values that are kept once: what typed figures are held against."""

from datetime import date

import pytest
from django.utils import translation

from tests.factories.onboarding import make_fact, make_period, make_step
from tests.factories.publishing import make_person
from wpiforum.publishing import gate
from wpiforum.publishing.gate import check_row
from wpiforum.publishing.review import findings
from wpiforum.publishing.snapshot import take
from wpiforum.publishing.workflow import save_draft

pytestmark = pytest.mark.django_db


def test_figure_typed_where_a_fact_keeps_it_is_asked_about() -> None:
    make_fact(key="visa-fee", unit="yen", value="6000")
    step = make_step(body_ja="<p>手数料は6,000円です。</p>", body_en="<p>The fee is 6,000 yen.</p>")
    with translation.override("en"):
        found = [problem for problem in check_row(step, gate.kept_once()) if problem.rule == "kept-once"]
    assert [(problem.level, problem.field) for problem in found] == [("warning", "body")]
    assert (
        found[0].sentence == "6000 yen is also a value that is kept once. If it is that value, write {{fact:visa-fee}}."
    )


def test_reference_and_another_amount_are_not_asked_about() -> None:
    make_fact(key="visa-fee", unit="yen", value="6000")
    step = make_step(
        body_ja="<p>{{fact:visa-fee}}。写真は800円です。</p>", body_en="<p>{{fact:visa-fee}}. The photo: 800 yen.</p>"
    )
    assert [problem.rule for problem in check_row(step, gate.kept_once())] == []


def test_value_that_waits_or_has_ended_is_not_kept_yet() -> None:
    fact = make_fact(key="visa-fee", unit="yen")
    make_period(fact=fact, value="6000", confirmed=False)
    make_period(fact=fact, value="4000", end_on=date(2019, 4, 1))
    assert gate.kept_once() == {}


def test_draft_that_types_a_kept_figure_says_so_on_its_desk() -> None:
    make_fact(key="visa-fee", unit="yen", value="6000")
    step = make_step(title_ja="題", title_en="Title", body_ja="<p>手数料</p>", body_en="<p>The fee</p>")
    data = take(step.guide)
    fields = data["children"]["steps"][str(step.pk)]["fields"]
    fields |= {"body_ja": "<p>手数料は6,000円です。</p>", "body_en": "<p>The fee is 6,000 yen.</p>"}
    found = save_draft(step.guide, data=data, by=make_person("editor"))
    assert found is not None
    assert [(one.problem.rule, one.is_blocking) for one in findings(step.guide, found)] == [("kept-once", False)]
