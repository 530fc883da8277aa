"""Rows of the status guide and of the points table for tests: complete, public and bilingual unless a test says no."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from onboarding.choices import PointCounting, ResultKind, Role
from onboarding.models import Guide, PointGroup, PointItem, StatusAnswer, StatusFlag, StatusQuestion, StatusResult
from tests.factories.centers import make_source
from tests.factories.onboarding import AS_OF, LONG_AGO, make_office
from wpiforum.provenance.dates import Ending, Precision

_numbers = count(1)
_CHECKED = {"as_of_on": AS_OF, "as_of_precision": Precision.MONTH, "check_every": 12}


def _live(*, published: bool) -> dict[str, Any]:
    return {"live_from": LONG_AGO if published else None}


def make_question(*, published: bool = True, **fields: Any) -> StatusQuestion:
    number = next(_numbers)
    row = StatusQuestion.objects.create(
        **{
            "key": f"q{number}",
            "text_ja": f"質問{number}ですか。",
            "text_en": f"Is it question {number}?",
            "help_ja": "落ち着いて答えてください。",
            "help_en": "Take your time.",
            "order": number % 1000,
            **_CHECKED,
            **_live(published=published),
            **fields,
        }
    )
    row.sources.set([make_source()])
    return row


def make_flag(*, published: bool = True, guides: Iterable[Guide] = (), **fields: Any) -> StatusFlag:
    number = next(_numbers)
    row = StatusFlag.objects.create(
        **{
            "key": f"flag-{number}",
            "condition_ja": f"条件{number}の場合",
            "condition_en": f"In case {number}",
            "text_ja": "証明書が要ります。",
            "text_en": "You need a certificate.",
            "order": number % 1000,
            **_CHECKED,
            **_live(published=published),
            **fields,
        }
    )
    row.sources.set([make_source()])
    row.guides.set(guides)
    return row


def make_result(
    *,
    published: bool = True,
    guides: Iterable[Guide] = (),
    flags: Iterable[StatusFlag] = (),
    alternatives: Iterable[StatusResult] = (),
    **fields: Any,
) -> StatusResult:
    number = next(_numbers)
    if "office" not in fields:
        fields["office"] = make_office()
    row = StatusResult.objects.create(
        **{
            "key": f"r{number}",
            "kind": ResultKind.STATUS,
            "name_ja": f"資格{number}",
            "name_en": f"Status {number}",
            "reason_ja": f"理由{number}のためです。",
            "reason_en": f"Because of reason {number}.",
            "to_check_ja": "契約書があるか。\n期間は何年か。",
            "to_check_en": "Whether there is a contract.\nFor how many years.",
            "offers_plan": True,
            "plan_roles": [Role.EMPLOYEE],
            "order": number % 1000,
            **_CHECKED,
            **_live(published=published),
            **fields,
        }
    )
    row.sources.set([make_source()])
    row.guides.set(guides)
    row.flags.set(flags)
    row.alternatives.set(alternatives)
    return row


def make_answer(*, question: StatusQuestion, to: StatusQuestion | StatusResult, **fields: Any) -> StatusAnswer:
    """Make an answer that leads `to` a question or a result."""
    number = next(_numbers)
    target = {"next_question": to} if isinstance(to, StatusQuestion) else {"result": to}
    return StatusAnswer.objects.create(
        **{
            "question": question,
            "key": f"a{number}",
            "text_ja": f"答え{number}",
            "text_en": f"Answer {number}",
            "order": number % 1000,
            **target,
            **fields,
        }
    )


def make_tree() -> dict[str, Any]:
    """Make a whole small guide: first → second → results, with one answer that leaves two results open."""
    first = make_question(key="first", is_start=True, order=1)
    second = make_question(key="second", order=2)
    yes, no = make_result(key="yes"), make_result(key="no", flags=[make_flag()])
    both = make_result(key="both", kind=ResultKind.ASK, alternatives=[yes, no])
    make_answer(question=first, to=second, key="go-on", order=1)
    make_answer(question=first, to=no, key="stop", order=2)
    make_answer(question=second, to=yes, key="yes", order=1)
    make_answer(question=second, to=no, key="no", order=2)
    make_answer(question=second, to=both, key="not-sure", order=3)
    return {"first": first, "second": second, "yes": yes, "no": no, "both": both}


def make_point_group(*, published: bool = True, **fields: Any) -> PointGroup:
    number = next(_numbers)
    return PointGroup.objects.create(
        **{
            "key": f"group-{number}",
            "title_ja": f"項目{number}",
            "title_en": f"Group {number}",
            "counting": PointCounting.SUM,
            "order": number % 1000,
            **_live(published=published),
            **fields,
        }
    )


def make_point_item(*, confirmed: bool = True, **fields: Any) -> PointItem:
    number = next(_numbers)
    if "group" not in fields:
        fields["group"] = make_point_group()
    if "source" not in fields:
        fields["source"] = make_source()
    if fields.get("end_on"):
        fields.setdefault("ending", Ending.DATE)
    return PointItem.objects.create(
        **{
            "key": f"item-{number}",
            "label_ja": f"加点{number}",
            "label_en": f"Bonus {number}",
            "points": 10,
            "order": number % 1000,
            "as_of_on": AS_OF,
            "as_of_precision": Precision.MONTH,
            "confirmed_at": LONG_AGO if confirmed else None,
            **fields,
        }
    )
