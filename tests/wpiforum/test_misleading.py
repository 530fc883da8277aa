"""Readers are warned where the original changed so that their text became wrong, and nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories import centers, onboarding
from tests.factories.publishing import make_translation_state
from tests.helpers import page

WARNING = {"ja": "この文に頼らないでください。", "en": "Do not rely on this text."}
pytestmark = pytest.mark.django_db


def _topic() -> Any:
    return onboarding.make_topic(slug="stay")


def _guide() -> Any:
    return onboarding.make_guide(slug="card", topic=_topic(), title_ja="題", title_en="Title")


ROWS: dict[str, tuple[Callable[[], Any], str]] = {
    "guide": (_guide, "guides/stay/card/"),
    "topic": (_topic, "guides/stay/"),
    "term": (onboarding.make_term, "glossary/"),
    "practice": (centers.make_practice, "program/practices/"),
    "section": (lambda: centers.make_section(center=centers.make_center(slug="aimr")), "centers/aimr/"),
}


@pytest.mark.parametrize("name", ROWS)
def test_text_that_became_wrong_is_marked_in_its_language_only(client: Client, name: str) -> None:
    make, path = ROWS[name]
    row = make()
    state = make_translation_state(subject=row, language="en", is_wrong=True)
    assert [WARNING[code] in page(client, f"/{code}/{path}") for code in ("ja", "en")] == [False, True]
    state.is_wrong = False
    state.save()
    assert WARNING["en"] not in page(client, f"/en/{path}")


def test_block_of_the_emergency_page_is_marked_in_the_language_that_became_wrong(client: Client) -> None:
    make_translation_state(subject=onboarding.make_card(), language="en", is_wrong=True)
    for code in ("ja", "en"):
        html = page(client, f"/{code}/emergency/")
        assert (WARNING["en"] in html, WARNING["ja"] in html) == (True, False)
