"""Keeping the list of links, asking those that are due, and what follows from the answers."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from wpiforum.http import today
from wpiforum.links import finding
from wpiforum.links.fetching import Outcome, Rules, check
from wpiforum.links.models import LONGEST, Link, State, Use

# A server has bad days: broken is what failed this often, and not on one day only.
FAILURES_TO_BREAK = 3


def user_agent() -> str:
    """Return who asks, with the portal's address, so that the owner of a server can find us."""
    contact = f"; {settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else ""
    return f"WPI-Forum-link-check/1 (+{settings.SITE_ORIGIN}/{contact})"


@transaction.atomic
def refresh() -> int:
    """Bring the list of links and uses up to what the public rows hold now; return how many links there are."""
    wanted: dict[tuple[str, int, str, str], tuple[int | None, str | None]] = {}
    for place, group in finding.outside():
        if len(place.url) <= LONGEST:
            kind = ContentType.objects.get_for_model(place.row).pk
            about = (ContentType.objects.get_for_model(group).pk, str(group.pk)) if group is not None else (None, None)
            wanted[place.url, kind, str(place.row.pk), place.field] = about
    urls = {url for url, *_rest in wanted}
    known = set(Link.objects.values_list("url", flat=True))
    Link.objects.bulk_create([Link(url=url) for url in sorted(urls - known)], ignore_conflicts=True)
    keys = dict(Link.objects.values_list("url", "pk"))
    for use in Use.objects.select_related("link"):
        key = (use.link.url, use.content_type_id, str(use.object_id), use.field)
        if wanted.get(key) == (use.group_type_id, str(use.group_id) if use.group_id else None):
            del wanted[key]
        else:
            use.delete()
    new = [
        Use(link_id=keys[url], content_type_id=kind, object_id=row, field=name, group_type_id=group, group_id=key)
        for (url, kind, row, name), (group, key) in wanted.items()
    ]
    Use.objects.bulk_create(new, ignore_conflicts=True)  # two runs at once find the same
    Link.objects.exclude(url__in=urls).delete()
    return len(urls)


def run(rules: Rules, *, limit: int) -> Iterator[Link]:
    """Ask links that are due, the longest unasked first; each answer is kept at once."""
    for link in list(Link.objects.due()[:limit]):
        keep(link, check(link.url, rules))
        yield link


def keep(link: Link, outcome: Outcome) -> None:
    """Write down how a link answered."""
    link.reason, link.details, link.moved_to = outcome.reason, outcome.details, outcome.moved_to[:LONGEST]
    link.checked_at = timezone.now()
    if outcome.is_fine or outcome.is_unclear:
        link.failures, link.failed_since = 0, None
        link.state = State.UNCLEAR if outcome.is_unclear else State.MOVED if outcome.moved_to else State.FINE
    else:
        link.failures += 1
        link.failed_since = link.failed_since or today()
        is_broken = link.failures >= FAILURES_TO_BREAK and link.failed_since < today()
        link.state = State.BROKEN if is_broken else State.FAILING
    link.save()
