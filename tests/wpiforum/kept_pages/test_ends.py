"""What ends a copy of a page: content, notices, the clock, its age."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from centers.models import Center
from tests.factories import centers, onboarding
from tests.factories.notices import make_notice, make_notice_elsewhere
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from tests.wpiforum.kept_pages.helpers import HIT, MISS, Committed, how, twice
from wpiforum.pagecache import middleware, version
from wpiforum.publishing import confirmation, preview, workflow

pytestmark = pytest.mark.django_db


def test_publication_is_on_the_page_at_the_next_request(reader: Client, committed: Committed) -> None:
    people = {name: make_person(name) for name in ("editor", "reviewer", "publisher")}
    guide = onboarding.make_guide(steps=1)
    path = guide.get_absolute_url()
    assert twice(reader, path) == [MISS, HIT]
    from wpiforum.publishing.snapshot import take  # beside its use

    data = take(guide)
    data["root"]["title_ja"] += "・改"
    committed(workflow.save_draft, guide, data=data, by=people["editor"])
    committed(workflow.submit, guide, by=people["editor"], weights={"ja": "content"})
    committed(workflow.approve, guide, by=people["reviewer"])
    assert ("・改" in reader.get(path).content.decode(), how(reader.get(path))) == (False, HIT)
    committed(workflow.publish, guide, by=people["publisher"], languages=["ja"])
    after = reader.get(path)
    assert (how(after), "・改" in after.content.decode()) == (MISS, True)


def test_withdrawn_page_is_gone_at_the_next_request(reader: Client, committed: Committed) -> None:
    center = centers.make_center()
    path = f"/ja/centers/{center.slug}/"
    assert reader.get(path).status_code == 200
    words = {"reason_ja": "誤りのため", "reason_en": "It was wrong"}
    committed(workflow.unpublish, center, by=make_person("publisher"), **words)
    assert [reader.get(path).status_code for _ in range(2)] == [410, 410]


def test_confirmed_contact_is_on_the_page(reader: Client, committed: Committed) -> None:
    row = onboarding.make_contact(confirmed=False, number="03-0000-1111", entered_by=make_person("editor"))
    assert "03-0000-1111" not in reader.get("/ja/contacts/").content.decode()
    committed(confirmation.confirm, row, by=make_person("reviewer"))
    assert "03-0000-1111" in reader.get("/ja/contacts/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_change_by_a_bulk_update_is_on_the_page(reader: Client, committed: Committed, language: str) -> None:
    center = centers.make_center(acronym="Before")
    path = f"/{language}/centers/{center.slug}/"
    assert twice(reader, path) == [MISS, HIT]
    committed(Center.objects.filter(pk=center.pk).update, acronym="After")
    assert "After" in reader.get(path).content.decode()


def test_notice_comes_and_goes_by_the_clock(
    reader: Client, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    committed(make_notice, starts_at=now + timedelta(seconds=5), ends_at=now + timedelta(seconds=9))
    seen = []
    for seconds in (0, 4, 6, 8, 10):
        monkeypatch.setattr(timezone, "now", lambda seconds=seconds: now + timedelta(seconds=seconds))
        response = reader.get("/en/about/")
        seen.append((how(response), "Power cut" in response.content.decode()))
    assert seen == [(MISS, False), (HIT, False), (MISS, True), (HIT, True), (MISS, False)]


def test_notice_that_another_process_saved_is_not_hidden_by_what_this_one_remembers(
    reader: Client, committed: Committed
) -> None:
    reader.get("/en/about/")
    committed(make_notice_elsewhere)
    assert "Power cut" in reader.get("/en/about/").content.decode()


def test_midnight_in_japan_ends_every_copy(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date  # beside its use

    from wpiforum.http import japan_midnight  # as above

    midnight = japan_midnight(date(2026, 4, 1))
    seen = []
    for seconds in (-2, -1, 0, 1):
        monkeypatch.setattr(timezone, "now", lambda seconds=seconds: midnight + timedelta(seconds=seconds))
        seen.append(how(reader.get("/ja/contacts/")))
    assert seen == [MISS, HIT, MISS, HIT]


def test_row_scheduled_by_its_date_appears_at_its_moment(
    reader: Client, monkeypatch: pytest.MonkeyPatch, committed: Committed
) -> None:
    now = timezone.now()
    committed(onboarding.make_term, live_from=now + timedelta(seconds=3), japanese="後で出る語")
    seen = []
    for seconds in (0, 2, 3):
        monkeypatch.setattr(timezone, "now", lambda seconds=seconds: now + timedelta(seconds=seconds))
        seen.append("後で出る語" in reader.get("/ja/glossary/").content.decode())
    assert seen == [False, False, True]


def test_copy_is_made_anew_even_if_nobody_told(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    seen = []
    for seconds in (0, middleware.LONGEST_SECONDS - 1, middleware.LONGEST_SECONDS, -60):
        monkeypatch.setattr(timezone, "now", lambda seconds=seconds: now + timedelta(seconds=seconds))
        seen.append(how(reader.get("/ja/about/")))
    assert seen == [MISS, HIT, MISS, MISS]  # the last: a clock set back


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_of_a_database_that_may_be_behind_the_version_is_not_kept(
    reader: Client, language: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPLICA_URL = "postgres://standby/portal"  # where the page is read
    known = {alias: version.Known("a", False, None, alias) for alias in ("default", "replica")}
    monkeypatch.setattr(version.watcher, "known", lambda: known["default"])
    assert twice(reader, f"/{language}/centers/") == ["", ""]
    monkeypatch.setattr(version.watcher, "known", lambda: known["replica"])
    assert twice(reader, f"/{language}/centers/") == [MISS, HIT]


def test_draft_and_preview_end_no_copy_and_leave_nothing_in_one(reader: Client, committed: Committed) -> None:
    from wpiforum.publishing.snapshot import take  # beside its use

    guide = onboarding.make_guide(steps=1)
    path = guide.get_absolute_url()
    reader.get(path)
    data = take(guide)
    data["root"]["title_ja"] = "秘密の下書き"
    committed(workflow.save_draft, guide, data=data, by=make_person("editor"))
    shown = committed(reader.get, f"/ja/preview/{preview.token(guide)}/")
    after = reader.get(path)
    assert ("秘密の下書き" in shown.content.decode(), how(shown)) == (True, "")
    assert ("秘密の下書き" in after.content.decode(), how(after)) == (False, HIT)
