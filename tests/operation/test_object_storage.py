"""Media on object storage, against a stand-in on this machine: saved, given out as attachment, backed up, restored."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection
from django.test import override_settings
from moto.server import ThreadedMotoServer

from wpiforum import env
from wpiforum.operation import backup


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """Return the storage that `MEDIA_STORE` describes, on a server with two empty buckets."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="portal")
    monkeypatch.setenv("MEDIA_STORE", f"s3://portal?endpoint={endpoint}&region=us-east-1")
    with override_settings(STORAGES={"default": env.media("MEDIA_STORE")}):
        from django.core.files.storage import storages  # after the settings

        yield storages["default"]
    server.stop()


def test_file_is_saved_once_and_given_out_as_attachment(storage: Storage) -> None:
    first = storage.save("a/地図.txt", ContentFile(b"one"))
    second = storage.save("a/地図.txt", ContentFile(b"two"))
    with storage.open(first) as file:
        assert (first, first == second, file.read()) == ("a/地図.txt", False, b"one")
    client = storage.connection.meta.client  # type: ignore[attr-defined]
    assert client.head_object(Bucket="portal", Key=first)["ContentDisposition"] == "attachment"
    assert "Signature" in storage.url(first)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the database's part is in test_backup")
def test_backup_holds_the_files_of_the_object_storage(storage: Storage, tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.bin"):
        storage.save(name, ContentFile(name.encode() * 1000))
    manifest = backup.write(tmp_path / "backup.tar", storage)
    assert sorted(manifest["media"]) == ["a.txt", "b/c.bin"]
    for name in ("a.txt", "b/c.bin"):
        storage.delete(name)
    assert list(backup.media(storage)) == []
    backup.restore(tmp_path / "backup.tar", storage, force=True)
    found = {}
    for name in backup.media(storage):
        with storage.open(name) as file:
            found[name] = file.read()
    assert found == {"a.txt": b"a.txt" * 1000, "b/c.bin": b"b/c.bin" * 1000}
    assert connection.introspection.table_names()


@pytest.mark.parametrize("url", ["bucket", "s3://", "s3://bucket/folder", "https://bucket", "s3://bucket?secret=x"])
def test_media_store_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MEDIA_STORE", url)
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORE must be s3://bucket"):
        env.media("MEDIA_STORE")
