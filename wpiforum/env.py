"""Typed readers of environment variables that fail loudly, one sentence per mistake."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from wpiforum.patience import Connection

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return the variable; raise ImproperlyConfigured where it is unset and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. See 'Settings' in README.md; for a start on this computer use LOCAL_HTTP=1."
        )
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable; anything but 1/0, true/false, yes/no, on/off is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def whole_number(name: str, default: int) -> int:
    """Return a whole number of zero or more."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return a variable that has one of a few values."""
    value = os.environ.get(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty entries."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def addresses(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list of mailto:, tel: or https: addresses."""
    found = words(name, default)
    for address in found:
        if not address.startswith(("mailto:", "tel:", "https://")):
            raise ImproperlyConfigured(f"{name} must hold mailto:, tel: or https: addresses, not {address!r}.")
    return found


def mailers(name: str, default: str) -> tuple[bool, dict[str, Any]]:
    """Return whether mail is sent, and Django's MAILERS, from smtp://, smtps:// or console: (prints it).

    `smtp://user:password@host:587` asks for STARTTLS unless `?tls=0`; empty sends nothing, and no mailer exists.
    """
    url = os.environ.get(name, default)
    parts = urlsplit(url)
    backends = "django.core.mail.backends."
    if not url:
        return False, {}
    if parts.scheme == "console":
        return True, {"default": {"BACKEND": f"{backends}console.EmailBackend"}}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be smtp://host:port, smtps://host:port or console:.")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is not a number.") from error
    is_tls = parts.scheme == "smtp" and dict(parse_qsl(parts.query)).get("tls", "1") != "0"
    options = {
        "host": parts.hostname,
        "port": port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": is_tls,
        "use_ssl": parts.scheme == "smtps",
        "timeout": 20,
    }
    return True, {"default": {"BACKEND": f"{backends}smtp.EmailBackend", "OPTIONS": options}}


def media(name: str) -> dict[str, Any]:
    """Return Django's storage for uploaded files from `s3://bucket`, with `?endpoint=https://…&region=…`; else a disk.

    Keys come from the variables that every S3 client reads (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Files are given
    out as attachments of their own bytes only, and never replaced under the same name.
    """
    url = os.environ.get(name, "")
    parts = urlsplit(url)
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    query = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or parts.path.strip("/") or query.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured(f"{name} must be s3://bucket, with ?endpoint=https://… and &region=… where needed.")
    options = {
        "bucket_name": parts.netloc,
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
        "default_acl": "private",
        "file_overwrite": False,
        "querystring_auth": True,
        "object_parameters": {"ContentDisposition": "attachment"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def database(name: str, *, default_path: Path, pool: int = 0, patience: int = 3) -> dict[str, Any]:
    """Return Django's database settings from a postgres:// or sqlite:/// address.

    Without the variable the embedded SQLite file is used: WAL, foreign keys, a busy timeout and
    immediate transactions, so that a rule checked inside a transaction is checked under the write lock. `pool` is how
    many connections to PostgreSQL a process keeps at most; 0: one per thread and request. `patience` is how many
    seconds a connection is waited for.
    """
    url = os.environ.get(name, "")
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": (parts.path[1:] or ":memory:") if url else default_path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        try:
            port = parts.port
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} has a port that is not a number.") from error
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(f"{name} names no database: postgres://user@host:5432/DATABASE.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": port or "",
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _postgres_options(parts.query, pool, patience),
        }
    raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite:///, not {parts.scheme!r}.")


def _postgres_options(query: str, pool: int, patience: int) -> dict[str, Any]:
    """Return libpq's parameters of an address, and the pool.

    A server that does not answer is given up after seconds, so that pages in memory take over; after it is back, the
    pool notices within `reconnect_timeout`.
    """
    options: dict[str, Any] = {"connect_timeout": patience, **dict(parse_qsl(query))}
    if pool:
        options["pool"] = {
            "min_size": 1,
            "max_size": pool,
            "timeout": patience,
            "reconnect_timeout": 4,
            "connection_class": Connection,
            "check": Connection.check,
        }
    return options


def counts(redis_url: str) -> dict[str, Any] | None:
    """Return Django's cache in a Redis that is given up after half a second; None without an address."""
    if not redis_url:
        return None
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": "wpiforum",
        "OPTIONS": options,
    }


def redis(name: str) -> str:
    """Return the address of a Redis, or nothing where none is named."""
    url = os.environ.get(name, "")
    if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must start with redis://, rediss:// or unix://.")
    return url
