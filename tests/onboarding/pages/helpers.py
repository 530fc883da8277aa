"""A guide with one row of every kind."""

from datetime import date
from typing import Any

from onboarding.models import Guide, Step
from tests.factories.onboarding import (
    make_card,
    make_case,
    make_change,
    make_contact,
    make_fact,
    make_guide,
    make_material,
    make_phrase,
    make_rule,
    make_slot,
    make_step,
    make_term,
)

TODAY = date(2026, 11, 23)
HIDDEN = "HIDDEN-MARK"
GAP = "This step does not exist in this language yet."


def make_full_guide(*, steps: int = 1, **fields: Any) -> Guide:
    """Make a guide with one row of every kind that its page may show, and that many full steps."""
    fact, slot, term = make_fact(value="6000"), make_slot(), make_term()
    guide = make_guide(related=[make_guide(steps=1)], next=make_guide(steps=1), **fields)
    for number in range(1, steps + 1):
        step = make_step(
            guide=guide,
            slug=f"do-{number}",
            order=number,
            body_ja=f"<p>{term.japanese}: {{{{fact:{fact.key}}}}}, {{{{slot:{slot.key}}}}}</p>",
            body_en=f"<p>{term.english}: {{{{fact:{fact.key}}}}}, {{{{slot:{slot.key}}}}}</p>",
        )
        make_rule(step=step)
    make_change(guide=guide)
    make_case(guides=[guide])
    make_material(guides=[guide])
    make_contact()
    make_card()
    make_phrase()
    return guide


def address(guide: Guide, query: str = "") -> str:
    return f"guides/{guide.topic.slug}/{guide.slug}/{query}"


def step_address(step: Step, part: str) -> str:
    return f"{address(step.guide)}{step.slug}/{part}/"


COUNTS = {
    "guides/": 2,
    "guides/?actor=researcher": 3,
    "guides/immigration/": 3,
    "guides/immigration/stay/": 10,
    "guides/immigration/stay/?view=both": 10,
    "guides/immigration/stay/?as_of=2019-02-05": 10,
    "guides/immigration/stay/?center=aimr": 10,
    "guides/immigration/stay/do-1/sheet/": 5,
    "guides/immigration/stay/do-1/report/": 3,
    "glossary/": 1,
    "contacts/": 1,
    "emergency/": 6,
}
PUBLIC = [
    "",
    "guides/",
    "guides/?actor=researcher",
    "guides/?audience=family",
    "guides/t/",
    "guides/t2/",
    "guides/t/open/",
    "guides/t/open/?view=both",
    "guides/t/open/?as_of=2019-02-05",
    "guides/t/open/do-1/sheet/",
    "guides/t/open/do-1/report/",
    "guides/t2/secret/",
    "guides/t2/secret/?view=both",
    "guides/t2/secret/secret-step/sheet/",
    "guides/t2/secret/secret-step/report/",
    "glossary/",
    "contacts/",
    "emergency/",
]
