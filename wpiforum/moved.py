"""What an address that leads nowhere once led to: a page that was renamed, replaced, or withdrawn."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from centers.models import Center, Person
from onboarding.models import Guide, Step, Topic
from wpiforum import languages
from wpiforum.publishing.models import Redirect, Withdrawal
from wpiforum.seo import PageMeta

# Which row each part of an address names, the page's own row last.
PAGES: dict[str, dict[str, Any]] = {
    "centers:detail": {"slug": Center},
    "centers:director": {"slug": Person},
    "onboarding:topic": {"topic": Topic},
    "onboarding:guide": {"topic": Topic, "slug": Guide},
    "onboarding:sheet": {"topic": Topic, "guide": Guide},
    "onboarding:report": {"topic": Topic, "guide": Guide},
    "embed-guide": {"topic": Topic, "slug": Guide},
    "embed-step": {"topic": Topic, "guide": Guide},
}


def answer(request: HttpRequest) -> HttpResponse | None:
    """Return a lasting redirect (RFC 9110, 15.4.2), the reason of a withdrawal (15.5.11), or None."""
    found = find(request)
    if isinstance(found, Withdrawal):
        instead = replacement(found)[languages.current()]
        context = {
            "withdrawal": found,
            "replacement": instead,
            "page": PageMeta(_("This page was withdrawn"), is_indexed=False),
        }
        return render(request, "410.html", context, status=410)
    return HttpResponsePermanentRedirect(found) if found else None


def find(request: HttpRequest) -> str | Withdrawal | None:
    """Return the new address of what was renamed or replaced, or the withdrawal of what is no longer public."""
    match = request.resolver_match
    parts = PAGES.get(match.view_name) if match else None
    if match is None or parts is None:
        return None
    names = dict(match.kwargs)
    for part, model in parts.items():
        if (row := renamed(model, names[part])) is not None:
            names[part] = row.slug
            if isinstance(row, Guide):
                names["topic"] = row.topic.slug
                if "step" in names and not Step.objects.filter(guide=row, slug=names["step"]).exists():
                    return _whole_guide(match.view_name, names, part)
    if names != match.kwargs:
        return reverse(match.view_name, kwargs=names)
    return next((found for part, model in reversed(parts.items()) if (found := withdrawn(model, names[part]))), None)


def _whole_guide(name: str, names: dict[str, Any], part: str) -> str:
    """Return the address of a guide in whose place there was one with other steps."""
    whole = {"topic": names["topic"], "slug": names[part]}
    if name == "embed-step":
        return reverse("embed-guide", kwargs={"code": names["code"], **whole})
    return reverse("onboarding:guide", kwargs=whole)


def renamed(model: Any, slug: str) -> Any:
    """Return the public row that had this slug before or took its place; the slug of a public row leads nowhere else.

    What took its place may itself have been replaced.
    """
    redirects = Redirect.objects.filter(content_type=ContentType.objects.get_for_model(model))
    tried: set[str] = set()
    while slug not in tried:
        tried.add(slug)
        found = redirects.filter(slug=slug).first()
        row = model.objects.filter(pk=found.object_id).first() if found else None
        if row is None or row.is_published():
            return row
        slug = row.slug
    return None


def withdrawn(model: Any, slug: str) -> Withdrawal | None:
    """Return why a row that had a public page has none."""
    row = model.objects.filter(slug=slug).first()
    if row is None or row.is_published():
        return None
    return Withdrawal.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=row.pk).first()


def replacement(withdrawal: Withdrawal) -> dict[str, str]:
    """Return the page, by language, that takes the place of what was withdrawn: the nearest public one above it."""
    row: Any = withdrawal.subject
    name: str = "home"
    args: tuple[str, ...] = ()
    if isinstance(row, Guide):
        topic = Topic.objects.published().filter(pk=row.topic_id).first()
        name, args = ("onboarding:topic", (topic.slug,)) if topic else ("onboarding:guides", ())
    elif isinstance(row, (Center, Person)):
        name = "centers:list" if isinstance(row, Center) else "centers:directors"
    return {code: languages.localized_url(name, code, *args) for code in languages.CODES}
