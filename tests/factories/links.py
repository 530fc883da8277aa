"""Links for tests."""

from itertools import count
from typing import Any

from django.utils import timezone

from wpiforum.links import checking
from wpiforum.links.models import Link, State

_numbers = count(1)


def make_link(**fields: Any) -> Link:
    """Make a link that was found broken, unless a test says otherwise."""
    return Link.objects.create(
        **{
            "url": f"https://www.example.ac.jp/gone/{next(_numbers)}",
            "state": State.BROKEN,
            "reason": "http",
            "details": {"status": 404},
            "failures": 3,
            "checked_at": timezone.now(),
            **fields,
        }
    )


def listed(url: str, **fields: Any) -> Link:
    """Return the link that the content holds, as a broken one unless a test says otherwise."""
    checking.refresh()
    link = Link.objects.get(url=url)
    values = {"state": State.BROKEN, "reason": "http", "details": {"status": 404}, "checked_at": timezone.now()}
    for name, value in (values | fields).items():
        setattr(link, name, value)
    link.save()
    return link
