"""Publication under two people at once, and under a process that dies in the middle: on PostgreSQL, for real."""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from onboarding.models import Guide
from tests.factories import onboarding
from tests.factories.publishing import make_person, make_revision
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status
from wpiforum.publishing.models import Revision
from wpiforum.publishing.snapshot import take

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite lets one process write at a time; run with DATABASE_URL=$(sh tools/postgres.sh start).",
    ),
]
DIE = """
import os, django
django.setup()
from onboarding.models import Guide
from django.contrib.auth.models import User
from wpiforum.publishing import workflow
workflow.settle_translations = lambda *args, **kwargs: os._exit(9)
workflow.publish(Guide.objects.get(), by=User.objects.get(username="publisher"))
"""


def _approved() -> Guide:
    """Make a public guide of twelve steps with an approved draft that changes all of them."""
    guide = onboarding.make_guide(steps=12, title_ja="前", title_en="Before")
    guide.steps.update(title_ja="前", title_en="Before")
    data = take(guide)
    for record in [{"fields": data["root"]}, *data["children"]["steps"].values()]:
        record["fields"] |= {"title_ja": "後", "title_en": "After"}
    make_revision(subject=guide, status=Status.APPROVED, data=data)
    return guide


def _titles(guide: Guide) -> set[str | None]:
    return {Guide.objects.get().title_en, *guide.steps.values_list("title_en", flat=True)}


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told() -> None:
    guide = _approved()
    people = [make_person("publisher") for _person in range(2)]
    start = threading.Barrier(2)
    results: list[Any] = []

    def act(person: Any) -> None:
        start.wait()
        try:
            results.append(workflow.publish(guide, by=person).number)
        except workflow.WorkflowError as error:
            results.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(map(str, results)) == sorted(["1", "下書きがありません。"])
    assert Revision.objects.filter(status=Status.PUBLISHED).count() == 1
    assert _titles(guide) == {"After"}


def test_process_that_dies_in_the_middle_leaves_the_old_text_public() -> None:
    guide = _approved()
    make_person("publisher", username="publisher")
    found = connection.settings_dict
    address = f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    died = subprocess.run([sys.executable, "-c", DIE], env=environment, cwd=settings.BASE_DIR, check=False, timeout=60)
    assert (died.returncode, _titles(guide)) == (9, {"Before"})
    assert Revision.objects.get().status == Status.APPROVED


def test_two_runs_of_the_schedule_at_once_publish_once_and_none_fails() -> None:
    guide = _approved()
    moment = timezone.now()
    Revision.objects.update(status=Status.SCHEDULED, publish_at=moment, languages=["ja", "en"])
    start = threading.Barrier(2)
    results: list[list[str]] = []

    def run() -> None:
        start.wait()
        try:
            results.append([problem for _found, problem in workflow.publish_due(at=moment)])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _run in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == [[], [""]]
    assert _titles(guide) == {"After"}
