"""The handbook: every chapter in both languages, with pictures that exist, for whoever may sign in."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from wpiforum import handbook

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "admin" / "handbook"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", handbook.CHAPTERS, ids=lambda chapter: chapter.slug)
def test_chapter_opens_in_its_language(client: Client, chapter: handbook.Chapter, language: str) -> None:
    client.force_login(make_person("translator_ja"))
    response = client.get(f"/{language}/admin/handbook/{chapter.slug}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert f'src="/static/wpiforum/handbook/{language}/' in html
    assert bool(re.search("[ぁ-ん]", html.split('class="handbook"')[1])) == (language == "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_lists_the_chapters_in_order(client: Client, language: str) -> None:
    client.force_login(make_person("editor"))
    html = client.get(f"/{language}/admin/handbook/").content.decode()
    found = re.findall(rf'href="/{language}/admin/handbook/([\w-]+)/"', html)
    assert found == [chapter.slug for chapter in handbook.CHAPTERS]


def test_unknown_chapter_is_not_found(client: Client) -> None:
    client.force_login(make_person("editor"))
    assert client.get("/en/admin/handbook/nothing/").status_code == 404


def test_handbook_is_for_the_staff(client: Client) -> None:
    assert client.get("/en/admin/handbook/").status_code == 302


def test_pictures_are_those_that_the_chapters_show() -> None:
    shown = {
        f"{language}/{name}.webp"
        for language in LANGUAGES
        for page in (TEMPLATES / language).iterdir()
        for name in re.findall(r"picture=pictures\.(\w+)", page.read_text(encoding="utf-8"))
    }
    files = {str(path.relative_to(handbook.FOLDER)) for path in handbook.FOLDER.rglob("*.webp")}
    assert shown == files == set(handbook.pictures())
