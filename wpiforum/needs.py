"""What waits for one person of the staff: counted by the query sets behind the lists that show it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onboarding.choices import ReportState
from onboarding.models import Report, Step
from wpiforum.http import today
from wpiforum.links.models import Link
from wpiforum.localization.choices import State
from wpiforum.notices.models import Notice
from wpiforum.publishing import translations
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.models import Confirmable, Revision
from wpiforum.publishing.permissions import may, writable_languages
from wpiforum.search.models import Asked

# A notice about to leave is looked at while there is time to extend it.
NOTICE_DAYS = 7


class Need(NamedTuple):
    """What waits: its name, how many rows, and the list that shows them."""

    label: str
    number: int
    url: str


def _list_of(model: Any, query: str) -> str:
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{query}"


def _named(model: Any, what: str) -> str:
    return f"{capfirst(model._meta.verbose_name_plural)}: {what}"


def _lists(user: Any) -> Iterator[tuple[Verb | None, Any, str, Any, str]]:
    """Yield who it is for, the model, what waits, the rows, and the query of the list."""
    now = timezone.now()
    to_review = Revision.objects.filter(status=Status.SUBMITTED).exclude(author=user).exclude(last_editor=user)
    sent_back = Revision.objects.sent_back().filter(author=user)
    approved = Revision.objects.filter(status=Status.APPROVED)
    scheduled = Revision.objects.filter(status=Status.SCHEDULED)
    yield Verb.APPROVE, Revision, _("to review"), to_review, "queue=review"
    yield Verb.SAVE_DRAFT, Revision, _("sent back to you"), sent_back, "queue=sent_back"
    yield Verb.PUBLISH, Revision, _("approved, to publish"), approved, f"status__exact={Status.APPROVED}"
    yield Verb.PUBLISH, Revision, _("scheduled"), scheduled, f"status__exact={Status.SCHEDULED}"
    ending = Notice.objects.in_effect(now).filter(ends_at__lte=now + timedelta(days=NOTICE_DAYS))
    yield Verb.PUBLISH, Notice, _("about to end"), ending, "state=in_effect"
    yield Verb.MARK_CHECKED, Report, _("new reports"), Report.objects.filter(state=ReportState.NEW), "state__exact=new"
    in_vain = Asked.objects.waiting().order_by().values("query").distinct()
    yield Verb.MARK_CHECKED, Asked, _("without result"), in_vain, "needs=synonym"
    yield Verb.MARK_CHECKED, Step, _("Check due"), Step.objects.check_due(today()), "needs=check"
    broken = Link.objects.broken().for_person(user)
    yield Verb.SAVE_DRAFT, Link, pgettext("link", "broken"), broken, "state__exact=broken"
    for model in apps.get_models():
        if issubclass(model, Confirmable):
            rows = model._default_manager.filter(confirmed_at=None)
            yield Verb.CONFIRM, model, _("Waiting for confirmation"), rows, "confirmation=waiting"


def _translations(user: Any) -> Iterator[Need]:
    """Count the texts to translate in the languages a person writes."""
    codes = writable_languages(user)
    if codes is not None and not codes:
        return
    found = [item for item in translations.items() if codes is None or item.language in codes]
    for state in (State.MISSING, State.OUTDATED):
        number = sum(item.state == state for item in found)
        if number:
            address = f"{reverse('admin:translations')}?state={state}"
            if codes is not None and len(codes) == 1:
                address += f"&language={next(iter(codes))}"
            yield Need(f"{_('Translations')}: {state.label}", number, address)


def needs(site: Any, request: HttpRequest) -> list[Need]:
    """Return what waits for the person who asks; only lists that they may open and work on."""
    found = []
    for verb, model, what, rows, query in _lists(request.user):
        if verb is not None and not may(request.user, verb):
            continue
        if not site.get_model_admin(model).has_view_permission(request):
            continue
        if count := rows.count():
            found.append(Need(_named(model, what), count, _list_of(model, query)))
    return [*found, *_translations(request.user)]
