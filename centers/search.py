"""How centers, people, satellites and practices become entries of the search."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centers.models import Center, Directorship, Field, HostInstitution, PartnerInstitution, Person, Practice, Satellite
from wpiforum.http import today
from wpiforum.search.documents import Document, Kind, depends, in_each, plain, register


def _centers() -> Any:
    return (
        Center.objects.filter(live_from__isnull=False)
        .select_related("host", "field")
        .prefetch_related("names", "host__names", "sections", "directorships__person")
    )


def _center(row: Center) -> list[Document]:
    def build(code: str) -> Document:
        name = row.name_on(today())
        host = row.host.name_on(today())
        title = getattr(name, f"name_{code}", None) or ""
        now = today()
        terms = [one for one in row.directorships.all() if one.is_valid_on(now)]
        directors = [one.person for one in terms if one.person.is_published()]
        names = [row.acronym, *(value for old in row.names.all() for value in (old.name_ja, old.name_en) if value)]
        parts = [
            getattr(host, f"name_{code}", "") or "",
            getattr(row.field, f"name_{code}") or "",
            getattr(row, f"city_{code}") or "",
            *(getattr(person, f"name_{code}") or "" for person in directors),
            *(plain(getattr(section, f"body_{code}")) for section in row.sections.all()),
        ]
        return Document(
            kind="center", row=row.pk, language=code, url=row.get_absolute_url(),
            title=f"{row.acronym} – {title}" if title else row.acronym, names=names, center=row.slug, slug=row.slug,
            body=" ".join(filter(None, parts)), live_from=row.live_from, live_until=row.live_until,
            as_of_on=row.as_of_on, as_of_precision=row.as_of_precision,
        )  # fmt: skip

    return in_each(build)


def _people() -> Any:
    public = Directorship.objects.select_related("center")
    return Person.objects.filter(live_from__isnull=False).prefetch_related(Prefetch("directorships", public))


def _person(row: Person) -> list[Document]:
    def build(code: str) -> Document:
        posts = [post for post in row.directorships.all() if post.center.is_published()]
        named = [f"{post.center.acronym} {getattr(post, f'title_{code}') or ''}" for post in posts]
        return Document(
            kind="person", row=row.pk, language=code, url=row.get_absolute_url(), slug=row.slug,
            title=getattr(row, f"name_{code}") or row.name_ja or row.name_en or "",
            names=[value for value in (row.name_ja, row.kana) if value],
            people=[value for value in (row.name_en, row.sort_en) if value],
            center=posts[-1].center.slug if posts else "", context=", ".join(named),
            live_from=row.live_from, live_until=row.live_until,
            as_of_on=max((post.as_of_on for post in posts if post.as_of_on), default=None),
        )  # fmt: skip

    return in_each(build)


def _satellites() -> Any:
    return Satellite.objects.filter(center__live_from__isnull=False).select_related("center", "institution")


def _satellite(row: Satellite) -> list[Document]:
    def build(code: str) -> Document:
        place = row.institution
        return Document(
            kind="satellite", row=row.pk, parent=row.center_id, language=code, slug=place.slug,
            center=row.center.slug, context=row.center.acronym,
            url=f"{reverse('centers:satellites')}#place-{place.slug}",
            title=getattr(place, f"name_{code}") or place.name_ja or place.name_en or "",
            names=[value for value in (place.name_ja, place.name_en) if value],
            body=" ".join(filter(None, [getattr(place, f"city_{code}"), getattr(row, f"note_{code}")])),
            live_from=row.center.live_from, live_until=row.center.live_until,
            as_of_on=row.as_of_on, as_of_precision=row.as_of_precision,
        )  # fmt: skip

    return in_each(build)


def _practices() -> Any:
    return Practice.objects.filter(live_from__isnull=False).select_related("center")


def _practice(row: Practice) -> list[Document]:
    ends = [row.live_until, row.center.live_until if row.center else None]

    def build(code: str) -> Document:
        return Document(
            kind="practice", row=row.pk, language=code, url=f"{reverse('centers:practices')}#{row.slug}",
            title=getattr(row, f"title_{code}") or "", body=plain(getattr(row, f"body_{code}")),
            center=row.center.slug if row.center else "", context=row.center.acronym if row.center else "",
            live_from=row.live_from, live_until=min((end for end in ends if end), default=None),
            as_of_on=row.as_of_on, as_of_precision=row.as_of_precision,
        )  # fmt: skip

    if row.center and not row.center.is_published():
        return []
    return in_each(build)


def _of_center(row: Center) -> Iterator[tuple[str, Any]]:
    """Name what shows a center: its people, satellites and practices."""
    yield from (("person", pk) for pk in row.directorships.values_list("person", flat=True))
    yield from (("satellite", pk) for pk in row.satellites.values_list("pk", flat=True))
    yield from (("practice", pk) for pk in row.practices.values_list("pk", flat=True))


def _of_person(row: Person) -> Iterator[tuple[str, Any]]:
    yield from (("center", pk) for pk in row.directorships.values_list("center", flat=True))


register(Kind("center", _("Centers"), Center, _centers, _center))
register(Kind("person", _("Directors"), Person, _people, _person))
register(Kind("satellite", _("Satellites and partners"), Satellite, _satellites, _satellite))
register(Kind("practice", _("Practices"), Practice, _practices, _practice))
depends(Center, _of_center)
depends(Person, _of_person)
depends(HostInstitution, lambda row: (("center", pk) for pk in row.centers.values_list("pk", flat=True)))
depends(Field, lambda row: (("center", pk) for pk in row.centers.values_list("pk", flat=True)))
depends(PartnerInstitution, lambda row: (("satellite", pk) for pk in row.satellites.values_list("pk", flat=True)))
