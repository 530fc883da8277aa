"""Figures for monitoring: what they say, and to whom."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories.onboarding import make_step
from tests.factories.publishing import make_revision
from wpiforum.http import today
from wpiforum.links.models import Link, State
from wpiforum.operation.models import DutyRun
from wpiforum.publishing.choices import Status

pytestmark = pytest.mark.django_db


def figure(client: Client, name: str, **labels: str) -> float | None:
    """Return one figure, None if there is none."""
    for family in text_string_to_metric_families(client.get("/metrics").content.decode()):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


def test_requests_are_counted_by_route_and_status(client: Client) -> None:
    labels = {"route": "centers:list", "method": "GET", "status": "200"}
    before = figure(client, "wpiforum_requests_total", **labels) or 0
    client.get("/ja/centers/")
    client.get("/en/centers/")
    assert figure(client, "wpiforum_requests_total", **labels) == before + 2


def test_strangers_words_make_no_series(client: Client) -> None:
    client.generic("BREW", "/en/coffee-pot/")
    body = client.get("/metrics").content.decode()
    assert ("BREW" in body, "coffee" in body) == (False, False)
    assert figure(client, "wpiforum_requests_total", method="other", route="none", status="404")


def test_seconds_are_a_histogram_by_route(client: Client) -> None:
    before = figure(client, "wpiforum_request_seconds_bucket", route="news", le="+Inf") or 0
    client.get("/ja/news/")
    assert figure(client, "wpiforum_request_seconds_bucket", route="news", le="+Inf") == before + 1


def test_lag_is_that_of_the_oldest_due_revision(client: Client) -> None:
    assert figure(client, "wpiforum_publication_lag_seconds") == 0
    make_revision(status=Status.SCHEDULED, publish_at=timezone.now() - timedelta(minutes=5))
    found = figure(client, "wpiforum_publication_lag_seconds")
    assert found is not None
    assert 300 <= found < 330


def test_waiting_rows_are_counted(client: Client) -> None:
    make_step(as_of_on=today() - timedelta(days=400), check_every=12)
    Link.objects.create(url="https://gone.example/", state=State.BROKEN)
    DutyRun.objects.create(name="publish_due", succeeded_at=timezone.now() - timedelta(seconds=90))
    assert figure(client, "wpiforum_checks_overdue", model="onboarding.step") == 1
    assert figure(client, "wpiforum_rows_unconfirmed", model="onboarding.contactpoint") == 0
    assert figure(client, "wpiforum_links", state="broken") == 1
    assert 90 <= (figure(client, "wpiforum_duty_age_seconds", duty="publish_due") or 0) < 120


@pytest.mark.parametrize(
    ("address", "headers", "token", "status"),
    [
        ("127.0.0.1", {}, "", 200),
        ("::1", {}, "", 200),
        ("203.0.113.9", {}, "", 404),
        ("", {}, "", 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, "", 404),
        ("127.0.0.1", {}, "sesame", 404),
        ("203.0.113.9", {"Authorization": "Bearer sesame"}, "sesame", 200),
        ("203.0.113.9", {"Authorization": "Bearer sésame"}, "sesame", 404),
        ("203.0.113.9", {"Authorization": "Bearer "}, "", 404),
    ],
)
def test_figures_are_closed_to_the_public(
    client: Client, settings: Any, address: str, headers: dict[str, str], token: str, status: int
) -> None:
    settings.METRICS_TOKEN = token
    response = client.get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert (response.status_code, b"wpiforum_requests_total" in response.content) == (status, status == 200)


COUNT = """
import os, django
django.setup()
from wpiforum.operation import metrics
metrics.REQUESTS.labels("home", "GET", "200").inc()
"""
READ = """
import django
django.setup()
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from wpiforum.operation import metrics
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_processes_add_their_counts_in_a_shared_folder(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x",
        "DJANGO_SETTINGS_MODULE": "wpiforum.settings",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    found = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=site.BASE_DIR, env=environment, check=True, capture_output=True, text=True
        ).stdout
        for code in (COUNT, COUNT, READ)
    ]
    assert 'wpiforum_requests_total{method="GET",route="home",status="200"} 2.0' in found[-1]
