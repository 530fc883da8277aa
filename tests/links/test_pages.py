"""The list of links, the queue on the home page of the staff, and "where used" on pages and before a deletion."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import centers, onboarding
from tests.factories.links import listed, make_link
from tests.factories.publishing import make_assignment, make_person, make_redirect
from wpiforum.links import where
from wpiforum.links.models import State
from wpiforum.markup import links, replace_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def url(name: str, *args: Any, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"admin:{name}", args=args)


@pytest.mark.parametrize(
    ("language", "sentence", "state"),
    [
        ("ja", "このページは相手のサーバーにありません（404）。", "リンク切れ"),
        ("en", "The server does not know this page (404).", "broken"),
    ],
)
def test_list_says_why_in_the_language_of_the_reader(staff: Client, language: str, sentence: str, state: str) -> None:
    make_link()
    html = staff.get(url("links_link_changelist", language=language)).text
    assert sentence in html
    assert f">{state}</td>" in html


def test_list_is_filtered_by_state_and_by_topic_or_center(staff: Client) -> None:
    step = onboarding.make_step(body_en='<p><a href="https://step.example/">x</a></p>')
    center = centers.make_center(website="https://center.example/")
    listed("https://step.example/")
    listed("https://center.example/", state=State.FINE)

    def shown(query: str) -> list[str]:
        html = staff.get(f"{url('links_link_changelist')}?{query}").text
        return [name for name in ("step.example", "center.example") if f">https://{name}/</a>" in html]

    assert shown("state__exact=broken") == ["step.example"]
    assert shown(f"group={step.guide.topic.pk}") == ["step.example"]
    assert shown(f"group={center.pk}") == ["center.example"]
    assert shown("group=nonsense") == ["step.example", "center.example"]


def test_page_of_a_link_names_its_uses(staff: Client) -> None:
    guide = onboarding.make_guide(title_en="A guide")
    onboarding.make_step(guide=guide, title_en="Register", body_en='<p><a href="https://step.example/">x</a></p>')
    link = listed("https://step.example/")
    html = staff.get(url("links_link_change", link.pk)).text
    assert "Step: A guide – Register</a> (text (English))" in html
    assert url("links_link_replace", link.pk) in html


@pytest.mark.parametrize("page", ["change", "delete"])
def test_links_are_read_and_never_changed_by_hand(staff: Client, page: str) -> None:
    link = make_link()
    assert (
        staff.post(url(f"links_link_{page}", link.pk), {"url": "https://x.example/", "post": "yes"}).status_code == 403
    )
    link.refresh_from_db()
    assert link.state == State.BROKEN


@pytest.mark.parametrize(("language", "words"), [("ja", "リンク切れ"), ("en", "broken")])
def test_broken_links_wait_on_the_home_page_of_who_may_write(client: Client, language: str, words: str) -> None:
    make_link()
    make_link(state=State.FAILING)
    address = f"{url('links_link_changelist', language=language)}?state__exact=broken"
    client.force_login(make_person("editor"))
    html = client.get(url("index", language=language)).text
    assert f'<a href="{address}">' in html
    assert f"{words}</a> <strong>1</strong>" in html
    client.force_login(make_person("reviewer"))
    assert address not in client.get(url("index", language=language)).text


def test_editor_of_a_center_sees_the_links_of_that_center_only(client: Client) -> None:
    own, _other = centers.make_center(website="https://own.example/"), centers.make_center(website="https://o.example/")
    own_link, other = listed("https://own.example/"), listed("https://o.example/")
    person = make_person("center_editor")
    make_assignment(user=person, subject=own)
    client.force_login(person)
    html = client.get(url("links_link_changelist")).text
    assert ("own.example" in html, "//o.example" in html) == (True, False)
    assert "broken</a> <strong>1</strong>" in client.get(url("index")).text
    codes = [client.get(url("links_link_replace", link.pk)).status_code for link in (own_link, other)]
    assert codes == [200, 404]


def used(row: Any) -> dict[str, int]:
    with translation.override("en"):
        return {group.label: group.number for group in where.uses(row)}


LINKED = "Links on this site that lead to it"
REFERRED = "Texts that refer to it"


def test_source_is_used_by_every_kind_of_row_that_names_it() -> None:
    source = centers.make_source()
    onboarding.make_step(sources=[source])
    centers.make_practice(source=source)
    centers.make_claim(source=source, subject=centers.make_directorship(), field="person")
    assert used(source) == {"Claims": 1, "Practices": 1, "Steps": 1}


@pytest.mark.parametrize("prefix", ["/ja", "/en", "https://portal.example/ja"])
def test_guide_is_used_by_texts_that_link_to_it(prefix: str, settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"
    guide = onboarding.make_guide()
    path = f"{prefix}/guides/{guide.topic.slug}/{guide.slug}/"
    step = onboarding.make_step(body_en=f'<p><a href="{path}#part">x</a></p>')
    onboarding.make_step(body_en=f'<p><a href="{path.removesuffix("/")}-other/">x</a></p>')
    onboarding.make_step(
        body_en=f'<p><a href="https://elsewhere.example{path.removeprefix("https://portal.example")}">x</a></p>'
    )
    assert where.linking(guide) == [step]
    assert used(guide) == {LINKED: 1}


def test_links_inside_the_guide_itself_and_to_its_old_address_count() -> None:
    guide = onboarding.make_guide()
    make_redirect(target=guide, slug="old-name")
    step = onboarding.make_step(body_ja=f'<p><a href="/ja/guides/{guide.topic.slug}/old-name/">x</a></p>')
    assert where.linking(guide) == [step]


def test_step_is_used_by_links_to_its_place_and_not_to_its_guide() -> None:
    target = onboarding.make_step(slug="move-in")
    path = f"/en/guides/{target.guide.topic.slug}/{target.guide.slug}/"
    to_guide = onboarding.make_step(body_en=f'<p><a href="{path}">x</a></p>')
    to_step = onboarding.make_step(body_en=f'<p><a href="{path}#move-in">x</a></p>')
    assert where.linking(target) == [to_step]
    assert where.linking(target.guide) in ([to_guide, to_step], [to_step, to_guide])


def test_center_is_used_by_texts_that_link_to_it() -> None:
    center = centers.make_center()
    step = onboarding.make_step(body_en=f'<p><a href="/en/centers/{center.slug}/">x</a></p>')
    assert where.linking(center) == [step]


def test_contact_is_used_by_links_to_its_place() -> None:
    contact = onboarding.make_contact(key="desk")
    step = onboarding.make_step(body_en='<p><a href="/en/contacts/#contact-desk">x</a></p>')
    onboarding.make_step(body_en='<p><a href="/en/contacts/">x</a></p>')
    assert used(contact) == {LINKED: 1}
    assert where.linking(contact) == [step]


def test_place_of_a_contact_exists(client: Client) -> None:
    contact = onboarding.make_contact(key="desk")
    with translation.override("en"):
        path, _hash, place = contact.get_absolute_url().partition("#")
    assert f'id="{place}"' in client.get(path).text


def test_term_is_used_by_texts_that_hold_the_word_and_by_links() -> None:
    term = onboarding.make_term(slug="resident", japanese="居住者", english="resident")
    onboarding.make_step(body_en="<p>A Resident registers.</p>", body_ja="<p>x</p>")
    onboarding.make_step(body_ja="<p>居住者は届け出ます。</p>", body_en="<p>x</p>")
    onboarding.make_step(body_en="<p>A non-resident or residents.</p>", body_ja="<p>x</p>")
    onboarding.make_step(body_en='<p><a href="/en/glossary/#resident">x</a></p>', body_ja="<p>x</p>")
    assert used(term) == {REFERRED: 2, LINKED: 1}


def test_fact_is_used_by_texts_and_what_belongs_to_it_is_no_use() -> None:
    fact = onboarding.make_fact(value="6000")
    onboarding.make_step(body_en=f"<p>{fact.reference}</p>")
    assert used(fact) == {REFERRED: 1}


@pytest.mark.parametrize(("language", "words"), [("ja", "使われている箇所"), ("en", "Where used")])
def test_page_and_delete_confirmation_show_where_a_row_is_used(staff: Client, language: str, words: str) -> None:
    guide = onboarding.make_guide(published=False)
    onboarding.make_step(
        title_ja="届出",
        title_en="Notify",
        body_en=f'<p><a href="/en/guides/{guide.topic.slug}/{guide.slug}/">x</a></p>',
    )
    step = {"ja": "届出", "en": "Notify"}[language]
    for page in ("change", "delete"):
        html = staff.get(url(f"onboarding_guide_{page}", guide.pk, language=language)).text
        assert html.count(f">{words}</h2>") == 1
        assert f"{step}</a>" in html[html.index(words) :]


@pytest.mark.parametrize(("language", "words"), [("ja", "どこでも使われていません"), ("en", "Nowhere: no text")])
def test_unused_row_says_so(staff: Client, language: str, words: str) -> None:
    source = centers.make_source()
    assert words in staff.get(url("provenance_source_change", source.pk, language=language)).text


def test_deleting_several_rows_shows_where_each_is_used(staff: Client) -> None:
    sources = [centers.make_source(), centers.make_source()]
    centers.make_practice(source=sources[0])
    data = {"action": "delete_selected", "_selected_action": [str(row.pk) for row in sources]}
    html = staff.post(url("provenance_source_changelist"), data).text
    assert (html.count(">Where used</h2>"), html.count("Practices (1)")) == (2, 1)


def test_panel_is_not_shown_for_a_new_row_or_for_rows_that_are_no_content(staff: Client) -> None:
    for address in (url("provenance_source_add"), url("auth_user_change", User.objects.get().pk)):
        assert "where-used" not in staff.get(address).text


def test_links_of_a_rich_text_are_found_however_they_are_written() -> None:
    text = """<p><a lang="en" href='https://a.example/'>x</a><A HREF="/ja/?a=1&amp;b=2">y</A><abbr href="z">z</abbr>"""
    assert links(text) == ["https://a.example/", "/ja/?a=1&b=2"]


def test_replaced_link_leaves_longer_addresses_alone() -> None:
    text = '<p><a href="https://a.example/x">https://a.example/x</a> <a href="https://a.example/xy">see x</a></p>'
    assert replace_link(text, "https://a.example/x", "https://b.example/?p=1&q=2") == (
        '<p><a href="https://b.example/?p=1&amp;q=2">https://b.example/?p=1&amp;q=2</a>'
        ' <a href="https://a.example/xy">see x</a></p>'
    )
