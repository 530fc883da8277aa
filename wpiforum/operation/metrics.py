"""Figures for monitoring in Prometheus' format: what is asked, how long it takes, and what waits for people."""

import hmac
import ipaddress
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from wpiforum.http import today
from wpiforum.operation.models import DutyRun
from wpiforum.provenance.models import Checked, check_due_q
from wpiforum.publishing.models import Confirmable, Revision

_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
REQUESTS = Counter("wpiforum_requests_total", "Answered requests.", ["route", "method", "status"])
SECONDS = Histogram(
    "wpiforum_request_seconds",
    "Time from the first middleware to the answer.",
    ["route"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def route(request: HttpRequest) -> str:
    """Return the name of what answered; never an address, so that the number of series stays small."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def method(request: HttpRequest) -> str:
    """Return the method, or `other` for words that strangers make up."""
    return request.method if request.method in _METHODS else "other"


@lru_cache(maxsize=2048)
def _series(name: str, verb: str, status: int) -> tuple[Any, Any]:
    return REQUESTS.labels(name, verb, str(status)), SECONDS.labels(name)


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answer."""
    number, time = _series(route(request), method(request), status)
    number.inc()
    time.observe(seconds)


class ContentCollector:
    """What the database says when monitoring asks: how late publication is, and what waits."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        is_up = GaugeMetricFamily("wpiforum_database_up", "1 while the database answers.")
        try:
            found = list(_content())
        except DatabaseError:
            found = []
        is_up.add_metric([], 1 if found else 0)
        yield is_up
        yield from found


def _content() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    oldest = Revision.objects.due(now).aggregate(oldest=Min("publish_at"))["oldest"]
    yield GaugeMetricFamily(
        "wpiforum_publication_lag_seconds",
        "Age of the oldest scheduled revision that is due and not public; 0 if there is none.",
        (now - oldest).total_seconds() if oldest else 0,
    )
    checks = GaugeMetricFamily("wpiforum_checks_overdue", "Rows whose next check is due.", labels=["model"])
    waiting = GaugeMetricFamily("wpiforum_rows_unconfirmed", "Rows that wait for a second person.", labels=["model"])
    for model in apps.get_models():
        rows = model._default_manager
        if issubclass(model, Checked):
            checks.add_metric([model._meta.label_lower], rows.filter(check_due_q(today())).count())
        if issubclass(model, Confirmable):
            waiting.add_metric([model._meta.label_lower], rows.filter(confirmed_at=None).count())
    yield checks
    yield waiting
    yield _links()
    age = GaugeMetricFamily(
        "wpiforum_duty_age_seconds", "Time since a scheduled duty last ended well.", labels=["duty"]
    )
    for duty in DutyRun.objects.order_by("name"):
        if duty.succeeded_at:
            age.add_metric([duty.name], (now - duty.succeeded_at).total_seconds())
    yield age


def _links() -> GaugeMetricFamily:
    found = GaugeMetricFamily("wpiforum_links", "Links to outside by how they answered last.", labels=["state"])
    if apps.is_installed("wpiforum.links"):
        rows: Any = apps.get_model("links", "Link")._default_manager
        for state, number in rows.values_list("state").annotate(number=Count("pk")).order_by("state"):
            found.add_metric([state], number)
    return found


def may_read(request: HttpRequest) -> bool:
    """Tell whether somebody may read the figures: with METRICS_TOKEN, else from this machine and past no proxy."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    try:
        is_here = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return is_here and not {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & set(request.headers)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Answer with all figures; for everybody else there is no such page."""
    if not may_read(request):
        raise Http404
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # several processes serve the site and share a folder of counts
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    of_content = CollectorRegistry()
    of_content.register(ContentCollector())
    body = generate_latest(registry) + generate_latest(of_content)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
