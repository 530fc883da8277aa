"""The notices on the pages now: remembered by each process for some seconds, judged by the clock at every look."""

from django.core.cache import cache
from django.utils import timezone

from wpiforum.notices.models import CACHE_KEY, Notice, by_gravity

# A page may be kept for pagecache.middleware.LONGEST_SECONDS, and before the server for http.SHARED_SECONDS more;
# together they stay below the promised 60 s.
SECONDS = 5


def current() -> list[Notice]:
    """Return the notices in effect, the gravest first.

    What is remembered includes those still coming, so that start and end hold to the second.
    """
    now = timezone.now()
    rows = cache.get(CACHE_KEY)
    if rows is None:
        rows = by_gravity(Notice.objects.not_over(now))
        cache.set(CACHE_KEY, rows, SECONDS)
    return [row for row in rows if row.is_in_effect(now)]
