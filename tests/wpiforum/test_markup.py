"""Rich text: what is allowed stays, and one text is stored one way."""

from typing import Any

import pytest
from django.conf import settings

from wpiforum.markup import clean, tidy
from wpiforum.provenance.loading import read


def _bodies() -> list[Any]:
    return [
        pytest.param(text, id=f"{record['pk'][:8]}-{name}")
        for fixture in settings.CONTENT_FIXTURES
        for record in read(fixture)
        if record["model"] in {"onboarding.step", "onboarding.case", "onboarding.material"}
        for name, text in record["fields"].items()
        if name.startswith("body_") and text
    ]


def test_texts_of_the_fixtures_are_tidy() -> None:
    """Else loading would write something else than the file holds, and take it for a staff edit next time."""
    assert [case.id for case in _bodies() if tidy(case.values[0]) != case.values[0]] == []


def test_the_editors_way_of_writing_is_stored_like_ours() -> None:
    """An editor writes no line breaks, and a paragraph in each item; only what was changed may change."""
    wrong = []
    for case in _bodies():
        stored = case.values[0]
        edited = stored.replace("\n", "").replace("<li>", "<li><p>").replace("</li>", "</p></li>")
        if tidy(f"{edited}<p></p>") != stored:
            wrong.append(case.id)
    assert wrong == []


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>one</p><p>two</p>", "<p>one</p>\n<p>two</p>"),
        ("<p>one</p><p> </p><p><br></p><p>&nbsp;</p>", "<p>one</p>"),
        ("<ul><li><p>one</p><p>two</p></li></ul>", "<ul>\n<li><p>one</p>\n<p>two</p>\n</li>\n</ul>"),
        ('<p><a href="/ja/x/" rel="noopener" target="_blank">x</a></p>', '<p><a href="/ja/x/">x</a></p>'),
        ("<p><b>bold</b> <strong>kept</strong> <em>so</em></p>", "<p>bold <strong>kept</strong> <em>so</em></p>"),
        ("<h2>no</h2><h3>yes</h3>", "no<h3>yes</h3>"),
        ('<p onclick="x()" style="color:red" class="y" title="z">x</p>', "<p>x</p>"),
        ('<p lang="ja">x</p><h3 lang="ja">y</h3>', '<p lang="ja">x</p>\n<h3>y</h3>'),
        ('<a href="javascript:alert(1)">x</a><script>alert(1)</script>', "<a>x</a>"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_text_is_stored_tidy(written: str, stored: str) -> None:
    assert tidy(written) == stored
    assert tidy(stored) == stored


def test_links_of_a_page_say_nothing_of_where_they_were_followed() -> None:
    assert clean('<a href="https://www.example.jp/">x</a>') == (
        '<a href="https://www.example.jp/" rel="noreferrer">x</a>'
    )
