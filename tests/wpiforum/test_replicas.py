"""The database router: readers read the standby, whoever writes reads the primary."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from centers.models import Center
from wpiforum import replicas
from wpiforum.replicas import ReplicaMiddleware, ReplicaRouter

Ask = Callable[..., list[str]]


@pytest.fixture
def ask(rf: RequestFactory, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return what sends a request to a view that reads, perhaps writes, and reads again: the databases it read."""
    settings.REPLICA_URL = "postgres://standby/portal"
    monkeypatch.setattr(replicas.rest, "until", float("-inf"))
    router = ReplicaRouter()

    def run(path: str = "/en/centers/", method: str = "GET", *, writes: bool = False, **headers: str) -> list[str]:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(router.db_for_read(Center))
            if writes:
                assert router.db_for_write(Center) == "default"
            seen.append(router.db_for_read(Center))
            return HttpResponse()

        ReplicaMiddleware(view)(rf.generic(method, path, headers=headers))
        return seen

    return run


def test_reader_reads_the_standby(ask: Ask) -> None:
    assert ask() == ask(method="HEAD") == ask("/api/v1/centers") == ["replica", "replica"]


def test_request_that_wrote_reads_the_primary_from_then_on(ask: Ask) -> None:
    assert ask(writes=True) == ["replica", "default"]
    assert ask() == ["replica", "replica"]


@pytest.mark.parametrize("path", ["/en/admin/", "/ja/admin/centers/center/", "/en/preview/x/"])
def test_pages_of_staff_are_read_from_the_primary(ask: Ask, path: str) -> None:
    assert ask(path) == ["default", "default"]


def test_whoever_has_a_cookie_reads_the_primary(ask: Ask) -> None:
    assert ask(cookie="sessionid=x") == ["default", "default"]


def test_sent_form_reads_the_primary(ask: Ask) -> None:
    assert ask(method="POST") == ["default", "default"]


def test_outside_of_a_request_all_is_read_from_the_primary(ask: Ask) -> None:
    ask()
    assert ReplicaRouter().db_for_read(Center) == "default"


def test_standby_that_failed_is_left_alone_for_a_while(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (replicas.failed("default"), replicas.failed("replica")) == (False, True)
    assert ask() == ["default", "default"]
    monkeypatch.setattr(replicas.rest, "until", float("-inf"))
    assert ask() == ["replica", "replica"]


def test_without_a_standby_all_is_read_from_the_primary(ask: Ask, settings: Any) -> None:
    settings.REPLICA_URL = ""
    assert ask() == ["default", "default"]


def test_only_the_primary_is_migrated() -> None:
    router = ReplicaRouter()
    assert [router.allow_migrate(name, "centers") for name in ("default", "replica")] == [True, False]


def test_page_that_the_standby_fails_is_read_from_the_primary(rf: RequestFactory, ask: Ask) -> None:
    read = []

    def view(request: Any) -> HttpResponse:
        read.append(request.read_from)
        response = HttpResponse(status=503 if request.read_from == "replica" else 200)
        response.is_outage = response.status_code == 503  # type: ignore[attr-defined]
        return response

    assert ReplicaMiddleware(view)(rf.get("/en/centers/")).status_code == 200
    assert (read, ask()) == (["replica", "default"], ["default", "default"])


def test_database_of_a_page_does_not_change_while_it_is_made(
    rf: RequestFactory, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def view(request: HttpRequest) -> HttpResponse:
        read.append(ReplicaRouter().db_for_read(Center))
        monkeypatch.setattr(replicas.rest, "until", float("-inf"))  # the rest is over
        read.append(ReplicaRouter().db_for_read(Center))
        return HttpResponse()

    replicas.failed("replica")
    ReplicaMiddleware(view)(rf.get("/en/centers/"))
    assert read == ["default", "default"]
