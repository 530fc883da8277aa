"""Atom feeds (RFC 4287) of meaningful changes, in each language: of everything, of a topic, of a center.

Meaningful are dated notes of changes, events of the register, texts that a publication changed in more than their
wording, and withdrawals. Each entry keeps its id, made from the row's key, for good.
"""

import uuid
from datetime import date, datetime, time
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centers.models import Center
from centers.news import events
from centers.views import COMPLETE_TO
from onboarding.models import ChangeNote, Guide, Topic
from wpiforum import languages
from wpiforum.http import JAPAN, today
from wpiforum.jsonld import LICENCE
from wpiforum.provenance.models import LoadedRow
from wpiforum.provenance.wording import when
from wpiforum.publishing.choices import Weight
from wpiforum.publishing.models import Revision, Withdrawal
from wpiforum.publishing.snapshot import WHOLE, Change, changed_languages, changes
from wpiforum.remembering import remembered
from wpiforum.templatetags.page import text

MOST = 100
# Publications looked through: some change no more than the wording, and are no entry.
_LOOKED_THROUGH = 200
# Under which names of feeds and entries become keys; never changes, or every reader's program sees all anew.
_NAMES = uuid.UUID("5b0f3f0e-6a53-4c5f-9f0a-3c1d7f1f6a20")


class Entry(NamedTuple):
    """One change. `topic` and `center` are slugs, of which one may be empty."""

    id: str
    at: datetime
    title: str
    path: str
    summary: SafeString
    topic: str = ""
    center: str = ""


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Return the newest entry's moment, and never that of asking."""
        return max((item["updateddate"] for item in self.items), default=_midnight(COMPLETE_TO))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _id(key: Any, part: str = "") -> str:
    """Return a stable id; each language's feed has its own entries, as the texts differ."""
    return f"urn:uuid:{uuid.uuid5(_NAMES, f'{key}/{part}/{languages.current()}')}"


class _Version(NamedTuple):
    """A publication, and what it changed."""

    revision: Revision
    row: Any
    changed: list[Change]

    def is_meaningful(self) -> bool:
        """Tell whether it changed more than the wording of texts in the reader's language."""
        own, weights = languages.current(), self.revision.weights
        weight = weights.get(own) or weights.get(languages.DEFAULT) or Weight.CONTENT
        return weight != Weight.WORDING and own in changed_languages(self.row, self.changed)


def _versions(rows: Any) -> list[_Version]:
    """Return the newest publications of rows of one model, the newest first."""
    kind = ContentType.objects.get_for_model(rows.model)
    published = Revision.objects.published().filter(content_type=kind, object_id__in=rows.order_by().values("pk"))
    found = list(published.order_by("-published_at", "pk")[:_LOOKED_THROUGH])
    subjects = rows.in_bulk({row.object_id for row in found})
    return [_Version(row, subjects[row.object_id], changes(row.base, row.data)) for row in found]


def _text_entries(versions: list[_Version]) -> list[Entry]:
    """Return new pages, and texts that changed; a note of a change speaks for itself."""
    own = languages.current()
    found = []
    for revision, row, changed in versions:
        is_new = row.live_from == revision.published_at
        part = _Version(revision, row, [change for change in changed if change.relation != "changes"])
        if is_new:
            title = _("New: %(page)s")
            summary: Any = text(row, "summary") if isinstance(row, Guide) else ""
        elif part.is_meaningful():
            title = _("Text changed: %(page)s")
            summary = ", ".join(_titles(part, own))
        else:
            continue
        found.append(
            Entry(
                _id(revision.pk),
                revision.published_at or row.live_from,
                title % {"page": row},
                row.get_absolute_url(),
                format_html("<p>{}</p>", summary) if summary else SafeString(""),
                **_place(row),
            )
        )
    return found


def _titles(version: _Version, own: str) -> list[str]:
    """Return the titles of the steps whose text in a language changed, new and removed ones too."""
    found = []
    for relation, key in dict.fromkeys((row.relation, row.key) for row in version.changed if row.relation == "steps"):
        mine = [row for row in version.changed if row.key == key]
        if not any(row.field == WHOLE or row.field.endswith(f"_{own}") for row in mine):
            continue
        for snapshot in (version.revision.data, version.revision.base):
            title = snapshot["children"].get(relation, {}).get(key, {}).get("fields", {}).get(f"title_{own}")
            if title:
                found.append(title)
                break
    return found


def _place(row: Any) -> dict[str, str]:
    return {"topic": row.topic.slug} if isinstance(row, Guide) else {"center": row.slug}


def _note_entries(guides: Any, versions: list[_Version]) -> list[Entry]:
    """Return the newest notes of changes: at the day of the change, or when they were published if that was later."""
    published: dict[str, datetime] = {}
    for version in reversed(versions):
        for change in version.changed:
            if change.relation == "changes" and (change.field == WHOLE or version.is_meaningful()):
                published[change.key] = version.revision.published_at or version.row.live_from
    rows = ChangeNote.objects.filter(guide__in=guides.order_by().values("pk"))
    newest = rows.order_by("-happened_on", "pk").values("pk")[:MOST]
    told = rows.filter(Q(pk__in=newest) | Q(pk__in=published))
    notes = list(told.select_related("source", "guide__topic").order_by("-happened_on", "pk"))
    keys = [str(note.pk) for note in notes]
    loaded = dict(LoadedRow.objects.filter(key__in=keys).values_list("key", "loaded_at"))
    found = []
    for note in notes:
        guide, key = note.guide, str(note.pk)
        moments = [published[key]] if key in published else []
        if note.has_happened(today()):
            moments.append(_midnight(note.happened_on))
        # What is only announced has no day yet: the one on which it came here.
        at = max(moments, default=loaded.get(key) or guide.live_from or _midnight(COMPLETE_TO))
        day = _("%(day)s (announced only)") % {"day": when(note.on)} if note.is_planned else when(note.on)
        before = format_html("<p>{} {}</p>", _("Before:"), text(note, "before")) if text(note, "before") else ""
        summary = format_html(
            "<p>{}: {}</p>{}<p>{} {}</p>",
            day, text(note, "after"), before, _("Source:"), text(note.source, "title"),
        )  # fmt: skip
        path = f"{guide.get_absolute_url()}#changes"
        found.append(Entry(_id(note.pk), at, str(guide), path, summary, topic=guide.topic.slug))
    return found


def _register_entries(center: Center | None) -> list[Entry]:
    found = []
    for event in islice(events(today(), center=center, is_certain=True), MOST):
        summary = format_html(
            "<p>{}: {}</p><p>{} {}</p>", when(event.on), event.text, _("Source:"), text(event.source, "title")
        )
        title = f"{event.center.acronym}: {event.text}"
        path = event.center.get_absolute_url()
        key = _id(event.row, event.part)
        found.append(Entry(key, _midnight(event.on.first), title, path, summary, center=event.center.slug))
    return found


def _withdrawals(subjects: Any) -> list[Entry]:
    """Return the newest withdrawals of rows of one model, with the reason readers are told."""
    found = []
    kind = ContentType.objects.get_for_model(subjects.model)
    withdrawn = Withdrawal.objects.filter(content_type=kind, object_id__in=subjects.order_by().values("pk"))
    reasons = list(withdrawn.order_by("-since", "pk")[:MOST])
    rows = subjects.in_bulk({row.object_id for row in reasons})
    for reason in reasons:
        subject = rows[reason.object_id]
        if subject.is_published():
            continue
        title = _("Withdrawn: %(page)s") % {"page": subject}
        summary = format_html("<p>{}</p>", text(reason, "reason"))
        place = _place(subject)
        found.append(Entry(_id(reason.pk), reason.since, title, subject.get_absolute_url(), summary, **place))
    return found


def entries(*, topic: Topic | None = None, center: Center | None = None) -> list[Entry]:
    """Return the newest changes in the active language, of a topic's guides or of a center if one is given."""
    found: list[Entry] = []
    if center is None:
        mine = {"topic": topic} if topic else {}
        guides = Guide.objects.filter(**mine).select_related("topic")
        versions = _versions(guides.published())
        found += _text_entries(versions) + _note_entries(guides.published(), versions) + _withdrawals(guides)
    if topic is None:
        centers = Center.objects.filter(pk=center.pk) if center else Center.objects.all()
        found += _register_entries(center) + _text_entries(_versions(centers.published())) + _withdrawals(centers)
    return sorted(found, key=lambda row: (row.at, row.id), reverse=True)[:MOST]


@require_safe
def feed(request: HttpRequest, code: str, topic: str = "", center: str = "") -> HttpResponse:
    """Answer with the feed of a language."""
    if code not in languages.CODES:
        raise Http404
    with translation.override(code):
        body = remembered(("feed", request.path), lambda: _written(request, code, topic, center))
    response = HttpResponse(body, content_type=_Feed.content_type)
    response.headers["Content-Language"] = code
    return response


def _written(request: HttpRequest, code: str, topic: str, center: str) -> bytes:
    title, path = _("WPI Forum: changes"), languages.localized_url("news", code)
    mine: dict[str, Any] = {}
    if topic:
        mine["topic"] = get_object_or_404(Topic.objects.published(), slug=topic)
    elif center:
        mine["center"] = get_object_or_404(Center.objects.published(), slug=center)
    for row in mine.values():
        title, path = _("WPI Forum: changes of %(page)s") % {"page": row}, row.get_absolute_url()
    made = _Feed(
        title,
        languages.absolute(path, request),
        None,
        language=code,
        author_name="WPI Forum",
        feed_url=languages.absolute(request.path, request),
        feed_guid=_id(request.path),
        feed_copyright=LICENCE,
    )
    for entry in entries(**mine):
        summary: Any = entry.summary or None
        terms = [term for term in (entry.topic, entry.center) if term]
        made.add_item(
            entry.title,
            languages.absolute(entry.path, request),
            summary,
            unique_id=entry.id,
            updateddate=entry.at.astimezone(JAPAN),
            categories=terms,
        )
    return made.writeString("utf-8").encode()
