"""Notices: by the clock, in both languages, on every page within a minute, gone by themselves."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from tests.addresses import NAMES, address
from tests.factories.notices import make_notice, make_notice_elsewhere, notice_fields
from tests.helpers import LANGUAGES, page
from wpiforum import languages
from wpiforum.http import SHARED_SECONDS
from wpiforum.notices import current
from wpiforum.notices.choices import Severity, State
from wpiforum.notices.models import CACHE_KEY, Notice, forget

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 3, 3, tzinfo=UTC)  # in Japan
HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
TITLES = {"ja": "停電のお知らせ", "en": "Power cut"}


@pytest.fixture(autouse=True)
def _ask_the_database() -> None:
    forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def banner(html: str) -> str:
    """Return the part of the page that holds the notices, empty if there is none."""
    found = re.search(r'<section class="site-notices.*?</section>', html, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (NOON - INSTANT, State.COMING),
        (NOON, State.IN_EFFECT),
        (NOON + HOUR - INSTANT, State.IN_EFFECT),
        (NOON + HOUR, State.OVER),
    ],
)
def test_notice_is_in_effect_from_its_start_until_before_its_end(at: datetime, state: State) -> None:
    notice = make_notice(starts_at=NOON, ends_at=NOON + HOUR)
    assert (notice.state(at), notice.is_in_effect(at)) == (state, state == State.IN_EFFECT)
    assert [kind for kind in State if Notice.objects.in_state(kind, at)] == [state]
    assert Notice.objects.in_effect(at).exists() == notice.is_in_effect(at)


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("name", ["title_ja", "title_en", "text_ja", "text_en"])
def test_notice_without_one_language_is_refused(name: str, empty: str | None) -> None:
    with pytest.raises(ValidationError) as refused:
        Notice(**notice_fields(**{name: empty})).full_clean()
    assert name in refused.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(**{name: empty})


def test_notice_without_end_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        Notice(**notice_fields(ends_at=None)).full_clean()
    assert list(refused.value.message_dict) == ["ends_at"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(ends_at=None)


def test_notice_that_ends_when_it_starts_is_refused() -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="The end must be after the start"):
        Notice(**notice_fields(starts_at=NOON, ends_at=NOON)).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(starts_at=NOON, ends_at=NOON)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_notice_is_on_every_page_in_its_language(client: Client, name: str, language: str) -> None:
    path = address(name, language)
    make_notice()
    response = client.get(path)
    assert response.status_code == 200
    if response["Content-Type"].startswith("text/html"):
        shown = {code for code, title in TITLES.items() if title in banner(response.content.decode())}
        assert shown == (set(languages.CODES) if name == "onboarding:emergency" else {language})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "status"), [("nowhere/", 404), ("centers/?as_of=x", 400)])
def test_notice_is_on_pages_that_say_what_is_wrong(client: Client, path: str, status: int, language: str) -> None:
    make_notice()
    assert TITLES[language] in banner(page(client, f"/{language}/{path}", status=status))


def test_emergency_page_marks_the_language_of_each_half(client: Client) -> None:
    make_notice(severity=Severity.EMERGENCY, area="JP-04")
    shown = banner(page(client, "/en/emergency/"))
    halves = dict(re.findall(r'<div lang="(\w+)">(.*?)</div>', shown, re.DOTALL))
    assert list(halves) == ["ja", "en"]
    for code, label, area in (("ja", "緊急", "宮城県"), ("en", "Emergency", "Miyagi")):
        assert [word in halves[code] for word in (label, area, TITLES[code])] == [True] * 3


def test_gravest_notice_comes_first_then_the_newest(client: Client) -> None:
    now = timezone.now()
    make_notice(title_en="Older", starts_at=now - 2 * HOUR)
    make_notice(title_en="Newer", starts_at=now - HOUR)
    make_notice(title_en="Warned", severity=Severity.WARNING, starts_at=now - 3 * HOUR)
    make_notice(title_en="Gravest", severity=Severity.EMERGENCY, starts_at=now - 4 * HOUR)
    shown = banner(page(client, "/en/about/"))
    assert re.findall(r"Older|Newer|Warned|Gravest", shown) == ["Gravest", "Warned", "Newer", "Older"]


def test_notice_says_until_when_in_japan_time(client: Client, clock: Any) -> None:
    make_notice(starts_at=NOON, ends_at=datetime(2026, 4, 3, 15, 30, tzinfo=UTC))
    clock(NOON)
    texts = {code: re.sub(r"<[^>]+>", "", banner(page(client, f"/{code}/about/"))) for code in LANGUAGES}
    assert "until 4 April 2026, 00:30 (Japan time)" in texts["en"]
    assert "2026年4月4日 00:30まで（日本時間）" in texts["ja"]


def test_text_is_escaped(client: Client) -> None:
    make_notice(title_en="<b>Bold</b>", text_en="<script>alert(1)</script>\nsecond line")
    shown = banner(page(client, "/en/about/"))
    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in shown


def test_notice_comes_and_leaves_by_the_clock_although_it_is_remembered(
    client: Client, clock: Any, django_assert_num_queries: Any
) -> None:
    make_notice(starts_at=NOON, ends_at=NOON + HOUR)
    clock(NOON - INSTANT)
    with django_assert_num_queries(1):
        assert banner(page(client, "/en/about/")) == ""
    for moment, is_shown in ((NOON, True), (NOON + HOUR - INSTANT, True), (NOON + HOUR, False)):
        clock(moment)
        with django_assert_num_queries(0):
            assert bool(banner(page(client, "/en/about/"))) == is_shown


def test_notice_of_another_process_arrives_within_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert banner(page(client, "/en/about/")) == ""
    make_notice_elsewhere()
    assert banner(page(client, "/en/about/")) == ""
    key = cache.make_key(CACHE_KEY)
    expires = cache._expire_info[key]  # type: ignore[attr-defined]  # of the cache in this process's memory
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: expires + 1)
    assert TITLES["en"] in banner(page(client, "/en/about/"))
    assert current.SECONDS + SHARED_SECONDS < 60


def test_saved_and_deleted_notice_is_seen_at_once_by_this_process(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert banner(page(client, "/en/about/")) == ""
    with django_capture_on_commit_callbacks(execute=True):
        notice = make_notice()
    assert TITLES["en"] in banner(page(client, "/en/about/"))
    with django_capture_on_commit_callbacks(execute=True):
        notice.delete()
    assert banner(page(client, "/en/about/")) == ""


def test_save_that_is_rolled_back_changes_nothing(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    page(client, "/en/about/")
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        make_notice()
        transaction.set_rollback(True)
    assert (callbacks, cache.get(CACHE_KEY), banner(page(client, "/en/about/"))) == ([], [], "")


# Staff


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def typed(**fields: Any) -> dict[str, Any]:
    """Return what the form sends for a notice."""
    return {
        "title_ja": "停電のお知らせ",
        "title_en": "Power cut",
        "text_ja": "土曜日は停電します。",
        "text_en": "No power on <Saturday>.",
        "severity": "emergency",
        "area": "JP-04",
        "starts_at_0": "2026-04-03",
        "starts_at_1": "12:00",
        "ends_at_0": "2026-04-03",
        "ends_at_1": "13:00",
        **fields,
    }


def test_form_saves_a_notice_in_japan_time(staff: Client) -> None:
    assert staff.post("/ja/admin/notices/notice/add/", typed()).status_code == 302
    notice = Notice.objects.get()
    assert (notice.starts_at, notice.ends_at, notice.area) == (NOON, NOON + HOUR, "JP-04")


def test_form_refuses_a_missing_language_and_a_missing_end(staff: Client) -> None:
    html = staff.post("/en/admin/notices/notice/add/", typed(text_ja=" ", ends_at_0="", ends_at_1="")).content.decode()
    assert html.count("This field is required.") == 2
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_preview_shows_both_languages_as_readers_see_them_and_saves_nothing(staff: Client, language: str) -> None:
    html = staff.post(f"/{language}/admin/notices/notice/add/", typed(_preview="1")).content.decode()
    drawn = dict(re.findall(r'<div lang="(ja|en)">\s*(<section class="site-notices.*?</section>)', html, re.DOTALL))
    assert [TITLES[code] in drawn[code] for code in LANGUAGES] == [True, True]
    assert ("緊急" in drawn["ja"], "Miyagi" in drawn["en"]) == (True, True)
    assert "No power on &lt;Saturday&gt;." in drawn["en"]
    assert 'value="Power cut"' in html
    assert (Notice.objects.count(), 'class="errornote"' in html) == (0, False)


def test_preview_of_a_saved_notice_leaves_the_saved_one_as_it_is(staff: Client) -> None:
    notice = make_notice()
    url = f"/en/admin/notices/notice/{notice.pk}/change/"
    assert "Another title" in staff.post(url, typed(title_en="Another title", _preview="1")).content.decode()
    notice.refresh_from_db()
    assert notice.title_en == "Power cut"


def test_list_says_where_each_notice_stands(staff: Client) -> None:
    now = timezone.now()
    make_notice(title_en="First", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    make_notice(title_en="Second")
    make_notice(title_en="Third", starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    html = staff.get("/en/admin/notices/notice/").content.decode()
    assert re.findall(r'field-state_now">([^<]+)<', html) == ["coming", "in effect", "over"]
    for state, title in (("coming", "First"), ("in_effect", "Second"), ("over", "Third")):
        html = staff.get(f"/en/admin/notices/notice/?state={state}").content.decode()
        assert set(re.findall(r"First|Second|Third", html)) == {title}


def test_deleting_several_at_once_is_seen_at_once(staff: Client, django_capture_on_commit_callbacks: Any) -> None:
    rows = [make_notice(), make_notice()]
    assert TITLES["en"] in banner(page(staff, "/en/about/"))
    data = {"action": "delete_selected", "post": "yes", "_selected_action": [str(row.pk) for row in rows]}
    with django_capture_on_commit_callbacks(execute=True):
        staff.post("/en/admin/notices/notice/", data)
    assert banner(page(staff, "/en/about/")) == ""
