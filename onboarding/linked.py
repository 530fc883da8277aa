"""The guides for programs that read pages: instructions, and the services that can be called, as JSON-LD."""

import html
import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.html import strip_tags

from onboarding.choices import ContactKind
from onboarding.models import ContactPoint, Guide
from onboarding.pages import GuidePage, StepView
from wpiforum import languages
from wpiforum.jsonld import LICENCE, Node, node, publisher
from wpiforum.provenance.wording import machine_date

# Names below these are given to the state and to municipalities alone.
_GOVERNMENT = (".go.jp", ".lg.jp")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(strip_tags(text.replace("<", " <")))).strip()


def how_to(guide: Guide, shown: GuidePage, own: str, request: HttpRequest) -> list[Node]:
    """Return a guide as instructions in the language shown; a step that this language lacks is left out."""
    url = languages.absolute(languages.swap_prefix(guide.get_absolute_url(), own), request)
    steps = [pair.sides[0] for pair in shown.pairs if not pair.sides[0].is_missing]
    if not steps:
        return []
    about = {"@id": f"{url}#guide"} | node(
        "HowTo",
        name=getattr(guide, f"title_{own}") or "",
        description=getattr(guide, f"summary_{own}") or "",
        inLanguage=own,
        url=url,
        license=LICENCE,
        isAccessibleForFree=True,
        publisher=publisher(languages.absolute("/", request)),
        step=[_step(step, number, url) for number, step in enumerate(steps, start=1)],
    )
    # The day on which the page as a whole was last known to be right is that of its oldest evidence.
    oldest = min((step.step.as_of for step in steps), key=lambda day: day.value)
    page = {"@id": url} | node(
        "WebPage", inLanguage=own, lastReviewed=machine_date(oldest), mainEntity={"@id": about["@id"]}
    )
    return [about, page]


def _step(view: StepView, number: int, url: str) -> Node:
    return node(
        "HowToStep",
        position=number,
        name=view.title,
        text=_plain(view.body),
        url=f"{url}#{view.step.slug}",
        citation=[source.url for source in view.sources if source.url],
    )


def contact(row: ContactPoint) -> Node:
    """Return a number to call as a service: a government's where its address or the emergency call says so."""
    own = languages.current()

    def said(name: str) -> str:
        return getattr(row, f"{name}_{own}") or getattr(row, f"{name}_{languages.other(own)}") or ""

    is_government = (urlsplit(row.url).hostname or "").endswith(_GOVERNMENT) or row.kind == ContactKind.EMERGENCY
    phone = node("ContactPoint", telephone=row.number, description=said("hours"))
    return node(
        "GovernmentService" if is_government else "Service",
        name=said("name"),
        description=said("note"),
        serviceType=str(ContactKind(row.kind).label),
        areaServed=node("Country", name="JP"),
        url=row.url,
        availableChannel=node(
            "ServiceChannel",
            servicePhone=phone if row.number else None,
            serviceUrl=row.url,
            availableLanguage=said("languages"),
        ),
    )
