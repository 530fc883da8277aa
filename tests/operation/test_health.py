"""Alive and ready, as a load balancer asks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from wpiforum.operation import health


def test_alive_without_asking_the_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    response = client.get("/healthz")  # no database mark: any query would fail
    assert (response.status_code, response.json(), response["Cache-Control"]) == (200, {"status": "alive"}, "no-store")


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'operation'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "migrations pending"})


@pytest.mark.django_db
def test_not_ready_while_the_database_only_reads(client: Client) -> None:
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY" if is_postgres else "PRAGMA query_only = 1")
        response = client.get("/readyz")
        if not is_postgres:
            cursor.execute("PRAGMA query_only = 0")
    assert (response.status_code, response.json()) == (503, {"status": "database is read-only"})


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any) -> None:
        raise OSError("postgres://portal:secret@db/portal")

    monkeypatch.setattr(health, "MigrationExecutor", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "no database"})


def test_health_is_asked_without_tls(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert (client.get("/healthz").status_code, client.get("/en/about/").status_code) == (200, 301)
