"""The pages that are shown when something is wrong."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from wpiforum.templatetags.page import unbroken
from wpiforum.views import server_error


def test_sentence_is_escaped_and_its_numbers_stay_whole() -> None:
    assert unbroken("<b> call 03-5285-8088") == '&lt;b&gt; call <span class="nowrap">03-5285-8088</span>'


@pytest.mark.django_db
def test_error_page_needs_no_collected_static_files(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # empty: collectstatic never ran
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    client.raise_request_exception = False
    response = client.get("/en/about/")
    html = response.content.decode()
    assert response.status_code == 500
    assert ("ただいまページを表示できません" in html, "We cannot show this page right now" in html) == (True, True)
    assert 'href="/static/wpiforum/site.css"' in html


def test_error_page_touches_no_database(rf: RequestFactory) -> None:
    """Without the mark for a database any query fails this test."""
    response = server_error(rf.get("/ja/"))
    assert (response.status_code, response["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_browsers_that_ask_for_an_icon_get_the_icon_of_the_pages(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/wpiforum/icon.svg")


@pytest.mark.parametrize("origin", ["", "https://portal.example"])
def test_request_for_a_host_that_is_not_ours_is_refused_in_words(client: Client, settings: Any, origin: str) -> None:
    settings.SITE_ORIGIN = origin
    response = client.get("/en/centers/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "The request could not be understood." in response.content.decode()
    assert "elsewhere.example" not in response.content.decode()
