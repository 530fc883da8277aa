"""Facets of the register: a bounded number of values, however many hosts there are, and any value that is chosen."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from centers import filters
from centers.filters import CenterFilter
from centers.models import Center
from tests.factories.centers import make_center, make_directorship, make_host, make_standing
from tests.helpers import LANGUAGES, page
from wpiforum.http import today

pytestmark = pytest.mark.django_db


def make_row(**fields: Any) -> Center:
    center = make_center(**fields)
    make_standing(center=center)
    make_directorship(center=center)
    return center


def offered(html: str) -> list[str]:
    return re.findall(r'name="host" value="([\w-]+)"', html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_facet_offers_the_hosts_of_most_centers(client: Client, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(filters, "MOST_VALUES", 1)
    small, large = make_host(slug="small"), make_host(slug="large")
    for host in (small, large, large):
        make_row(host=host)
    make_row(host=small, published=False)
    assert offered(page(client, f"/{language}/centers/")) == ["large"]


def test_host_that_is_not_offered_can_be_chosen_and_is_then_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "MOST_VALUES", 1)
    small, large = make_host(slug="small"), make_host(slug="large")
    for host, acronym in ((small, "SMALL"), (large, "LARGE 1"), (large, "LARGE 2")):
        make_row(host=host, acronym=acronym)
    html = page(client, "/en/centers/?host=small")
    assert sorted(offered(html)) == ["large", "small"]
    assert ("SMALL" in html, "LARGE 1" in html) == (True, False)


def test_value_with_a_nul_reaches_no_query() -> None:
    found = CenterFilter(QueryDict("host=a%00b&host=c"), queryset=Center.objects.all(), day=today())
    assert found.chosen("host") == ["c"]
    assert not found.is_valid()


@pytest.mark.parametrize("hosts", [1, 9])
def test_register_takes_the_same_queries_however_many_hosts_there_are(
    client: Client, django_assert_num_queries: Any, hosts: int
) -> None:
    for _ in range(hosts):
        make_row()
    with django_assert_num_queries(11):
        page(client, "/en/centers/")
