"""Atom feeds: read by an independent parser; meaningful changes only, in one language, under ids that last."""

from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client

from tests.factories import centers, onboarding, publishing
from tests.helpers import LANGUAGES, page
from wpiforum.provenance.models import LoadedRow
from wpiforum.publishing import workflow
from wpiforum.publishing.snapshot import take

pytestmark = pytest.mark.django_db


def read(client: Client, path: str = "/feeds/en.atom") -> Any:
    """Return the feed as a reader's program sees it."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    found = feedparser.parse(response.content)
    assert (found.bozo, found.version) == (False, "atom10")
    return found


def titles(client: Client, path: str = "/feeds/en.atom") -> list[str]:
    return [entry.title for entry in read(client, path).entries]


def _center() -> Any:
    center = centers.make_center(slug="aimr", acronym="AIMR")
    person = centers.make_person(name_ja="小谷 元子", name_en="Motoko Kotani")
    centers.make_directorship(center=center, person=person, start_on=date(2012, 4, 1))
    return center


def _guide(**fields: Any) -> Any:
    return onboarding.make_guide(
        slug="moving", title_ja="引越し", title_en="Moving", topic=onboarding.make_topic(slug="life", name_en="Life"),
        steps=1, **fields,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_feed_has_all_that_the_standard_asks(client: Client, language: str) -> None:
    _center()
    onboarding.make_change(guide=_guide())
    path = f"/feeds/{language}.atom"
    found = read(client, path)
    assert (found.feed.language, found.feed.author, found.feed.rights) == (
        language, "WPI Forum", "https://creativecommons.org/licenses/by/4.0/",
    )  # fmt: skip
    assert {link.rel: link.href for link in found.feed.links} == {
        "self": f"http://testserver{path}",
        "alternate": f"http://testserver/{language}/news/",
    }
    root = ElementTree.fromstring(client.get(path).content)  # noqa: S314  our own answer
    atom = "{http://www.w3.org/2005/Atom}"
    for node in [root, *root.findall(f"{atom}entry")]:
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{atom}{name}")) == 1
    assert all(entry.id.startswith("urn:uuid:") for entry in found.entries)
    assert len({entry.id for entry in found.entries}) == len(found.entries) == 2


def test_note_of_a_change_says_day_before_after_and_source(client: Client) -> None:
    source = centers.make_source(title_en="Notice of the ministry")
    onboarding.make_change(
        guide=_guide(), happened_on=date(2025, 4, 1), before_en="14 days", after_en="Ten days & more", source=source
    )
    [entry] = read(client).entries
    assert (entry.title, entry.link) == ("Moving", "http://testserver/en/guides/life/moving/#changes")
    assert entry.summary == (
        "<p>1 April 2025: Ten days &amp; more</p><p>Before: 14 days</p><p>Source: Notice of the ministry</p>"
    )
    assert entry.updated == "2025-04-01T00:00:00+09:00"


def test_announced_change_stands_at_the_moment_it_came_here(client: Client, japan_noon: Any) -> None:
    note = onboarding.make_change(guide=_guide(), happened_on=date(2027, 4, 1), is_planned=True, after_en="Fee doubles")
    LoadedRow.objects.create(model="x", key=str(note.pk), loaded_at=datetime(2026, 3, 1, tzinfo=UTC))
    japan_noon(date(2026, 4, 3))
    [entry] = read(client).entries
    assert entry.updated == "2026-03-01T09:00:00+09:00"
    assert "1 April 2027 (announced only): Fee doubles" in entry.summary


def test_event_of_the_register_keeps_its_id_when_it_is_corrected(client: Client) -> None:
    center = _center()
    [before] = read(client).entries
    assert (before.title, before.updated) == (
        "AIMR: Motoko Kotani becomes director.",
        "2012-04-01T00:00:00+09:00",
    )
    center.directorships.update(start_on=date(2012, 4, 2))
    [after] = read(client).entries
    assert (after.id, after.updated) == (before.id, "2012-04-02T00:00:00+09:00")
    assert read(client, "/feeds/ja.atom").entries[0].id != before.id


def test_planned_event_is_no_entry(client: Client) -> None:
    center = centers.make_center()
    centers.make_standing(center=center, start_on=date(2017, 4, 1), end_on=date(2027, 4, 1))
    assert len(titles(client)) == 1


def _publish_text(guide: Any, weight: str, **fields: str) -> None:
    """Publish a change of the guide's only step."""
    data = take(guide)
    [step] = data["children"]["steps"].values()
    step["fields"] |= fields
    workflow.save_draft(guide, data=data, by=publishing.make_person("editor"), weights={"ja": weight, "en": weight})
    publishing.publish_draft(guide)


def test_changed_text_is_an_entry_that_names_its_steps(client: Client) -> None:
    guide = _guide()
    guide.steps.update(title_en="Report the address", title_ja="住所の届出")
    _publish_text(guide, "content", body_en="<p>Go to the ward office.</p>", body_ja="<p>区役所へ行きます。</p>")
    [entry] = read(client).entries
    assert (entry.title, entry.summary) == ("Text changed: Moving", "<p>Report the address</p>")


def test_change_of_wording_is_no_entry(client: Client) -> None:
    guide = _guide()
    _publish_text(guide, "wording", body_en="<p>Please go there.</p>", body_ja="<p>行ってください。</p>")
    assert titles(client) == []


def test_change_of_the_other_language_is_no_entry(client: Client) -> None:
    guide = _guide()
    guide.steps.update(title_en="Report the address", title_ja="住所の届出")
    _publish_text(guide, "content", title_ja="転入の届出")
    assert (titles(client), len(titles(client, "/feeds/ja.atom"))) == ([], 1)


def test_new_guide_is_an_entry_with_its_summary(client: Client) -> None:
    guide = _guide(published=False, summary_en="How to move.")
    publishing.publish_draft(guide)
    [entry] = read(client).entries
    assert (entry.title, entry.summary) == ("New: Moving", "<p>How to move.</p>")


def test_withdrawn_guide_is_an_entry_with_the_reason(client: Client) -> None:
    guide = _guide()
    chief = publishing.make_person("administrator")
    workflow.unpublish(guide, by=chief, reason_ja="制度が終わりました。", reason_en="The system ended.")
    [entry] = read(client).entries
    assert (entry.title, entry.summary) == ("Withdrawn: Moving", "<p>The system ended.</p>")


def test_feeds_of_a_topic_and_of_a_center_hold_their_own_changes(client: Client) -> None:
    _center()
    centers.make_directorship(center=centers.make_center(acronym="OTHER"))
    onboarding.make_change(guide=_guide())
    onboarding.make_change(guide=onboarding.make_guide(title_en="Other"))
    assert titles(client, "/feeds/en/guides/life.atom") == ["Moving"]
    assert titles(client, "/feeds/en/centers/aimr.atom") == ["AIMR: Motoko Kotani becomes director."]
    assert read(client, "/feeds/en/guides/life.atom").feed.title == "WPI Forum: changes of Life"


def test_hidden_rows_are_in_no_feed(client: Client) -> None:
    onboarding.make_change(guide=onboarding.make_guide(title_en="LEAK", published=False), after_en="LEAK")
    topic = onboarding.make_topic(slug="leak", published=False)
    onboarding.make_change(guide=onboarding.make_guide(topic=topic), after_en="LEAK")
    hidden = centers.make_center(slug="leak", acronym="LEAK", published=False)
    centers.make_directorship(center=hidden)
    centers.make_directorship(person=centers.make_person(name_en="LEAK", published=False))
    assert titles(client) == []
    for path in ("guides/leak", "centers/leak", "guides/nowhere"):
        assert client.get(f"/feeds/en/{path}.atom").status_code == 404
    assert client.get("/feeds/fr.atom").status_code == 404


def test_empty_feed_does_not_change_with_the_clock(client: Client) -> None:
    assert read(client).feed.updated == "2019-02-05T00:00:00+09:00"


def test_text_that_a_language_lacks_is_shown_in_its_original(client: Client) -> None:
    onboarding.make_change(guide=_guide(), after_ja="<増額>", after_en="")
    assert '<span lang="ja">&lt;増額&gt;</span>' in client.get("/feeds/en.atom").content.decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("rows", [1, 4])
def test_feed_takes_the_same_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    client.get("/feeds/en.atom")  # content types are remembered by the process
    for _row in range(rows):
        centers.make_directorship()
        onboarding.make_change()
        publishing.make_withdrawal(subject=onboarding.make_guide(published=False))
    with django_assert_num_queries(13):
        client.get("/feeds/en.atom")


def test_unchanged_feed_is_answered_with_304(client: Client) -> None:
    onboarding.make_change(guide=_guide())
    first = client.get("/feeds/en.atom")
    for name, header in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        assert client.get("/feeds/en.atom", headers={name: first[header]}).status_code == 304


def test_pages_name_their_feeds(client: Client) -> None:
    _guide()
    _center()
    for path, own in (("guides/life/moving", "guides/life"), ("guides/life", "guides/life"),
                      ("centers/aimr", "centers/aimr")):  # fmt: skip
        html = page(client, f"/ja/{path}/")
        for address in ("/feeds/ja.atom", f"/feeds/ja/{own}.atom"):
            assert f'href="{address}"' in html
            read(client, address)
