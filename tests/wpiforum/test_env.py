"""Settings from the environment fail loudly, one sentence per mistake."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wpiforum import env
from wpiforum.patience import Connection


def test_text_names_the_variable_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        env.text("SECRET_KEY")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False), ("", False)])
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert env.flag("DEBUG") is expected


@pytest.mark.parametrize("value", ["maybe", "2", "tru"])
def test_flag_refuses_anything_else(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be 1 or 0"):
        env.flag("DEBUG")


@pytest.mark.parametrize("value", ["ten", "-1", "1.5", "１"])
def test_whole_number_refuses_what_is_not_one(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HSTS_SECONDS", value)
    with pytest.raises(ImproperlyConfigured, match="HSTS_SECONDS must be a whole number"):
        env.whole_number("HSTS_SECONDS", 1)


def test_choice_takes_one_of_its_values_only(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = ("INFO", "ERROR")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    assert env.choice("LOG_LEVEL", levels, "ERROR") == "INFO"
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL must be one of INFO, ERROR, not 'loud'"):
        env.choice("LOG_LEVEL", levels, "ERROR")


def test_database_defaults_to_sqlite_with_immediate_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = env.database("DATABASE_URL", default_path=Path("x.sqlite3"))
    assert (found["NAME"], found["OPTIONS"]["transaction_mode"]) == (Path("x.sqlite3"), "IMMEDIATE")


def test_database_reads_every_part_of_a_postgres_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://us%40er:p%2Fw@db.example:6543/portal?sslmode=require")
    found = env.database("DATABASE_URL", default_path=Path("x"))
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")] == [
        "us@er",
        "p/w",
        "db.example",
        6543,
        "portal",
        {"connect_timeout": 3, "sslmode": "require"},
    ]


def test_database_keeps_a_pool_that_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://host/portal")
    found = env.database("DATABASE_URL", default_path=Path("x"), pool=5)
    gives_up = {"connection_class": Connection, "check": Connection.check}
    pool = {"min_size": 1, "max_size": 5, "timeout": 3, "reconnect_timeout": 4, **gives_up}
    assert found["OPTIONS"] == {"connect_timeout": 3, "pool": pool}


def test_redis_address_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "http://cache.example")
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL must start with redis://, rediss:// or unix://"):
        env.redis("REDIS_URL")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("mysql://host/db", "must start with postgres:// or sqlite:///"),
        ("postgres://host:notaport/db", "has a port that is not a number"),
        ("postgres://host", "names no database"),
    ],
)
def test_database_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, value: str, sentence: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.database("DATABASE_URL", default_path=Path("x"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://us%40er:p%2Fw@mail.example", ("mail.example", 587, "us@er", "p/w", True, False)),
        ("smtp://mail.example:25?tls=0", ("mail.example", 25, "", "", False, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
    ],
)
def test_mailers_reads_every_part(monkeypatch: pytest.MonkeyPatch, url: str, expected: tuple[object, ...]) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    is_sent, found = env.mailers("EMAIL_URL", "")
    options = found["default"]["OPTIONS"]
    keys = ("host", "port", "username", "password", "use_tls", "use_ssl")
    assert (is_sent, tuple(options[key] for key in keys)) == (True, expected)


def test_mailers_without_an_address_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert env.mailers("EMAIL_URL", "") == (False, {})


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x"])
def test_mailers_refuses_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        env.mailers("EMAIL_URL", "")
