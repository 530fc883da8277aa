"""What is hidden or not confirmed leaks nowhere."""

from typing import Any

import pytest
from django.test import Client

from onboarding.choices import Actor, Audience, ContactKind
from onboarding.models import Guide
from tests.factories.onboarding import (
    make_case,
    make_change,
    make_contact,
    make_fact,
    make_guide,
    make_material,
    make_period,
    make_step,
    make_term,
    make_topic,
)
from tests.helpers import LANGUAGES, page
from tests.onboarding.pages.helpers import HIDDEN, PUBLIC, make_full_guide

pytestmark = pytest.mark.django_db


def make_hidden_guide(topic: Any = None, **fields: Any) -> Guide:
    """Make a guide with one row of every kind, each marked."""
    guide = make_full_guide(
        **{
            "slug": "secret",
            "topic": topic or make_topic(slug="t2"),
            "audience": [Audience.FAMILY],
            "title_ja": HIDDEN,
            "title_en": HIDDEN,
            "summary_ja": HIDDEN,
            "summary_en": HIDDEN,
            **fields,
        }
    )
    text = {name + code: HIDDEN for name in ("title_", "body_", "where_", "missed_") for code in LANGUAGES}
    make_step(guide=guide, slug="secret-step", actors=list(Actor), **text)
    make_change(guide=guide, after_ja=HIDDEN, after_en=HIDDEN)
    make_case(guides=[guide], title_ja=HIDDEN, title_en=HIDDEN)
    return guide


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["guide", "topic"])
def test_hidden_guide_or_topic_leaks_nowhere(client: Client, what: str, language: str) -> None:
    """A public guide names the hidden one as related and as next: the mark must still reach no page."""
    topic = make_topic(slug="t2", published=what != "topic", name_en=HIDDEN if what == "topic" else "Topic")
    hidden = make_hidden_guide(topic=topic, published=what != "guide")
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"), audience=[Audience.FAMILY])
    guide.related.add(hidden)
    guide.next = hidden
    guide.save()
    for path in PUBLIC:
        gone = "secret" in path or (what == "topic" and "t2" in path)
        response = client.get(f"/{language}/{path}")
        assert response.status_code == (404 if gone else 200), path
        assert HIDDEN not in response.content.decode(), path


def test_marked_guide_would_be_seen_if_it_were_public(client: Client) -> None:
    """The proof that the test above has something to find."""
    make_hidden_guide()
    assert [path for path in PUBLIC if "t2" in path and HIDDEN not in page(client, f"/en/{path}")] == []


@pytest.mark.parametrize("at", ["guide", "topic"])
def test_guide_knows_whether_it_is_public_as_the_query_does(at: str) -> None:
    guide = make_guide(topic=make_topic(published=at != "topic"), published=at != "guide")
    assert (guide.is_published(), Guide.objects.published().exists()) == (False, False)
    shown = make_guide()
    assert (shown.is_published(), list(Guide.objects.published())) == (True, [shown])


def test_hidden_term_case_and_material_leak_nowhere(client: Client) -> None:
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"))
    make_term(published=False, japanese=HIDDEN, english=HIDDEN)
    make_case(published=False, guides=[guide], title_en=HIDDEN, title_ja=HIDDEN)
    make_material(published=False, guides=[guide], title_en=HIDDEN, title_ja=HIDDEN)
    for path in PUBLIC:
        if "t2" not in path:
            assert HIDDEN not in page(client, f"/en/{path}"), path


def test_unconfirmed_contact_and_value_leak_nowhere(client: Client) -> None:
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"))
    make_contact(confirmed=False, name_ja=HIDDEN, name_en=HIDDEN, kind=ContactKind.EMERGENCY)
    make_contact(confirmed=False, name_ja=HIDDEN, name_en=HIDDEN, number=HIDDEN)
    make_period(fact=make_fact(key="fee"), text_ja=HIDDEN, text_en=HIDDEN, confirmed=False)
    make_step(guide=guide, body_ja="<p>{{fact:fee}}</p>", body_en="<p>{{fact:fee}}</p>")
    for path in PUBLIC:
        if "t2" not in path:
            assert HIDDEN not in page(client, f"/en/{path}"), path
