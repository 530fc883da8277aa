"""The verbs of publication: keyword-only, with the actor, in one transaction, raising WorkflowError."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wpiforum import languages as site_languages
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.models import OPEN, Event, Redirect, Revision, Waiver, Withdrawal
from wpiforum.publishing.permissions import may, writable_languages
from wpiforum.publishing.review import IGNORED_IN_CONFLICTS, blocking, settle_translations
from wpiforum.publishing.snapshot import (
    WHOLE,
    Change,
    Snapshot,
    changes,
    conflicts,
    in_languages,
    language_of,
    model_of,
    patch,
    take,
)
from wpiforum.publishing.writing import merged, sentences, write
from wpiforum.search.documents import reindex


def _allow(user: Any, verb: Verb, row: Any) -> None:
    if user is not None and not may(user, verb, row):
        raise WorkflowError(_("Your role does not allow this."))


def _lock(row: Any) -> Any:
    """Lock the root row, so that verbs about it come one after another."""
    return type(row)._base_manager.select_for_update().get(pk=row.pk)


def open_revision(row: Any, *, lock: bool = False) -> Revision | None:
    """Return the open draft of a row, if there is one."""
    rows = Revision.objects.about(row).open()
    found: Revision | None = (rows.select_for_update() if lock else rows).first()
    return found


def _open(row: Any, *statuses: str) -> Revision:
    found = open_revision(row, lock=True)
    if found is None:
        raise WorkflowError(_("There is no draft of this."))
    if found.status not in statuses:
        names = ", ".join(str(Status(status).label) for status in statuses)
        raise WorkflowError(
            _("The draft has to be: %(wanted)s. It is: %(status)s.")
            % {"wanted": names, "status": Status(found.status).label}
        )
    return found


def save_draft(row: Any, *, data: Snapshot, by: Any, weights: dict[str, str] | None = None) -> Revision | None:
    """Keep what a row is to become; return its draft, or None if it is as public as before.

    Saving takes a draft out of review: what was read is no longer what it says.
    """
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.SAVE_DRAFT, locked)
        live = take(locked)
        found = open_revision(locked, lock=True)
        _refuse_foreign_languages(locked, changes(merged(locked, found), data), by=by)
        if not changes(live, data):
            if found is not None:
                discard(locked, by=by, is_empty=True)
            return None
        now = timezone.now()
        if found is None:
            found = Revision(subject=locked, author=by)
        found.base, found.data, found.status = live, data, Status.DRAFT
        found.last_editor, found.edited_at, found.publish_at = by, now, None
        found.weights = weights if weights is not None else found.weights
        found.save()
        record(Verb.SAVE_DRAFT, locked, by=by, revision=found, edit=_summary(live, data))
    return found


def _refuse_foreign_languages(row: Any, found: list[Change], *, by: Any) -> None:
    """Raise WorkflowError if somebody who writes one language changes more than its texts."""
    allowed = writable_languages(by, row)
    if allowed is None:
        return
    if any(change.field == WHOLE or language_of(model_of(row, change.relation), change.field) not in allowed
           for change in found):  # fmt: skip
        raise WorkflowError(_("Your role changes the texts of one language only."))


def _summary(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """Return what a draft changes, for the log: relation, key and field."""
    return {"changes": [[change.relation, change.key, change.field] for change in changes(before, after)]}


def submit(row: Any, *, by: Any, weights: dict[str, str] | None = None) -> Revision:
    """Ask for a review: of the open draft, or of a row that was never public as it is."""
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.SUBMIT, locked)
        found = open_revision(locked, lock=True)
        if found is None:
            if locked.is_published():
                raise WorkflowError(_("There is no draft of this."))
            data = take(locked)
            saved = list(_saved_unseen(locked).select_related("actor"))
            writer, last = (saved[0].actor, saved[-1].actor) if saved else (by, by)
            found = Revision(
                subject=locked, author=writer, last_editor=last, edited_at=timezone.now(), base=data, data=data
            )
        elif found.status != Status.DRAFT:
            raise WorkflowError(_("This is already on its way."))
        found.status = Status.SUBMITTED
        found.submitted_at, found.submitted_by = timezone.now(), by
        found.reviewed_at = found.reviewed_by = None
        found.weights = weights if weights is not None else found.weights
        found.save()
        record(Verb.SUBMIT, locked, by=by, revision=found)
    return found


def _saved_unseen(row: Any) -> Any:
    """Return the saves of a row while it was not public and had no draft, since it last was."""
    found = Event.objects.about(row).filter(verb=Verb.SAVE_DRAFT, revision=None, actor__isnull=False)
    last = Revision.objects.about(row).published().values_list("published_at", flat=True).first()
    return (found.filter(at__gt=last) if last else found).order_by("at", "id")


def has_written(row: Any, found: Revision, user: Any) -> bool:
    """Tell whether somebody wrote any part of a draft, first, last or in between."""
    if found.is_by(user) or found.events.filter(verb=Verb.SAVE_DRAFT, actor=user).exists():
        return True
    return not row.is_published() and _saved_unseen(row).filter(actor=user).exists()


def send_back(row: Any, *, by: Any, note: str) -> Revision:
    """Return a draft to its author with what has to change."""
    if not note.strip():
        raise WorkflowError(_("Say what has to change."))
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.SEND_BACK, locked)
        found = _open(locked, Status.SUBMITTED, Status.APPROVED, Status.SCHEDULED)
        found.status, found.note, found.publish_at = Status.DRAFT, note.strip(), None
        found.reviewed_at, found.reviewed_by = timezone.now(), by
        found.save()
        record(Verb.SEND_BACK, locked, by=by, revision=found, note=found.note)
    return found


def approve(row: Any, *, by: Any, note: str = "") -> Revision:
    """Find a draft right as somebody who wrote no part of it."""
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.APPROVE, locked)
        found = _open(locked, Status.SUBMITTED)
        if has_written(locked, found, by):
            raise WorkflowError(_("Somebody else has to approve what you wrote."))
        found.status, found.note = Status.APPROVED, note.strip()
        found.reviewed_at, found.reviewed_by = timezone.now(), by
        found.save()
        record(Verb.APPROVE, locked, by=by, revision=found, note=found.note)
    return found


def publish(row: Any, *, by: Any, languages: Iterable[str] | None = None, at: datetime | None = None) -> Revision:
    """Make an approved draft public: now, or at a moment to come; in all languages, or some alone.

    Raises WorkflowError where the rules refuse: the public text changed meanwhile, the gate found something, the row
    lacks what readers rely on, or the database has become something else.
    """
    codes = tuple(languages or site_languages.CODES)
    with transaction.atomic():
        locked = _lock(row)
        later = at if at is not None and at > timezone.now() else None
        _allow(by, Verb.SCHEDULE if later else Verb.PUBLISH, locked)
        found = _open(locked, Status.APPROVED, Status.SCHEDULED)
        if later:
            refuse_if_blocked(locked, found, codes)
            found.status, found.publish_at, found.languages = Status.SCHEDULED, later, list(codes)
            found.save()
            record(Verb.SCHEDULE, locked, by=by, revision=found, at=later.isoformat(), languages=list(codes))
            return found
        try:
            with transaction.atomic():
                return _publish(locked, found, by=by, codes=codes)
        except ValidationError as error:
            raise WorkflowError(" ".join(sentences(error, locked))) from error
        except IntegrityError as error:
            raise WorkflowError(
                _("Something this text refers to has changed meanwhile. Open the draft, check it and save it again.")
            ) from error


def refuse_if_blocked(row: Any, found: Revision, codes: tuple[str, ...], *, live: Snapshot | None = None) -> None:
    """Raise WorkflowError with what the gate would stop at publication."""
    problems = blocking(row, found, codes, live=live)
    if problems:
        raise WorkflowError(" ".join([_("This cannot be published yet."), *problems]))


def _publish(row: Any, found: Revision, *, by: Any, codes: tuple[str, ...]) -> Revision:
    live = take(row)
    wanted = changes(found.base, found.data)
    meanwhile = conflicts(live, wanted, ignore=IGNORED_IN_CONFLICTS)
    if meanwhile:
        raise WorkflowError(
            _("The public text changed meanwhile in %(n)d places that the draft changes too. Open and save the draft.")
            % {"n": len(meanwhile)}
        )
    refuse_if_blocked(row, found, codes, live=live)
    chosen = in_languages(row, wanted, codes)
    was_public, old_slug = row.is_published(), getattr(row, "slug", "")
    gone = write(row, chosen, is_checked=True)
    row = type(row)._base_manager.get(pk=row.pk)
    problems = row.publication_problems()
    if problems:
        raise WorkflowError(" ".join(problems))
    now = timezone.now()
    if not row.is_published():
        type(row)._base_manager.filter(pk=row.pk).update(live_from=now, live_until=None)
    Withdrawal.objects.filter(object_id=row.pk).delete()
    if not was_public and old_slug:
        _forget_successor(row, old_slug)
    if was_public and old_slug != getattr(row, "slug", ""):
        _remember_slug(row, old_slug)
    after = take(row)
    settle_translations(row, chosen, found.weights, by=by)
    reindex(row)
    numbers = Revision.objects.about(row).aggregate(last=Max("number"))
    # What was not chosen stays an open draft; the version that went public is a row of its own.
    rest = [] if set(codes) == set(site_languages.CODES) else changes(after, patch(after, wanted))
    version = found
    if rest:
        version = Revision(subject=row, author=found.author, last_editor=found.last_editor, edited_at=found.edited_at)
        for name in ("submitted_at", "submitted_by", "reviewed_at", "reviewed_by", "note", "weights"):
            setattr(version, name, getattr(found, name))
        found.base, found.data, found.status = after, patch(after, rest), Status.DRAFT
        found.publish_at, found.languages = None, []
        found.save()
    version.base, version.data, version.status = live, after, Status.PUBLISHED
    version.number = (numbers["last"] or 0) + 1
    version.languages, version.publish_at = list(codes), None
    version.published_at, version.published_by = now, by or _who_scheduled(found)
    version.save()
    record(Verb.PUBLISH, row, by=by, revision=version, languages=list(codes), gone=gone)
    return version


def _who_scheduled(found: Revision) -> Any:
    """Return who put a draft on the schedule; the command that publishes it is nobody."""
    event = found.events.filter(verb=Verb.SCHEDULE).order_by("-at", "-id").select_related("actor").first()
    return event.actor if event else found.last_editor


def _remember_slug(row: Any, old: str) -> None:
    """Let the old address lead here for good, and stop the new one from leading away."""
    kind = Redirect(target=row).content_type
    Redirect.objects.filter(content_type=kind, slug=row.slug).delete()
    Redirect.objects.update_or_create(content_type=kind, slug=old, defaults={"object_id": row.pk})


def _forget_successor(row: Any, slug: str) -> None:
    """Let a page that is public again have its address for itself."""
    Redirect.objects.filter(content_type=Redirect(target=row).content_type, slug__in=(slug, row.slug)).delete()


def _successor(row: Any, address: str) -> Any:
    """Return the public page of the same kind that an address, or a slug alone, names; refuse every other."""
    slug = urlsplit(address.strip()).path.rstrip("/").rsplit("/", 1)[-1]
    if not hasattr(row, "slug"):
        raise WorkflowError(_("This has no page of its own, so no page takes its place."))
    found = type(row).objects.published().filter(slug=slug).exclude(pk=row.pk).first()
    if found is None:
        raise WorkflowError(_("No other public page of this kind has this address: %(address)s") % {"address": address})
    return found


def unschedule(row: Any, *, by: Any) -> Revision:
    """Take a draft off the schedule; it stays approved."""
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.UNSCHEDULE, locked)
        found = _open(locked, Status.SCHEDULED)
        found.status, found.publish_at = Status.APPROVED, None
        found.save()
        record(Verb.UNSCHEDULE, locked, by=by, revision=found)
    return found


def unpublish(row: Any, *, by: Any, reason_ja: str, reason_en: str, successor: str = "") -> None:
    """Take a page off the public site; its address then tells readers why, in both languages.

    With the address of a successor, a page of the same kind, the old address leads there instead.
    """
    if not (reason_ja.strip() and reason_en.strip()):
        raise WorkflowError(_("Give the reason that readers see in both languages."))
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.UNPUBLISH, locked)
        if not locked.is_published():
            raise WorkflowError(_("This is not public."))
        if problems := locked.withdrawal_problems():
            raise WorkflowError(" ".join(problems))
        now = timezone.now()
        if locked.live_from == now:
            raise WorkflowError(_("This has just become public. Please try again."))
        type(locked)._base_manager.filter(pk=locked.pk).update(live_until=now)
        Withdrawal.objects.filter(object_id=locked.pk).delete()
        reindex(type(locked)._base_manager.get(pk=locked.pk))
        Withdrawal.objects.create(subject=locked, reason_ja=reason_ja.strip(), reason_en=reason_en.strip())
        named = {}
        if successor.strip():
            target = _successor(locked, successor)
            kind = Redirect(target=locked).content_type
            Redirect.objects.update_or_create(content_type=kind, slug=locked.slug, defaults={"object_id": target.pk})
            named = {"successor": target.slug}
        record(Verb.UNPUBLISH, locked, by=by, note=reason_ja.strip(), reason_en=reason_en.strip(), **named)
    row.refresh_from_db()


def restore(row: Any, *, version: Revision, by: Any) -> Revision:
    """Make a draft of an old version; what is public stays until the draft is published."""
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.RESTORE, locked)
        if open_revision(locked, lock=True) is not None:
            raise WorkflowError(_("There is an open draft. Publish or discard it first."))
        live = take(locked)
        wanted = patch(live, changes(live, version.data))
        if not changes(live, wanted):
            raise WorkflowError(_("This version says what is public now."))
        now = timezone.now()
        found: Revision = Revision.objects.create(
            subject=locked, base=live, data=wanted, author=by, last_editor=by, edited_at=now
        )
        record(Verb.RESTORE, locked, by=by, revision=found, version=version.number)
    return found


def discard(row: Any, *, by: Any, is_empty: bool = False) -> None:
    """Give up the open draft; it stays on record. An empty one says what is public, and whoever may write ends it."""
    with transaction.atomic():
        locked = _lock(row)
        _allow(by, Verb.SAVE_DRAFT if is_empty else Verb.DISCARD, locked)
        found = _open(locked, *OPEN)
        found.status, found.publish_at = Status.DISCARDED, None
        found.save()
        record(Verb.DISCARD, locked, by=by, revision=found)


def waive(row: Any, *, by: Any, owner: Any, fingerprint: str, sentence: str, reason: str) -> Waiver:
    """Let one finding of the gate about a row pass; `owner` is the root row it belongs to."""
    if not reason.strip():
        raise WorkflowError(_("Give the reason why this may pass."))
    with transaction.atomic():
        _allow(by, Verb.WAIVE, owner)
        found: Waiver = Waiver.objects.create(
            subject=row, fingerprint=fingerprint, sentence=sentence, reason=reason.strip(), by=by
        )
        record(Verb.WAIVE, owner, by=by, note=reason.strip(), finding=sentence, fingerprint=fingerprint)
    return found


def publish_due(*, at: datetime | None = None) -> list[tuple[Revision, str]]:
    """Publish what is scheduled and due; return each with the sentence that stopped it, or none. Safe to run twice."""
    done = []
    moment = at or timezone.now()
    for found in Revision.objects.due(moment).order_by("publish_at"):
        row = found.subject
        if row is None:
            continue
        try:
            with transaction.atomic():
                # What another run published, or somebody took off the schedule or moved meanwhile, is left alone.
                still = open_revision(_lock(row), lock=True)
                if still is None or not Revision.objects.due(moment).filter(pk=still.pk).exists():
                    continue
                publish(row, by=None, languages=still.languages)
            done.append((found, ""))
        except WorkflowError as error:
            done.append((found, str(error)))
    return done
