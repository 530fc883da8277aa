"""What the log says of a request, and what it must never say."""

import json
import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.onboarding import make_step
from wpiforum.operation.logs import ErrorMailHandler, JsonFormatter
from wpiforum.publishing import preview
from wpiforum.views import NewsView

pytestmark = pytest.mark.django_db
SECRETS = ("Taro-Yamada", "203.0.113.9", "Agent-Of-Somebody", "1999-12-31")
FROM_SOMEBODY = {
    "User-Agent": "Agent-Of-Somebody",
    "X-Forwarded-For": "203.0.113.9",
    "Referer": "https://x.example/Taro-Yamada",
}


class Written(logging.Handler):
    """Keeps the lines as they are written, in the moment they are."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Any:
    """Return a function that returns what the log holds."""
    handler = Written()
    logging.getLogger().addHandler(handler)
    logging.getLogger("wpiforum.request").setLevel(logging.INFO)
    yield lambda: handler.lines
    logging.getLogger("wpiforum.request").setLevel(logging.CRITICAL)
    logging.getLogger().removeHandler(handler)


def test_request_is_one_line_with_its_route_and_status(client: Client, lines: Any) -> None:
    response = client.get("/en/centers/", headers=FROM_SOMEBODY)
    (entry,) = [json.loads(line) for line in lines()]
    found = {name: entry[name] for name in ("level", "method", "path", "route", "status", "request_id")}
    assert found == {
        "level": "INFO",
        "method": "GET",
        "path": "/en/centers/",
        "route": "centers:list",
        "status": 200,
        "request_id": response["X-Request-ID"],
    }


@pytest.mark.parametrize(
    "path",
    [
        "/ja/plan/?arrived=1999-12-31&name=Taro-Yamada",
        "/en/status/?q=Taro-Yamada",
        "/en/nowhere/Taro-Yamada/",
        "/en/preview/Taro-Yamada/",
        "/en/centers/?as_of=Taro-Yamada",
        "/en/admin/account/login/?next=/Taro-Yamada/",
        "/plan.ics?arrived=1999-12-31",
    ],
)
def test_log_says_nothing_of_who_asked_and_what_they_typed(client: Client, lines: Any, path: str) -> None:
    client.get(path, headers=FROM_SOMEBODY)
    assert lines()
    assert [secret for secret in SECRETS if secret in "\n".join(lines())] == []


def test_report_is_logged_without_its_words(client: Client, lines: Any) -> None:
    step = make_step()
    path = f"/en/guides/{step.guide.topic.slug}/{step.guide.slug}/{step.slug}/report/"
    response = client.post(path, {"text": "Taro-Yamada"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (response.status_code, len(lines())) == (200, 1)
    assert "Taro-Yamada" not in lines()[0]


def test_preview_is_logged_without_its_key(client: Client, lines: Any) -> None:
    key = preview.token(make_step().guide)
    client.get(f"/en/preview/{key}/")
    assert json.loads(lines()[-1])["path"] == "/en/preview/<str:token>/"
    assert key not in "\n".join(lines())


def test_error_is_logged_by_kind_and_place_only(client: Client, lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("Taro-Yamada")

    monkeypatch.setattr(NewsView, "get_context_data", fail)
    client.raise_request_exception = False
    response = client.get("/en/news/?x=Taro-Yamada", headers=FROM_SOMEBODY)
    errors = [json.loads(line) for line in lines() if '"ERROR"' in line]
    assert (response.status_code, len(errors), errors[0]["path"]) == (500, 1, "/en/news/")
    assert (errors[0]["error"][-1], errors[0]["request_id"]) == ("builtins.ValueError", response["X-Request-ID"])
    assert [secret for secret in SECRETS if secret in "\n".join(lines())] == []


@pytest.mark.parametrize(
    ("given", "behind_proxy", "is_kept"),
    [
        ("0123456789abcdef", True, True),
        ("0123456789abcdef", False, False),
        ("short", True, False),
        ("x" * 65, True, False),
        ('12345678", "level": "x', True, False),
        ("12345678\r\nSet-Cookie: x", True, False),
        ("１２３４５６７８９", True, False),
    ],
)
def test_request_id_is_the_proxys_if_well_formed(
    client: Client, settings: Any, given: str, behind_proxy: bool, is_kept: bool
) -> None:
    settings.BEHIND_TLS_PROXY = behind_proxy
    found = client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"]
    assert (found == given) == is_kept
    assert is_kept or (len(found) == 32 and found.isalnum())


def test_same_error_is_mailed_once_in_ten_minutes() -> None:
    cache.clear()
    sent: list[tuple[str, str]] = []
    handler = ErrorMailHandler(send=lambda subject, body, **_: sent.append((subject, body)))
    for words in ("Taro-Yamada", "Hanako"):
        try:
            raise ValueError(words)
        except ValueError as error:
            info = (type(error), error, error.__traceback__)
            handler.handle(logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, info))
    assert [subject for subject, _body in sent] == ["ERROR builtins.ValueError"]
    assert "Taro-Yamada" not in sent[0][1]
