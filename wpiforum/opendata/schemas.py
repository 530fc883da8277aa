"""The shapes that answers of the open data interface share: both languages, partial dates, validity, sources."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from wpiforum import languages
from wpiforum.provenance.dates import PartialDate, Precision, Validity
from wpiforum.provenance.models import Dated, Source, Sourced
from wpiforum.provenance.wording import machine_date

Licence = Literal["https://creativecommons.org/licenses/by/4.0/"]
LICENCE: Licence = "https://creativecommons.org/licenses/by/4.0/"
# Slugs and keys as addresses and cursors hold them.
KEY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


# A decimal as text, so that no reader rounds it.
Figure = Annotated[
    Decimal, WithJsonSchema({"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})
]


def _all_optional(schema: dict[str, Any]) -> None:
    schema.pop("required", None)  # `fields` may leave any of them out


class Answer(BaseModel):
    """A part of an answer, always whole."""

    model_config = ConfigDict(extra="forbid")


class Text(Answer):
    """One text in both languages; null where the language has none."""

    ja: str | None
    en: str | None


class Links(Answer):
    """The page of an object in each language."""

    ja: str
    en: str


class Item(BaseModel):
    """An object of a list. A reader may ask for some of its fields only, so none is required."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_all_optional)

    licence: Licence = LICENCE
    page: Links = Field(description="The page, in each language, where readers find this.")


class When(Answer):
    """A date as exactly as it is known: `2019-02-05`, `2019-02`, `2013`; of a fiscal year the year it begins in."""

    value: str
    precision: Precision


class Span(Answer):
    """Validity, half-open: `until` is the first day no longer valid. `state` is how it stands on the asked day."""

    since: When | None
    until: When | None
    ending: Literal["open", "date", "unknown"]
    state: Validity


class SourceRef(Answer):
    """The document a statement rests on."""

    key: str
    title: Text
    url: str | None


class Proof(BaseModel):
    """What every sourced statement carries."""

    source: SourceRef
    as_of: When | None = Field(description="The day the evidence speaks of; null where the source is undated.")
    unverified: list[str] = Field(description="Fields that no source we could read confirms.")


class Evidence(Item, Proof):
    """A sourced object of a list."""


class Page[T](Answer):
    """Some objects of a list, and where the next ones are."""

    licence: Licence = LICENCE
    as_of: date = Field(description="The day (in Japan) for which dated values are answered.")
    next: str | None = Field(description="Address of the next objects; null at the end.")
    items: list[T]


def text(row: Any, name: str) -> Text:
    """Return a bilingual field of a row."""
    return Text(ja=getattr(row, f"{name}_ja") or None, en=getattr(row, f"{name}_en") or None)


def in_both(make: Callable[[], Any]) -> Text:
    """Return what a function says in each language."""
    said = languages.in_each(lambda: str(make()))
    return Text(ja=said["ja"] or None, en=said["en"] or None)


def when(partial: PartialDate | None) -> When | None:
    """Return a partial date."""
    if partial is None:
        return None
    if partial.precision == Precision.FISCAL_YEAR:
        return When(value=f"{partial.first:%Y}", precision=Precision.FISCAL_YEAR)
    return When(value=machine_date(partial), precision=Precision(partial.precision))


def source_ref(source: Source) -> SourceRef:
    """Return a reference to a document; a lead that was only read somewhere is never shown."""
    return SourceRef(key=source.key, title=text(source, "title"), url=source.url or None)


def evidence(row: Sourced) -> dict[str, Any]:
    """Return the fields of `Evidence` for a sourced row."""
    return {"source": source_ref(row.source), "as_of": when(row.as_of), "unverified": row.unverified}


def span(row: Dated, day: date) -> Span:
    """Return the validity of a dated row and how it stands on a day."""
    ending: Any = row.ending
    return Span(since=when(row.start), until=when(row.end), ending=ending, state=row.validity_on(day))


def links(request: HttpRequest, name: str, *args: str, anchor: str = "", query: str = "") -> Links:
    """Return the addresses of a named page in each language."""
    tail = (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
    found = {
        code: languages.absolute(languages.localized_url(name, code, *args) + tail, request) for code in languages.CODES
    }
    return Links(**found)


def choice_text(choice: Any) -> Text:
    """Return the label of a choice in both languages."""
    return in_both(lambda: choice.label)


def field_names(model: type[BaseModel]) -> Any:
    """Return the names of a shape's fields as choices of the parameter `fields`."""
    return StrEnum(f"{model.__name__}Field", {name.upper(): name for name in model.model_fields})
