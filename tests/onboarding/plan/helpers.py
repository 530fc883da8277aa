"""One life with every event, and what a plan shows."""

import re
from datetime import date
from typing import Any

from django.test import Client

from onboarding.models import Step
from tests.factories.onboarding import make_rule, make_step
from tests.helpers import main_text, page

TODAY = date(2026, 11, 24)
# One life in which every event happens; the return of the tax year follows by itself.
LIFE = {
    "issued": "2026-10-20",
    "arrived": "2026-12-01",
    "moved_in": "2026-12-02",
    "started": "2026-12-01",
    "contract_end": "2028-03-31",
    "stay_end": "2027-11-30",
    "paid": "2026-12-25",
    "born": "2027-04-01",
    "moved": "2027-06-01",
    "moved_out": "2028-04-20",
    "changed_host": "2027-09-01",
    "lost_card": "2027-07-01",
    "absent_from": "2027-08-01",
    "departs": "2028-04-20",
}
CODES = {f"H{number:02}" for number in range(1, 20)} | {f"R{number:02}" for number in range(1, 32)}


def query(**params: str) -> str:
    return "&".join(f"{name}={value}" for name, value in params.items())


def html_of(client: Client, code: str = "en", **params: str) -> str:
    return page(client, f"/{code}/plan/?{query(**params)}")


def text_of(client: Client, code: str = "en", **params: str) -> str:
    return main_text(html_of(client, code, **params))


def items_of(html: str) -> list[str]:
    """Return the text of each step of the plan, without the list of all dates above."""
    return [main_text(f"<main>{part}</main>") for part in re.findall(r'<li class="plan__item.*?</dl>', html, re.DOTALL)]


def titled(number: int, **fields: Any) -> Step:
    """Make a step with a timing rule, named so that no other text holds its name."""
    rule = {name: fields.pop(name) for name in list(fields) if name not in {f.name for f in Step._meta.get_fields()}}
    step = make_step(title_ja=f"手続き〔{number}〕", title_en=f"Errand [{number}]", **fields)
    make_rule(step=step, **rule)
    return step
