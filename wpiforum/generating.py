"""Many rows like the loaded ones, for measuring: copies of the content with names, places and dates of their own.

The same seed makes the same rows. Timing rules are not copied: the plan grows with its own rows, not with these.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import date
from decimal import Decimal
from itertools import batched, cycle, islice
from typing import Any

from django.db import models

from centers.choices import Qualifier, Unit
from centers.models import (
    Center,
    DatedName,
    Directorship,
    HostInstitution,
    Indicator,
    Observation,
    Person,
    ProfileSection,
    Satellite,
    Standing,
)
from onboarding.models import Guide, Step
from wpiforum import languages
from wpiforum.prefectures import Prefecture

# What `scale` 100 makes: 2,000 centers, 50,000 guides, 500,000 steps.
CENTERS, GUIDES, STEPS = 20, 500, 5_000
PREFIX = "generated-"
YEARS = range(2007, 2027)
_CENTERS_OF_A_HOST = 10
_BATCH = 2_000


class Generator:
    """Makes the rows of one seed, batch by batch, in the caller's transaction."""

    def __init__(self, seed: int, say: Callable[[str], None] = lambda line: None) -> None:
        self.random, self.say = random.Random(seed), say  # noqa: S311  no secret is made here

    def make(self, scale: int) -> None:
        self._centers(CENTERS * scale)
        self._guides(GUIDES * scale, STEPS // GUIDES)

    def _copy(self, row: Any, **values: Any) -> Any:
        made = copy(row)
        made._state.adding = True
        made.pk = uuid.UUID(int=self.random.getrandbits(128), version=4)
        for name, value in values.items():
            setattr(made, name, value)
        return made

    def _save(self, model: Any, rows: Iterable[Any]) -> None:
        count = 0
        for part in batched(rows, _BATCH):
            model._base_manager.bulk_create(part)
            count += len(part)
        self.say(f"  {model._meta.label}: {count}")

    def _centers(self, number: int) -> None:
        patterns = _patterns(Center)
        hosts = list(self._hosts(-(-number // _CENTERS_OF_A_HOST)))
        centers = [
            self._copy(
                pattern,
                slug=f"{PREFIX}{count}",
                acronym=f"{pattern.acronym[:30]}-{count}",
                host=hosts[count // _CENTERS_OF_A_HOST],
                prefecture=self.random.choice(Prefecture.values),
                latitude=Decimal(self.random.randint(310_000, 430_000)) / 10_000,
                longitude=Decimal(self.random.randint(1_300_000, 1_440_000)) / 10_000,
            )
            for count, pattern in enumerate(islice(cycle(patterns), number))
        ]
        self._save(Center, centers)
        pairs = list(zip(cycle(patterns), centers))
        for model in (DatedName, Standing, ProfileSection, Satellite):
            self._save(model, self._children(model, "center", pairs))
        self._save(Person, people := [self._person(pattern, row) for pattern, row in self._terms(pairs)])
        terms = self._terms(pairs)
        self._save(
            Directorship,
            (self._copy(term, center=row, person=person) for (term, row), person in zip(terms, people, strict=True)),
        )
        self._save(Observation, self._observations(centers))

    def _hosts(self, number: int) -> Iterator[HostInstitution]:
        patterns = _patterns(HostInstitution)
        hosts = [
            self._copy(pattern, slug=f"{PREFIX}{count}")
            for count, pattern in enumerate(islice(cycle(patterns), number))
        ]
        self._save(HostInstitution, hosts)
        self._save(DatedName, self._children(DatedName, "host", list(zip(cycle(patterns), hosts))))
        yield from hosts

    def _children(self, model: Any, owner: str, pairs: list[tuple[Any, Any]]) -> Iterator[Any]:
        """Copy to each new owner what its pattern owns."""
        rows = _by_owner(model, owner)
        for number, (pattern, made) in enumerate(pairs):
            for row in rows.get(pattern.pk, ()):
                values = {owner: made}
                if model is DatedName:
                    values |= {f"name_{code}": f"{getattr(row, f'name_{code}')} {number}" for code in languages.CODES}
                    values["ror_id"] = ""
                yield self._copy(row, **values)

    def _terms(self, pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        rows = _by_owner(Directorship.objects.select_related("person"), "center")
        return [(row, made) for pattern, made in pairs for row in rows.get(pattern.pk, ())]

    def _person(self, term: Any, center: Any) -> Any:
        person, number = term.person, self.random.getrandbits(40)
        return self._copy(
            person,
            slug=f"{PREFIX}{number:x}",
            name_ja=f"{person.name_ja} {center.acronym}",
            name_en=f"{person.name_en} {center.acronym}",
            sort_en=f"{person.sort_en} {center.acronym}",
        )

    def _observations(self, centers: list[Any]) -> Iterator[Observation]:
        rows = Observation.objects.exclude(center__slug__startswith=PREFIX).select_related("source").order_by("pk")
        sources = [row.source for row in rows]
        for center in centers:
            source = self.random.choice(sources)
            for indicator in Indicator.objects.order_by("key"):
                value = self.random.randint(5, 60)
                for year in YEARS:
                    value = max(0, min(100 if indicator.unit == Unit.PERCENT else 10_000, value + self._step()))
                    yield Observation(
                        pk=uuid.UUID(int=self.random.getrandbits(128), version=4),
                        center=center,
                        indicator=indicator,
                        fiscal_year=year,
                        value=value,
                        qualifier=Qualifier.EXACT,
                        source=source,
                        as_of_on=date(year + 1, 3, 31),
                    )

    def _step(self) -> int:
        return self.random.randint(-3, 4)

    def _guides(self, number: int, steps: int) -> None:
        patterns = [row for row in _patterns(Guide.objects.select_related("topic")) if row.steps.exists()]
        guides = [
            self._copy(
                pattern,
                slug=f"{PREFIX}{count}",
                code=f"X{count}",
                title_ja=f"{pattern.title_ja} {count}",
                title_en=f"{pattern.title_en} {count}",
                next=None,
            )
            for count, pattern in enumerate(islice(cycle(patterns), number))
        ]
        self._save(Guide, guides)
        rows = _by_owner(Step.objects.prefetch_related("sources"), "guide")
        made: list[tuple[Any, Any]] = []
        count = 0
        for pattern, guide in zip(cycle(patterns), guides):
            for order, row in enumerate(islice(cycle(rows[pattern.pk]), steps), 1):
                made.append((row, self._copy(row, guide=guide, slug=f"step-{order}", order=order, code="")))
            if len(made) >= _BATCH or guide is guides[-1]:
                count += self._steps(made)
                made = []
        self.say(f"  {Step._meta.label}: {count}")

    def _steps(self, made: list[tuple[Any, Any]]) -> int:
        Step._base_manager.bulk_create([step for _row, step in made])
        link: Any = Step.sources.through
        link._base_manager.bulk_create(
            [link(step_id=step.pk, source_id=source.pk) for row, step in made for source in row.sources.all()]
        )
        return len(made)


def _patterns(found: Any) -> list[Any]:
    """Return the loaded rows, in a fixed order, without those made here."""
    rows = found if isinstance(found, models.QuerySet) else found.objects.all()
    return list(rows.exclude(slug__startswith=PREFIX).order_by("slug"))


def _by_owner(found: Any, owner: str) -> dict[Any, list[Any]]:
    rows = found if isinstance(found, models.QuerySet) else found._default_manager.all()
    grouped: dict[Any, list[Any]] = {}
    for row in rows.exclude(**{f"{owner}__slug__startswith": PREFIX}).order_by("pk"):
        grouped.setdefault(getattr(row, f"{owner}_id"), []).append(row)
    return grouped
