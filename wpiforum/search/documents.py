"""How rows become entries of the index: each app registers its kinds here in a module `search.py`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.html import strip_tags

from wpiforum import languages
from wpiforum.search import text
from wpiforum.search.models import Entry, Name


@dataclass
class Document:
    """What one row says in one language. Without `live_from` it is not public and never enters the index."""

    kind: str
    row: Any
    language: str
    url: str
    title: str
    live_from: datetime | None
    live_until: datetime | None = None
    body: str = ""
    context: str = ""  # the guide of a step, the center of a director
    names: list[str] = field(default_factory=list)  # other right and wrong names, readings
    people: list[str] = field(default_factory=list)  # romanized names, found in any spelling
    slug: str = ""
    parent: Any = ""  # the row that this one belongs to and goes with
    topic: str = ""
    center: str = ""
    stages: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    as_of_on: date | None = None
    as_of_precision: str = "day"
    is_emergency: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of result: its label, the rows it is made of, and how rows become documents."""

    name: str
    label: Any
    model: type[models.Model]
    rows: Callable[[], models.QuerySet]  # those that may be public, now or later
    build: Callable[[Any], Iterable[Document]]


KINDS: dict[str, Kind] = {}
# Labels of the stages and audiences, by facet.
CHOICES: dict[str, list[tuple[str, Any]]] = {}
_dependents: dict[type[models.Model], list[Callable[[Any], Iterable[tuple[str, Any]]]]] = {}


def register(kind: Kind) -> None:
    """Add a kind of result."""
    KINDS[kind.name] = kind


def depends(model: type[models.Model], rows: Callable[[Any], Iterable[tuple[str, Any]]]) -> None:
    """Say which rows (kind, key) change in the index with a row of `model`."""
    _dependents.setdefault(model, []).append(rows)


def plain(html: str | None) -> str:
    """Return the text of rich text, with a space where a block ends."""
    return " ".join(strip_tags((html or "").replace("<", " <")).split())


def mark(facet: str, value: str) -> str:
    """Return the word that stands for a facet's value in the index."""
    return f"mark{facet}" + "".join(sign for sign in value if sign.isalnum())


def _entry(document: Document) -> Entry:
    begin: Any = document.live_from
    names = [*document.names, *document.people]
    romanized = [f"romaji{text.romaji(word)}" for name in document.people for word in name.split()]
    kana = [reading for name in names if (reading := text.kana_reading(name))]
    marks = [mark("kind", document.kind), mark("language", document.language)]
    marks += [mark("topic", document.topic)] if document.topic else []
    marks += [mark("center", document.center)] if document.center else []
    marks += [mark("stage", value) for value in document.stages]
    marks += [mark("audience", value) for value in document.audiences]
    return Entry(
        kind=document.kind,
        row=str(document.row),
        parent=str(document.parent),
        language=document.language,
        slug=document.slug,
        url=document.url,
        title=document.title[:400],
        context=document.context[:400],
        body=document.body,
        topic=document.topic,
        center=document.center,
        stages=document.stages,
        audiences=document.audiences,
        as_of_on=document.as_of_on,
        as_of_precision=document.as_of_precision,
        is_emergency=document.is_emergency,
        live_from=begin,
        live_until=document.live_until,
        title_tokens=text.indexed(document.title),
        name_tokens=" ".join([*map(text.indexed, names), *text.readings(document.title), *romanized, *kana]),
        body_tokens=text.indexed(f"{document.context} {document.body}"),
        marks=" ".join(marks),
    )


def _names(entry: Entry, document: Document) -> Iterator[Name]:
    seen = set()
    titles = [(document.title, False), *((name, False) for name in document.people)]
    for name, is_alias in [*titles, *((name, True) for name in document.names)]:
        folded = text.folded(name)
        if folded and folded not in seen:
            seen.add(folded)
            begins, ends = text.ends(folded)
            yield Name(
                entry=entry, name=name[:400], key=text.key(name), is_alias=is_alias,
                folded=folded, begins=begins, ends=ends, size=len(folded),
            )  # fmt: skip


def write(documents: Iterable[Document]) -> int:
    """Add documents that are not in the index yet; return how many entries they made.

    A row that is not public, now or at a moment to come, makes none.
    """
    from wpiforum.search.backends import backend  # backends read entries

    now = timezone.now()
    pairs = [
        (_entry(document), document)
        for document in documents
        if document.title and document.live_from and not (document.live_until and document.live_until <= now)
    ]
    entries = Entry.objects.bulk_create([entry for entry, _document in pairs], batch_size=200)
    made = zip(entries, (document for _entry, document in pairs), strict=True)
    names = [name for entry, document in made for name in _names(entry, document)]
    Name.objects.bulk_create(names, batch_size=500)
    backend().add(entries)
    return len(entries)


def _remove(wanted: Mapping[str, Iterable[Any]]) -> None:
    """Take the entries of these rows, by kind, out of the index."""
    from wpiforum.search.backends import backend  # as above

    condition = models.Q()
    for kind, rows in wanted.items():
        condition |= models.Q(kind=kind, row__in=[str(row) for row in rows])
    if not condition:
        return
    keys = list(Entry.objects.filter(condition).order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    Entry.objects.filter(pk__in=keys).delete()
    backend().remove(keys)


def affected(row: models.Model) -> Iterator[tuple[str, Any]]:
    """Yield what shows a row in the index, as kind and key; ask before the row is deleted."""
    for kind in KINDS.values():
        if isinstance(row, kind.model):
            yield kind.name, row.pk
    for rows in _dependents.get(type(row), []):
        yield from rows(row)
    yield from Entry.objects.filter(parent=str(row.pk)).order_by("pk").values_list("kind", "row")


def refresh(pairs: Iterable[tuple[str, Any]]) -> None:
    """Make the entries of these rows anew, in the caller's transaction; rows that are gone lose theirs."""
    wanted: dict[str, set[str]] = {}
    for kind, pk in pairs:
        wanted.setdefault(kind, set()).add(str(pk))
    with transaction.atomic():
        _remove(wanted)
        write(
            document
            for kind, keys in wanted.items()
            for row in KINDS[kind].rows().filter(pk__in=keys)
            for document in KINDS[kind].build(row)
        )


def reindex(row: models.Model) -> None:
    """Bring the entries of a row, and of the rows that show it, up to date, in the caller's transaction."""
    refresh(affected(row))


def drop(row: models.Model) -> None:
    """Take a row, and what belongs to it, out of the index, in the caller's transaction."""
    with transaction.atomic():
        _remove({kind.name: [row.pk] for kind in KINDS.values() if isinstance(row, kind.model)})
        children: dict[str, list[str]] = {}
        for name, key in Entry.objects.filter(parent=str(row.pk)).order_by("pk").values_list("kind", "row"):
            children.setdefault(name, []).append(key)
        _remove(children)


def rebuild(say: Callable[[str, int], None] = lambda kind, number: None) -> int:
    """Make the whole index anew in one transaction and return the number of entries."""
    from wpiforum.search.backends import backend  # as above

    total = 0
    with transaction.atomic():
        Name.objects.all().delete()
        Entry.objects.all().delete()
        backend().clear()
        for kind in KINDS.values():
            batch: list[Document] = []
            number = 0
            for row in kind.rows().iterator(chunk_size=500):
                batch += kind.build(row)
                if len(batch) >= 500:
                    number += write(batch)
                    batch = []
                    say(kind.name, number)
            number += write(batch)
            say(kind.name, number)
            total += number
        backend().finish()
    return total


def in_each(build: Callable[[str], Document | None]) -> list[Document]:
    """Call `build` once per language with that language active; keep the documents with a title."""
    made = languages.in_each(lambda: build(languages.current()))
    return [document for document in made.values() if document is not None and document.title]
