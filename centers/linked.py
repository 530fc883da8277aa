"""The register for programs that read pages: centers, hosts and directors as JSON-LD."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from centers.choices import Prefecture
from centers.detail import RowOn
from centers.models import Center, DatedName, Directorship, Person
from wpiforum import languages
from wpiforum.jsonld import Node, dataset, download, node
from wpiforum.provenance.wording import certainty_text, last_day, machine_date

# The first cohort; the register's evidence ends with the snapshot.
_COVERS = "2007-10-01/2019-02-05"


def said(row: Any, name: str) -> str:
    """Return a bilingual field in the reader's language, else in the other."""
    own = languages.current()
    return getattr(row, f"{name}_{own}") or getattr(row, f"{name}_{languages.other(own)}") or ""


def _others(row: Any, name: str, *more: str) -> list[str]:
    """Return what else something is called, without what it is called first."""
    first = said(row, name)
    found = [getattr(row, f"{name}_{code}") for code in languages.CODES]
    return [value for value in dict.fromkeys([*found, *more]) if value and value != first]


def host(name: DatedName | None) -> Node:
    """Return the host institution under the name of the day, with its ROR ID."""
    if name is None:
        return {}
    ror = f"https://ror.org/{name.ror_id}" if name.ror_id else ""
    found = node("Organization", name=said(name, "name"), alternateName=_others(name, "name"), sameAs=ror)
    return {"@id": ror, **found} if ror else found


def _role(term: Directorship, day: date, **about: Node) -> Node:
    """Return a term as a role: dates as exactly as they are known, and in words how surely it holds."""
    return node(
        "OrganizationRole",
        roleName=said(term, "title") or _("Director"),
        startDate=machine_date(term.start) if term.start else "",
        endDate=machine_date(last_day(term.end)) if term.end else "",
        description=certainty_text(term, day),
        **about,
    )


def _address(path: str, request: HttpRequest) -> str:
    return languages.absolute(path, request)


def _person(person: Person, request: HttpRequest) -> Node:
    url = _address(person.get_absolute_url(), request)
    return {"@id": f"{url}#person"} | node("Person", name=said(person, "name"), url=url)


def center(row: Center, on: RowOn, day: date, request: HttpRequest) -> Node:
    """Return a center as it reads on a day, with its host above it and its directors."""
    url = _address(row.get_absolute_url(), request)
    place = node(
        "PostalAddress",
        addressLocality=said(row, "city"),
        addressRegion=str(Prefecture(row.prefecture).label),
        addressCountry="JP",
    )
    ror = f"https://ror.org/{on.name.ror_id}" if on.name and on.name.ror_id else ""
    return {"@id": f"{url}#center"} | node(
        "ResearchOrganization",
        name=said(on.name, "name") if on.name else row.acronym,
        alternateName=_others(on.name, "name", row.acronym) if on.name else [],
        url=row.website or url,
        sameAs=ror,
        mainEntityOfPage=url,
        parentOrganization=host(on.host),
        address=place,
        knowsAbout=said(row.field, "name"),
        employee=[_role(term, day, employee=_person(term.person, request)) for term in on.directors],
    )


def person(row: Person, day: date, request: HttpRequest) -> Node:
    """Return a person with the terms at public centers."""
    url = _address(row.get_absolute_url(), request)
    terms = []
    for term in row.directorships.all():
        page = _address(term.center.get_absolute_url(), request)
        organization = {"@id": f"{page}#center"} | node("ResearchOrganization", name=term.center.acronym)
        terms.append(_role(term, day, worksFor=organization))
    return {"@id": f"{url}#person"} | node(
        "Person",
        name=said(row, "name"),
        alternateName=_others(row, "name"),
        url=url,
        mainEntityOfPage=url,
        worksFor=terms,
    )


def listing(name: str, description: str, request: HttpRequest, *files: tuple[str, str]) -> Node:
    """Return a list of the register as a set of data; files are (path, media type)."""
    return dataset(
        name=name,
        description=description,
        url=_address(request.path, request),
        language=list(languages.CODES),
        origin=_address("/", request),
        covers=_COVERS,
        downloads=[download(_address(path, request), kind) for path, kind in files],
    )
