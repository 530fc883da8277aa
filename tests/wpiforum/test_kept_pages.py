"""The page cache: what is kept, under which key, until when, and what never is."""

import gzip
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import timezone

from centers.models import Center
from tests.addresses import NAMES, address
from tests.factories import centers, onboarding
from tests.factories.notices import make_notice, make_notice_elsewhere
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from wpiforum.notices import current
from wpiforum.pagecache import middleware, version
from wpiforum.pagecache.asking import encoding_for
from wpiforum.pagecache.watch import shown_tables
from wpiforum.publishing import confirmation, preview, workflow
from wpiforum.settings import MIDDLEWARE

pytestmark = pytest.mark.django_db
HIT, MISS = "wpiforum; hit", "wpiforum; fwd=miss; stored"
NOT_KEPT = {
    "onboarding:plan",
    "onboarding:status",
    "onboarding:points",
    "onboarding:report",
    "preview",
    "search",
    "search-suggestions",
    "search-description",
}
MACHINE = {"search-suggestions", "search-description"}  # for browsers and other programs
Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def _switched_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep whole pages as in production (pieces: test_pieces.py), and look at the version before every answer."""
    left_out = ("whitenoise.", "wpiforum.pagecache.pieces.")
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(left_out)]
    monkeypatch.setattr(version, "CHECK_SECONDS", 0)
    monkeypatch.setattr(version, "watcher", version.Watcher())


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "testserver"})


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """Return what runs an act with what follows its commit."""

    def run(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        connection.run_on_commit.clear()  # as if what the test prepared were committed
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


def fail(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("server closed the connection")


@pytest.fixture
def down() -> Callable[[], Any]:
    """Return a block in which the database does not answer; a look at the version has to be before it."""
    return lambda: connection.execute_wrapper(fail)


def how(response: Any) -> str:
    return str(response.headers.get("Cache-Status", ""))


def twice(client: Client, path: str, **kwargs: Any) -> list[str]:
    return [how(client.get(path, **kwargs)) for _ in range(2)]


# What is kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_second_reader_gets_the_kept_page(reader: Client, name: str, language: str) -> None:
    path = address(name, language)
    first, second = reader.get(path), reader.get(path)
    if name in NOT_KEPT:
        assert (how(first), how(second), "no-store" in first["Cache-Control"] or name in MACHINE) == ("", "", True)
    else:
        assert (how(first), how(second), first.content == second.content) == (MISS, HIT, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_kept_page_asks_the_database_for_the_version_only(
    reader: Client, language: str, django_assert_num_queries: Any
) -> None:
    reader.get(f"/{language}/centers/")
    with django_assert_num_queries(1):
        assert how(reader.get(f"/{language}/centers/")) == HIT


def test_version_trusted_for_a_second_costs_a_kept_page_no_query(
    reader: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    reader.get("/en/centers/")
    monkeypatch.setattr(version, "CHECK_SECONDS", 60)
    with django_assert_num_queries(0):
        assert how(reader.get("/en/centers/")) == HIT


def test_each_language_has_its_own_page(reader: Client) -> None:
    found = {code: reader.get(f"/{code}/about/", headers={"accept-language": "ja"}) for code in ("en", "ja", "en")}
    assert [found[code]["Content-Language"] for code in ("en", "ja")] == ["en", "ja"]
    assert ('lang="en"' in found["en"].content.decode(), how(found["en"])) == (True, HIT)


def test_head_is_answered_from_the_kept_page_without_a_body(reader: Client) -> None:
    full, head = reader.get("/en/about/"), reader.head("/en/about/")
    assert (head.content, how(head)) == (b"", HIT)
    assert head["Content-Length"] == full["Content-Length"] == str(len(full.content))


def test_head_also_fills_the_cache(reader: Client) -> None:
    assert (how(reader.head("/en/about/")), how(reader.get("/en/about/"))) == (MISS, HIT)
    assert len(reader.get("/en/about/").content) > 1000


def test_headers_tell_caches_before_the_server_what_they_may_do(reader: Client) -> None:
    center = centers.make_center()
    response = [reader.get(f"/ja/centers/{center.slug}/") for _ in range(2)][1]
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert response["CDN-Cache-Control"] == "max-age=30, stale-if-error=86400"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Surrogate-Key"] == f"wpiforum wpiforum-ja centers-detail centers-detail-{center.slug}"
    assert "'nonce-" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response.cookies.output() == ""


def test_longest_way_of_a_change_to_a_reader_is_below_a_minute() -> None:
    trusted = 1 + version.PATIENCE_SECONDS
    assert trusted + middleware.LONGEST_SECONDS + current.SECONDS + middleware.SHARED_SECONDS <= 60


# Encodings and tags


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", ""),
        ("", ""),
        ("*", "br"),
        ("gzip;q=0", ""),
        ("gzip;q=x", ""),
    ],
)
def test_best_encoding_the_reader_accepts(accepted: str, expected: str) -> None:
    assert encoding_for(accepted) == expected


def test_packed_page_unpacks_to_the_plain_one(reader: Client) -> None:
    plain = reader.get("/ja/about/").content
    packed = {name: reader.get("/ja/about/", headers={"accept-encoding": name}) for name in ("br", "gzip")}
    assert [row["Content-Encoding"] for row in packed.values()] == ["br", "gzip"]
    assert brotli.decompress(packed["br"].content) == gzip.decompress(packed["gzip"].content) == plain
    assert len(packed["br"].content) < len(plain) // 2


def test_each_encoding_has_a_strong_tag_of_its_own(reader: Client) -> None:
    tags = {reader.get("/ja/about/", headers={"accept-encoding": name})["ETag"] for name in ("br", "gzip", "")}
    assert (len(tags), [tag for tag in tags if not tag.startswith('"')]) == (3, [])


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_reader_who_has_the_page_gets_none(reader: Client, form: str) -> None:
    tag = reader.get("/ja/about/")["ETag"]
    again = reader.get("/ja/about/", headers={"if-none-match": form.format(tag)})
    assert (again.status_code, again.content, again["ETag"], "Content-Type" in again) == (304, b"", tag, False)


def test_tag_of_another_encoding_is_not_the_same_page(reader: Client) -> None:
    tag = reader.get("/ja/about/", headers={"accept-encoding": "br"})["ETag"]
    assert reader.get("/ja/about/", headers={"if-none-match": tag}).status_code == 200


def test_first_reader_with_a_tag_still_fills_the_cache(reader: Client) -> None:
    tag = reader.get("/ja/about/")["ETag"]
    fresh = Client(headers={"host": "testserver"})  # another process
    assert fresh.get("/ja/about/", headers={"if-none-match": tag}).status_code == 304
    assert how(fresh.get("/ja/about/")) == HIT


# What ends a copy


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


# What is never kept


def test_staff_neither_fill_nor_read_the_cache(client: Client, reader: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    assert twice(client, "/en/about/", headers={"host": "testserver"}) == ["", ""]
    assert twice(reader, "/en/about/") == [MISS, HIT]
    assert twice(client, "/en/about/", headers={"host": "testserver"}) == ["", ""]


@pytest.mark.parametrize("path", ["", "account/login/", "notices/notice/"])
def test_staff_page_is_never_kept(reader: Client, path: str) -> None:
    reader.force_login(User.objects.create_superuser("editor", password="secret"))
    assert twice(reader, f"/en/admin/{path}") == ["", ""]


@pytest.mark.parametrize(
    "path",
    ["/en/nowhere/", "/en/centers/nowhere/", "/en/centers/?as_of=x", "/en/centers/?page=99", "/en/centers", "/api/v1/"],
)
def test_what_is_no_page_is_not_kept(reader: Client, path: str) -> None:
    assert twice(reader, path) == ["", ""]


def test_page_that_appears_is_not_hidden_by_the_error_before(reader: Client) -> None:
    assert reader.get("/en/centers/acme/").status_code == 404
    centers.make_center(slug="acme")
    assert reader.get("/en/centers/acme/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/ja/centers/x.css",
        "/ja/centers/acme/x.css",
        "/ja/centers/acme/;x.css",
        "/ja/plan/x.css",
        "/ja/plan;x.css",
        "/ja/admin/x.css",
        "/ja/plan/%2e%2e/about/",
        "/ja/about/%0aX-Header:1",
    ],
)
def test_address_that_looks_like_a_file_is_no_page(reader: Client, path: str) -> None:
    centers.make_center(slug="acme")
    assert [reader.get(path).status_code in {404, 302} for _ in range(2)] == [True, True]
    assert twice(reader, path) == ["", ""]


def test_plan_with_a_persons_dates_is_never_kept(reader: Client) -> None:
    for path in ("/ja/plan/?arrived=2026-04-03", "/ja/status/points/?age=35", "/plan.ics?arrived=2026-04-03"):
        assert twice(reader, path) == ["", ""]


# Poisoning


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https"},
        {"x-forwarded-prefix": "/evil"},
        {"x-original-url": "/evil"},
        {"x-rewrite-url": "/evil"},
        {"forwarded": "host=evil.example"},
        {"x-host": "evil.example"},
        {"accept-language": "evil"},
        {"user-agent": "evil"},
        {"referer": "https://evil.example/"},
        {"origin": "https://evil.example"},
        {"cookie": "theme=evil"},
        {"x-http-method-override": "POST"},
        {"range": "bytes=0-3"},
        {"accept": "evil/evil"},
    ],
)
def test_header_outside_the_key_changes_no_page(reader: Client, headers: dict[str, str]) -> None:
    expected = Client(headers={"host": "testserver"}).get("/en/guides/").content  # another process
    poisoned = reader.get("/en/guides/", headers=headers)
    after = reader.get("/en/guides/")
    assert (poisoned.status_code, how(poisoned), how(after)) == (200, MISS, HIT)
    assert (poisoned.content, after.content) == (expected, expected)


def test_header_is_only_hidden_while_a_page_is_made(rf: RequestFactory) -> None:
    seen = []

    def answer(request: Any) -> Any:
        from django.http import HttpResponse  # beside its use

        seen.append(request.headers.get("User-Agent"))
        return HttpResponse("x")

    request = rf.get("/en/about/", headers={"host": "testserver", "user-agent": "someone"})
    middleware.KeptPagesMiddleware(answer)(request)
    assert (seen, request.headers["User-Agent"]) == ([None], "someone")


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:8443", "testserver.", "TESTSERVER", "testserver@evil.example"]
)
def test_host_that_is_not_spelled_plainly_is_never_kept(host: str) -> None:
    assert twice(Client(headers={"host": host}), "/en/about/") == ["", ""]


@pytest.mark.parametrize(
    "query", ["utm_source=x", "as_of=2019-02-05&x=1", "AS_OF=2019-02-05", "as_of=2019-02-05;x=1&x"]
)
def test_parameter_the_view_does_not_declare_bypasses_the_cache(reader: Client, query: str) -> None:
    reader.get("/en/centers/requirements/")
    assert twice(reader, f"/en/centers/requirements/?{query}") == ["", ""]
    assert how(reader.get("/en/centers/requirements/")) == HIT


@pytest.mark.parametrize("query", ["as_of=2019-02-05", "view=map", "as_of=2019-02-05&view=cards"])
def test_declared_parameter_has_a_page_of_its_own(reader: Client, query: str) -> None:
    plain = reader.get("/en/centers/").content
    assert twice(reader, f"/en/centers/?{query}") == [MISS, HIT]
    assert reader.get(f"/en/centers/?{query}").content != plain
    assert reader.get("/en/centers/").content == plain


def test_sweep_over_parameters_pushes_out_no_plain_page(reader: Client, settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 400_000
    reader.get("/en/about/")
    for day in range(1, 29):
        reader.get(f"/en/centers/requirements/?as_of=2019-02-{day:02}")
    assert how(reader.get("/en/about/")) == HIT
    assert how(reader.get("/en/centers/requirements/?as_of=2019-02-01")) == MISS


def test_cache_switched_off_keeps_nothing(settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 0
    assert twice(Client(headers={"host": "testserver"}), "/en/about/") == ["", ""]


# Outages


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ja", "現在、データベースに接続できません"), ("en", "We cannot reach our database at the moment")],
)
def test_database_down_shows_the_last_copy_with_a_notice(
    reader: Client, down: Callable[[], Any], language: str, sentence: str
) -> None:
    path = f"/{language}/emergency/"
    before = reader.get(path).content.decode()
    for encoding in ("", "br"):
        with down():
            response = reader.get(path, headers={"accept-encoding": encoding})
        body = brotli.decompress(response.content) if encoding else response.content
        assert (response.status_code, response["Warning"]) == (200, '110 - "Response is Stale"')
        assert (response["Cache-Control"], how(response)) == ("no-store", "wpiforum; hit; detail=stale-if-error")
        assert response["CDN-Cache-Control"] == "no-store"
        assert (sentence in body.decode(), sentence in before) == (True, False)


def test_database_that_fails_only_the_page_shows_the_last_copy(
    reader: Client, down: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/en/centers/")
    monkeypatch.setattr(version, "CHECK_SECONDS", 60)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=middleware.LONGEST_SECONDS))
    with down():
        assert how(reader.get("/en/centers/")) == "wpiforum; hit; detail=stale-if-error"
        assert how(reader.get("/en/centers/")) == "wpiforum; hit; detail=stale-if-error"


@pytest.mark.parametrize("language", LANGUAGES)
def test_database_down_without_a_copy_says_so(reader: Client, down: Callable[[], Any], language: str) -> None:
    for path in (f"/{language}/emergency/", f"/{language}/centers/?x=1"):
        with down():
            response = reader.get(path)
        text = response.content.decode()
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
        assert ("データベースにつながりません" in text, "Our database does not answer" in text) == (True, True)


def look_of_two(watcher: version.Watcher, monkeypatch: pytest.MonkeyPatch, *, hangs: bool) -> list[bool]:
    """Let two threads ask after a sleep while the first one looks: which of them believe the database to be down."""
    may_end, found = threading.Event(), []

    def read() -> version.Known:
        may_end.wait(30)
        return version.Known("a", False, None)

    monkeypatch.setattr(version, "CHECK_SECONDS", 1)
    monkeypatch.setattr(watcher, "_read", read)
    watcher._looked = time.monotonic() - 60
    two = [threading.Thread(target=lambda: found.append(watcher.known().is_down)) for _ in range(2)]
    two[0].start()
    while not watcher._looking.locked():
        time.sleep(0.01)
    two[1].start()
    two[1].join(0.2)
    if hangs:
        two[1].join()
    may_end.set()
    for one in two:
        one.join()
    return found


def test_look_of_another_reader_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_of_two(version.Watcher(), monkeypatch, hangs=False) == [False, False]


def test_look_that_hangs_counts_as_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "PATIENCE_SECONDS", 0.3)
    assert look_of_two(version.Watcher(), monkeypatch, hangs=True) == [True, False]


def test_database_back_ends_the_notice(reader: Client, down: Callable[[], Any]) -> None:
    reader.get("/en/about/")
    with down():
        assert "stale" in how(reader.get("/en/about/"))
    assert how(reader.get("/en/about/")) == HIT


@pytest.mark.parametrize("table", ["search_asked", "search_entry", "links_link", "links_use", "onboarding_report"])
def test_what_no_page_shows_puts_no_page_out_of_date(table: str) -> None:
    assert table in connection.introspection.table_names()
    assert table not in shown_tables()
