"""The log as one JSON object a line: what happened at which address, never who asked and never what they typed."""

import hashlib
import json
import logging
import re
import secrets
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import mail_admins
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}", re.ASCII)
# Addresses below these hold a secret or what a person typed; their route is logged without the words in it.
_ROUTE_ONLY = re.compile(r"/(?:preview|admin)/")
_MAIL_PAUSE_SECONDS = 600


def request_name(request: HttpRequest) -> str:
    """Return the id of a request: what our proxy gave it if that is well-formed, else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID")
    if given and settings.BEHIND_TLS_PROXY and _WELL_FORMED.fullmatch(given):
        return given
    return secrets.token_hex(16)


def logged_path(request: HttpRequest) -> str:
    """Return what of an address may be logged: never the query, and words in the path only where they are ours.

    The path of a page that does not exist is a stranger's word and may be a name; only its absence is logged.
    """
    if request.resolver_match is None:
        return "/static/" if request.path_info.startswith(settings.STATIC_URL) else ""
    if _ROUTE_ONLY.search(request.path_info):
        return f"/{request.resolver_match.route}"
    return request.path_info


def frames(error: BaseException) -> list[str]:
    """Return where an error arose, with its kind; without its sentence, which may quote what somebody typed."""
    found = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return (frames(cause) if cause else []) + [*found, f"{type(error).__module__}.{type(error).__qualname__}"]


def described(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record as a flat object. Records of requests lose their words, which quote the address."""
    entry: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
    }
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        entry |= {"message": "request failed", "method": request.method, "path": logged_path(request)}
        entry["status"] = getattr(record, "status_code", None)
    else:
        entry["message"] = record.getMessage()
    if found := getattr(record, "request_id", "") or request_id.get():
        entry["request_id"] = found
    entry |= getattr(record, "fields", {})
    if record.exc_info and record.exc_info[1]:
        entry["error"] = frames(record.exc_info[1])
    return entry


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for journald and whatever collects it."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(described(record), ensure_ascii=False, separators=(",", ":"), default=str)


class ErrorMailHandler(logging.Handler):
    """Mails an error to the addresses of `ERROR_MAIL`: the words of the log, the same error once in ten minutes."""

    def __init__(self, send: Callable[..., None] = mail_admins) -> None:
        super().__init__(logging.ERROR)
        self.send = send

    def emit(self, record: logging.LogRecord) -> None:
        try:
            entry = described(record)
            place = "".join(entry.get("error", [])) or f"{record.name}{record.msg}"
            key = f"error-mail:{hashlib.sha256(place.encode()).hexdigest()[:24]}"
            if cache.add(key, 1, _MAIL_PAUSE_SECONDS):
                subject = f"{entry['level']} {(entry.get('error') or [record.name])[-1]}"
                self.send(subject, json.dumps(entry, ensure_ascii=False, indent=2, default=str), fail_silently=True)
        except Exception:  # a mail server that is away must not fail the page
            self.handleError(record)


def settings_for(*, level: str, style: str, mails: bool) -> dict[str, Any]:
    """Return Django's LOGGING. The line for each request is written in the style `json` only."""
    handlers = ["console", *(["mail"] if mails else [])]
    is_json = style == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": "wpiforum.operation.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": style},
            "mail": {"()": "wpiforum.operation.logs.ErrorMailHandler"},
        },
        "loggers": {
            # Django gives its own logger a level, so that of the root would not reach it.
            "django": {"level": level, "handlers": [], "propagate": True},
            # Django's own lines on requests that failed add nothing to ours below an error.
            **({"django.request": {"level": "ERROR"}} if is_json else {}),
            # Strangers' probes for other hosts are answered with 400 and are no news.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            "wpiforum.request": {"level": "INFO" if is_json else "CRITICAL"},
        },
        "root": {"handlers": handlers, "level": level},
    }
