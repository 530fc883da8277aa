"""Revisions in each state."""

from typing import Any

from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Weight
from wpiforum.publishing.models import Revision
from wpiforum.publishing.snapshot import take


def edited(row: Any, relation: str = "", key: Any = None, **fields: Any) -> dict[str, Any]:
    """Return the snapshot of a row with other values."""
    data = take(row)
    record = data["root"] if not relation else data["children"][relation][str(key)]["fields"]
    record.update(fields)
    return data


def draft(row: Any, by: Any, relation: str = "", key: Any = None, **fields: Any) -> Revision:
    found = workflow.save_draft(row, data=edited(row, relation, key, **fields), by=by)
    assert found is not None
    return found


def approved(row: Any, people: dict[str, Any], weight: str = Weight.CONTENT, **fields: Any) -> Revision:
    draft(row, people["editor"], **fields)
    workflow.submit(row, by=people["editor"], weights={"ja": weight})
    return workflow.approve(row, by=people["reviewer"])
