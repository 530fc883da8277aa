"""Atom feeds (RFC 4287) of meaningful changes, in each language: of everything, of a topic, of a center.

Meaningful are dated notes of changes, events of the register, texts that a publication changed in more than their
wording, and withdrawals. Each entry keeps its id, made from the row's key, for good.
"""

import uuid
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centers import changes as register
from centers.models import Center
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
from wpiforum.templatetags.page import text

MOST = 100
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


def _versions(model: Any, rows: dict[Any, Any]) -> list[_Version]:
    kind = ContentType.objects.get_for_model(model)
    found = Revision.objects.filter(content_type=kind, object_id__in=rows).published().order_by("-published_at")
    return [_Version(row, rows[row.object_id], changes(row.base, row.data)) for row in found]


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


def _note_entries(guides: dict[Any, Guide], versions: list[_Version]) -> list[Entry]:
    """Return the dated notes of changes: at the day of the change, or when they were published if that was later."""
    published: dict[str, datetime] = {}
    for version in reversed(versions):
        for change in version.changed:
            if change.relation == "changes" and (change.field == WHOLE or version.is_meaningful()):
                published[change.key] = version.revision.published_at or version.row.live_from
    notes = list(ChangeNote.objects.filter(guide__in=guides).select_related("source").order_by("-happened_on", "pk"))
    keys = [str(note.pk) for note in notes]
    loaded = dict(LoadedRow.objects.filter(key__in=keys).values_list("key", "loaded_at"))
    found = []
    for note in notes:
        guide, key = guides[note.guide_id], str(note.pk)
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


def _register_entries(centers: list[Center]) -> list[Entry]:
    found = []
    for event in register.events(centers):
        if event.is_planned or event.on.first > today():
            continue
        summary = format_html(
            "<p>{}: {}</p><p>{} {}</p>", when(event.on), event.text, _("Source:"), text(event.source, "title")
        )
        title = f"{event.center.acronym}: {event.text}"
        path = event.center.get_absolute_url()
        key = _id(event.row, event.part)
        found.append(Entry(key, _midnight(event.on.first), title, path, summary, center=event.center.slug))
    return found


def _withdrawals() -> list[Entry]:
    """Return guides and centers that were withdrawn, with the reason readers are told."""
    found = []
    for model, related in ((Guide, "topic"), (Center, "host")):
        kind = ContentType.objects.get_for_model(model)
        reasons = {row.object_id: row for row in Withdrawal.objects.filter(content_type=kind)}
        subjects: Any = model._base_manager.filter(pk__in=reasons).select_related(related)
        for subject in subjects.order_by("pk"):
            if subject.is_published():
                continue
            row = reasons[subject.pk]
            title = _("Withdrawn: %(page)s") % {"page": subject}
            summary = format_html("<p>{}</p>", text(row, "reason"))
            found.append(Entry(_id(row.pk), row.since, title, subject.get_absolute_url(), summary, **_place(subject)))
    return found


def entries(*, topic: str = "", center: str = "") -> list[Entry]:
    """Return the newest changes in the active language, of a topic's guides or of a center if one is named."""
    found: list[Entry] = []
    if not center:
        guides = {row.pk: row for row in Guide.objects.published().select_related("topic")}
        versions = _versions(Guide, guides)
        found += _text_entries(versions) + _note_entries(guides, versions)
    if not topic:
        centers = {row.pk: row for row in Center.objects.published().for_register()}
        found += _register_entries(list(centers.values())) + _text_entries(_versions(Center, centers))
    found += _withdrawals()
    chosen = [row for row in found if (not topic or row.topic == topic) and (not center or row.center == center)]
    return sorted(chosen, key=lambda row: (row.at, row.id), reverse=True)[:MOST]


@require_safe
def feed(request: HttpRequest, code: str, topic: str = "", center: str = "") -> HttpResponse:
    """Answer with the feed of a language."""
    if code not in languages.CODES:
        raise Http404
    with translation.override(code):
        title, path = _("WPI Forum: changes"), languages.localized_url("news", code)
        if topic or center:
            rows: Any = Topic.objects.published() if topic else Center.objects.published()
            row = get_object_or_404(rows, slug=topic or center)
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
        for entry in entries(topic=topic, center=center):
            link = languages.absolute(entry.path, request)
            summary: Any = entry.summary or None
            terms = [term for term in (entry.topic, entry.center) if term]
            made.add_item(
                entry.title,
                link,
                summary,
                unique_id=entry.id,
                updateddate=entry.at.astimezone(JAPAN),
                categories=terms,
            )
    response = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    response.headers["Content-Language"] = code
    return response
