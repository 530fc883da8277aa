"""Sources and claims as open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from wpiforum.http import today
from wpiforum.opendata.listing import PageQuery, UuidPageQuery, one, page, refuse_unknown
from wpiforum.opendata.problems import ANSWERS
from wpiforum.opendata.schemas import Item, Page, SourceRef, Text, When, links, source_ref, text, when
from wpiforum.provenance.loading import is_public, load_owners
from wpiforum.provenance.models import Claim, Source

router = Router(tags=["Sources"])


class SourceOut(Item):
    """A citable document."""

    key: str
    title: Text
    publisher: Text
    standing: Source.Standing
    url: str | None
    published: When | None


class ClaimOut(Item):
    """What one source says about one field of one row, kept where sources disagree."""

    id: str
    about: str = Field(description="Kind of row.")
    row: str
    field: str
    value: str
    source: SourceRef
    place: Text
    is_machine_read: bool = Field(description="The value comes from our text recognition, not a legible original.")
    is_chosen: bool
    reason: Text


class SourceQuery(PageQuery):
    cited: bool = Field(False, description="Only documents that a statement rests on.")


def _source_out(row: Source, request: HttpRequest) -> SourceOut:
    return SourceOut(
        page=links(request, "sources"),
        key=row.key,
        title=text(row, "title"),
        publisher=text(row, "publisher"),
        standing=Source.Standing(row.standing),
        url=row.url or None,
        published=when(row.published),
    )


def _claim_out(row: Claim, request: HttpRequest) -> ClaimOut | None:
    """Return a claim, or None where its subject is not public."""
    if row.subject is None or not is_public(row.subject):
        return None
    return ClaimOut(
        page=links(request, "sources"),
        id=str(row.pk),
        about=row.subject._meta.label_lower,
        row=str(row.object_id),
        field=row.field,
        value=row.value,
        source=source_ref(row.source),
        place=text(row, "locator"),
        is_machine_read=row.is_machine_read,
        is_chosen=row.is_chosen,
        reason=text(row, "reason"),
    )


def _sources() -> Any:
    return Source.objects.exclude(title_ja="", title_en="")


@router.get("/sources", response={200: Page[SourceOut], **ANSWERS}, summary="Sources")
def sources(request: HttpRequest, query: Query[SourceQuery]) -> HttpResponse:
    """The documents that statements rest on."""
    refuse_unknown(request, SourceQuery)

    def rows() -> Any:
        return _sources().cited() if query.cited else _sources()

    return page(request, rows, lambda row: _source_out(row, request), query, key="key", day=today())


@router.get("/sources/{slug:key}", response={200: SourceOut, **ANSWERS}, summary="One source")
def source(request: HttpRequest, key: str) -> HttpResponse:
    refuse_unknown(request)
    return one(request, _sources, lambda row: _source_out(row, request), key=key)


@router.get("/claims", response={200: Page[ClaimOut], **ANSWERS}, summary="Claims")
def claims(request: HttpRequest, query: Query[UuidPageQuery]) -> HttpResponse:
    """What sources say where they disagree, and which was chosen with what reason."""
    refuse_unknown(request, UuidPageQuery)

    def rows() -> Any:
        return Claim.objects.select_related("source").prefetch_related("subject")

    return page(
        request, rows, lambda row: _claim_out(row, request), query, key="pk", day=today(),
        load=lambda found: load_owners(claim.subject for claim in found),
    )  # fmt: skip
