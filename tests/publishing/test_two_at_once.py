"""Publication under two people at once, and under a process that dies in the middle: on PostgreSQL, for real."""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from centers.models import Practice
from tests.factories import centers
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
from centers.models import Practice
from django.contrib.auth.models import User
from wpiforum.publishing import workflow
workflow.settle_translations = lambda *args, **kwargs: os._exit(9)
workflow.publish(Practice.objects.get(), by=User.objects.get(username="publisher"))
"""


def _approved() -> Practice:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    data = take(practice)
    data["root"] |= {"title_ja": "後", "title_en": "After"}
    make_revision(subject=practice, status=Status.APPROVED, data=data)
    return practice


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told() -> None:
    practice = _approved()
    people = [make_person("publisher") for _person in range(2)]
    start = threading.Barrier(2)
    results: list[Any] = []

    def act(person: Any) -> None:
        start.wait()
        try:
            results.append(workflow.publish(practice, by=person).number)
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


def test_process_that_dies_in_the_middle_leaves_the_old_text_public() -> None:
    practice = _approved()
    make_person("publisher", username="publisher")
    found = connection.settings_dict
    address = f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    died = subprocess.run([sys.executable, "-c", DIE], env=environment, cwd=settings.BASE_DIR, check=False, timeout=60)
    practice.refresh_from_db()
    assert (died.returncode, practice.title_en) == (9, "Before")
    assert Revision.objects.get().status == Status.APPROVED
