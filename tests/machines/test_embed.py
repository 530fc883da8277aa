"""Guides inside other sites' pages: the frame's page, and oEmbed, which says how to put it there."""

import html as markup
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories import centers, onboarding, publishing
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.publishing import workflow

pytestmark = pytest.mark.django_db


def _guide(**fields: Any) -> Any:
    topic = onboarding.make_topic(slug="life")
    names = {"title_ja": "引越し", "title_en": "Moving", **fields}
    guide = onboarding.make_guide(slug="moving", topic=topic, **names)
    source = centers.make_source(title_ja="法令", title_en="The law")
    onboarding.make_step(guide=guide, slug="report", order=1, title_ja="届出", title_en="Report", sources=[source],
                         as_of_on=date(2026, 5, 1))  # fmt: skip
    onboarding.make_step(guide=guide, slug="later", order=2, title_ja="その後", title_en="Later")
    return guide


def ask(client: Client, **parameters: Any) -> Any:
    return client.get(f"/oembed?{urlencode(parameters)}")


@pytest.mark.parametrize(("language", "title", "as_of"), [("ja", "引越し", "2026年5月"), ("en", "Moving", "May 2026")])
def test_frame_shows_steps_with_source_date_and_way_to_the_page(
    client: Client, language: str, title: str, as_of: str
) -> None:
    _guide()
    html = page(client, f"/embed/{language}/guides/life/moving/")
    text = main_text(html)
    assert f'<html lang="{language}">' in html
    assert all(word in text for word in (title, as_of, {"ja": "法令", "en": "The law"}[language]))
    assert f'href="http://testserver/{language}/guides/life/moving/"' in html
    assert '<base target="_blank">' in html


def test_frame_of_a_step_shows_that_step_alone(client: Client) -> None:
    _guide()
    text = main_text(page(client, "/embed/en/guides/life/moving/report/"))
    assert ("Report" in text, "Later" in text) == (True, False)


def test_frames_alone_may_be_framed_and_run_nothing(client: Client) -> None:
    _guide()
    framed = client.get("/embed/en/guides/life/moving/")
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'none'" in framed["Content-Security-Policy"]
    assert (framed.cookies.output(), "<script" in framed.content.decode()) == ("", False)
    own = client.get("/en/guides/life/moving/")
    assert own["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"]


def test_frame_has_no_link_into_itself(client: Client) -> None:
    guide = _guide()
    fact = onboarding.make_fact(key="fee")
    onboarding.make_period(fact=fact, value="6000")
    onboarding.make_term(english="residence card")
    guide.steps.update(body_en="<p>Pay {{fact:fee}} with your residence card.</p>")
    html = page(client, "/embed/en/guides/life/moving/")
    assert '<strong class="fact">6,000 yen</strong>' in html
    assert re.findall(r'href="#', html) == []


def test_frame_warns_where_the_text_became_wrong(client: Client) -> None:
    guide = _guide()
    publishing.make_translation_state(subject=guide.steps.get(slug="report"), is_wrong=True)
    html = page(client, "/embed/en/guides/life/moving/report/")
    assert "Do not rely on this text." in html
    assert 'href="/embed/ja/guides/life/moving/report/#report"' in html
    assert html.count("Do not rely on this text.") == 1
    publishing.make_translation_state(subject=guide, is_wrong=True)
    assert page(client, "/embed/en/guides/life/moving/report/").count("Do not rely on this text.") == 2


def test_frame_shows_the_original_where_the_language_has_none(client: Client) -> None:
    onboarding.make_step(guide=_guide(title_ja="", summary_ja=""))
    html = page(client, "/embed/ja/guides/life/moving/")
    assert '<h1 lang="en">Moving</h1>' in html
    assert "このページの日本語版はまだありません。" in html


def test_withdrawn_guide_says_why_inside_the_frame(client: Client) -> None:
    workflow.unpublish(_guide(), by=publishing.make_person("administrator"), reason_ja="廃止", reason_en="It ended.")
    for path in ("moving/", "moving/report/"):
        response = client.get(f"/embed/en/guides/life/{path}")
        assert (response.status_code, "It ended." in response.content.decode()) == (410, True)
        assert "X-Frame-Options" not in response.headers
        assert "Report" not in response.content.decode()


@pytest.mark.parametrize(
    "path", ["en/guides/life/secret/", "en/guides/life/moving/no/", "en/guides/other/moving/", "fr/guides/life/moving/"]
)
def test_what_is_not_public_is_not_there(client: Client, path: str) -> None:
    _guide()
    onboarding.make_step(guide=onboarding.make_guide(slug="secret", title_en="LEAK", published=False))
    response = client.get(f"/embed/{path}")
    assert (response.status_code, "LEAK" in response.content.decode()) == (404, False)


def test_old_address_of_a_frame_leads_to_the_new_one(client: Client) -> None:
    publishing.make_redirect(target=_guide(), slug="old-name")
    response = client.get("/embed/en/guides/life/old-name/")
    assert (response.status_code, response["Location"]) == (301, "/embed/en/guides/life/moving/")


@pytest.mark.parametrize("steps", [1, 5])
def test_frame_takes_the_same_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: Any, steps: int
) -> None:
    guide = onboarding.make_guide(slug="g", topic=onboarding.make_topic(slug="t"), steps=steps)
    with django_assert_num_queries(7):
        page(client, f"/embed/en/guides/t/{guide.slug}/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_oembed_gives_a_frame_that_works(client: Client, language: str) -> None:
    _guide()
    response = ask(client, url=f"http://testserver/{language}/guides/life/moving/")
    found = response.json()
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert (found["version"], found["type"], found["width"], found["height"]) == ("1.0", "rich", 640, 720)
    assert found["title"] == {"ja": "引越し", "en": "Moving"}[language]
    assert response["Access-Control-Allow-Origin"] == "*"
    [source] = re.findall(r'<iframe src="http://testserver([^"]+)"', found["html"])
    assert f'title="{found["title"]}"' in found["html"]
    assert found["title"] in page(client, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("en/guides/life/moving/#report", "/embed/en/guides/life/moving/report/"),
        ("en/guides/life/moving/report/sheet/", "/embed/en/guides/life/moving/report/"),
        ("embed/en/guides/life/moving/report/", "/embed/en/guides/life/moving/report/"),
        ("embed/ja/guides/life/moving/", "/embed/ja/guides/life/moving/"),
        ("ja/guides/life/moving/?view=both#values", "/embed/ja/guides/life/moving/"),
    ],
)
def test_oembed_knows_every_address_of_a_guide_and_a_step(client: Client, path: str, source: str) -> None:
    _guide()
    found = ask(client, url=f"http://testserver/{path}").json()
    assert f'src="http://testserver{source}"' in found["html"]


def test_oembed_keeps_to_the_size_that_is_asked_for(client: Client) -> None:
    _guide()
    found = ask(client, url="http://testserver/en/guides/life/moving/", maxwidth=320, maxheight=9999).json()
    assert (found["width"], found["height"]) == (320, 720)
    assert 'width="320" height="720"' in found["html"]


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 400),
        ({"url": "http://testserver/en/guides/life/moving/", "maxwidth": "wide"}, 400),
        ({"url": "http://testserver/en/guides/life/moving/", "maxheight": "0"}, 400),
        ({"url": "http://[testserver/en/"}, 400),
        ({"url": "http://testserver/en/guides/life/moving/", "format": "xml"}, 501),
        ({"url": "http://elsewhere.example/en/guides/life/moving/"}, 404),
        ({"url": "ftp://testserver/en/guides/life/moving/"}, 404),
        ({"url": "http://testserver/en/guides/life/secret/"}, 404),
        ({"url": "http://testserver/en/guides/life/"}, 404),
        ({"url": "http://testserver/en/centers/"}, 404),
        ({"url": "http://testserver/en/nowhere"}, 404),
        ({"url": "http://testserver/embed/en/guides/life/moving/nothing/"}, 404),
        ({"url": "moving"}, 404),
    ],
)
def test_oembed_refuses_in_words(client: Client, parameters: dict[str, str], status: int) -> None:
    _guide()
    onboarding.make_guide(slug="secret", published=False)
    response = ask(client, **parameters)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"]


def test_title_cannot_leave_its_attribute(client: Client) -> None:
    _guide().__class__.objects.update(title_en='"><script>alert(1)</script>')
    found = ask(client, url="http://testserver/en/guides/life/moving/").json()
    assert "<script" not in found["html"]
    assert "<script" not in page(client, "/embed/en/guides/life/moving/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_about_data_shows_the_frames_markup_to_copy_and_no_frame(client: Client, language: str) -> None:
    _guide()
    html = page(client, f"/{language}/about/data/")
    source = f"http://testserver/embed/{language}/guides/life/moving/"
    assert f"<code>&lt;iframe src=&quot;{source}&quot;" in html
    assert "<iframe" not in html
    assert client.get(source).status_code == 200


def test_page_of_a_guide_names_its_oembed(client: Client) -> None:
    _guide()
    html = page(client, "/en/guides/life/moving/")
    [address] = re.findall(r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]+)"', html)
    found = client.get(markup.unescape(address).removeprefix("http://testserver"))
    assert found.json()["title"] == "Moving"
    assert "json+oembed" not in page(client, "/en/guides/life/")
