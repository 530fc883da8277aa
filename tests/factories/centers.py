"""Rows of the register for tests: complete, public and bilingual unless a test says otherwise.

Every function takes keywords only, fills what a test leaves out, and makes the owners it is not given.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.contenttypes.models import ContentType

from centers.choices import (
    DonationKind,
    Prefecture,
    ProgramPart,
    Qualifier,
    SatelliteKind,
    SectionKind,
    StandingKind,
    Theme,
    Unit,
)
from centers.models import (
    Center,
    Cohort,
    DatedName,
    Directorship,
    Donation,
    Field,
    HostInstitution,
    Indicator,
    Observation,
    PartnerInstitution,
    Person,
    Practice,
    ProfileSection,
    ProgramItem,
    ProgramPage,
    Requirement,
    Satellite,
    Standing,
)
from wpiforum.provenance.dates import Ending
from wpiforum.provenance.models import Claim, Source

LONG_AGO = datetime(2019, 2, 5, tzinfo=UTC)
SNAPSHOT = date(2019, 2, 5)
_numbers = count(1)


def _live(*, published: bool) -> dict[str, Any]:
    return {"live_from": LONG_AGO if published else None}


def _evidence(fields: dict[str, Any]) -> dict[str, Any]:
    """Give the row a source and the snapshot's date, unless the test brings its own."""
    if "source" not in fields:
        fields["source"] = make_source()
    return {"as_of_on": SNAPSHOT, **fields}


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """As `_evidence`; a row with an end date says so."""
    if fields.get("end_on"):
        fields.setdefault("ending", Ending.DATE)
    return {"start_on": date(2010, 4, 1), **_evidence(fields)}


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    return Source.objects.create(
        **{
            "key": f"source-{number}",
            "standing": Source.Standing.OFFICIAL,
            "title_ja": f"資料{number}",
            "title_en": f"Document {number}",
            "publisher_ja": "文部科学省",
            "publisher_en": "MEXT",
            "url": f"https://www.example.ac.jp/{number}",
            "published_on": SNAPSHOT,
            **fields,
        }
    )


def make_cohort(**fields: Any) -> Cohort:
    """Make a cohort; without a fiscal year, one that no other test row has."""
    return Cohort.objects.create(
        # Years have to fit a small column, also after thousands of rows in one run.
        **{"fiscal_year": 2020 + next(_numbers) % 30_000, "selected": 1, "applications": 10, **_evidence(fields)}
    )


def make_requirement(**fields: Any) -> Requirement:
    number = next(_numbers)
    if "cohort" not in fields:
        fields["cohort"] = make_cohort()
    return Requirement.objects.create(
        **{
            "key": f"requirement-{number}",
            "name_ja": f"要件{number}",
            "name_en": f"Requirement {number}",
            "unit": Unit.PERCENT,
            "minimum": 30,
            **_evidence(fields),
        }
    )


def make_field(**fields: Any) -> Field:
    number = next(_numbers)
    return Field.objects.create(
        **{"slug": f"field-{number}", "name_ja": f"分野{number}", "name_en": f"Field {number}", **fields}
    )


def make_host(*, name_ja: str | None = None, name_en: str | None = None, **fields: Any) -> HostInstitution:
    """Make a host with one name, in use without limit; `name_ja=""` makes a host without a name."""
    number = next(_numbers)
    host = HostInstitution.objects.create(**{"slug": f"host-{number}", **fields})
    if name_ja != "":
        make_name(host=host, name_ja=name_ja or f"第{number}大学", name_en=name_en or f"University {number}")
    return host


def make_name(**fields: Any) -> DatedName:
    """Make a name of the given `center` or `host`."""
    number = next(_numbers)
    return DatedName.objects.create(
        **{"name_ja": f"名称{number}", "name_en": f"Name {number}", **_dated({"start_on": None, **fields})}
    )


def make_center(
    *, published: bool = True, name_ja: str | None = None, name_en: str | None = None, **fields: Any
) -> Center:
    """Make a center with its cohort, host, field and one name; `name_ja=""` makes a center without a name."""
    number = next(_numbers)
    for owner, make in (("cohort", make_cohort), ("host", make_host), ("field", make_field)):
        if owner not in fields:
            fields[owner] = make()
    center = Center.objects.create(
        **{
            "slug": f"center-{number}",
            "acronym": f"C{number}",
            "prefecture": Prefecture.TOKYO,
            "city_ja": "文京区",
            "city_en": "Bunkyo",
            "latitude": "35.7126",
            "longitude": "139.7620",
            "website": f"https://center-{number}.example.ac.jp/",
            **_live(published=published),
            **_evidence(fields),
        }
    )
    if name_ja != "":
        make_name(
            center=center,
            name_ja=name_ja or f"第{number}研究拠点",
            name_en=name_en or f"Research Center {number}",
            source=center.source,
        )
    return center


def make_standing(**fields: Any) -> Standing:
    if "center" not in fields:
        fields["center"] = make_center()
    return Standing.objects.create(**{"kind": StandingKind.GRANT, **_dated(fields)})


def make_section(**fields: Any) -> ProfileSection:
    if "center" not in fields:
        fields["center"] = make_center()
    return ProfileSection.objects.create(
        **{
            "kind": SectionKind.GOAL,
            "body_ja": "生命の起源を解き明かします。",
            "body_en": "It asks how life began.",
            **_evidence(fields),
        }
    )


def make_person(*, published: bool = True, **fields: Any) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        **{
            "slug": f"person-{number}",
            "name_ja": f"研究 太郎{number}",
            "name_en": f"Taro Kenkyu {number}",
            "kana": f"けんきゅう たろう{number}",
            "sort_en": f"Kenkyu Taro {number}",
            **_live(published=published),
            **fields,
        }
    )


def make_directorship(**fields: Any) -> Directorship:
    if "center" not in fields:
        fields["center"] = make_center()
    if "person" not in fields:
        fields["person"] = make_person()
    return Directorship.objects.create(**{"title_ja": "機構長", "title_en": "Director", **_dated(fields)})


def make_institution(**fields: Any) -> PartnerInstitution:
    number = next(_numbers)
    return PartnerInstitution.objects.create(
        **{
            "slug": f"institution-{number}",
            "name_ja": f"海外大学{number}",
            "name_en": f"Overseas University {number}",
            "city_ja": "ロンドン",
            "city_en": "London",
            "country": "GB",
            "latitude": "51.4988",
            "longitude": "-0.1749",
            **fields,
        }
    )


def make_satellite(**fields: Any) -> Satellite:
    if "center" not in fields:
        fields["center"] = make_center()
    if "institution" not in fields:
        fields["institution"] = make_institution()
    return Satellite.objects.create(**{"kind": SatelliteKind.SATELLITE, **_dated(fields)})


def make_indicator(**fields: Any) -> Indicator:
    number = next(_numbers)
    return Indicator.objects.create(
        **{
            "key": f"indicator-{number}",
            "name_ja": f"指標{number}",
            "name_en": f"Indicator {number}",
            "unit": Unit.PERSONS,
            **fields,
        }
    )


def make_observation(**fields: Any) -> Observation:
    if "center" not in fields:
        fields["center"] = make_center()
    if "indicator" not in fields:
        fields["indicator"] = make_indicator()
    return Observation.objects.create(
        **{"fiscal_year": 2018, "value": 100, "qualifier": Qualifier.EXACT, **_evidence(fields)}
    )


def make_practice(*, published: bool = True, **fields: Any) -> Practice:
    """Make a practice of the program, or with `center` of that center."""
    number = next(_numbers)
    return Practice.objects.create(
        **{
            "slug": f"practice-{number}",
            "theme": Theme.GLOBALIZATION,
            "title_ja": f"取組{number}",
            "title_en": f"Practice {number}",
            "body_ja": "英語を公用語にしています。",
            "body_en": "English is the working language.",
            **_live(published=published),
            **_evidence(fields),
        }
    )


def make_program_page(*, published: bool = True, **fields: Any) -> ProgramPage:
    number = next(_numbers)
    return ProgramPage.objects.create(
        **{
            "slug": f"program-{number}",
            "title_ja": "世界トップレベル研究拠点プログラム",
            "title_en": "World Premier International Research Center Initiative",
            "summary_ja": "世界から目に見える研究拠点をつくります。",
            "summary_en": "It builds research centers visible to the world.",
            **_live(published=published),
            **fields,
        }
    )


def make_program_item(**fields: Any) -> ProgramItem:
    if "page" not in fields:
        fields["page"] = make_program_page()
    return ProgramItem.objects.create(
        **{
            "part": ProgramPart.MISSION,
            "title_ja": "世界最高水準の研究",
            "title_en": "Top-level science",
            "body_ja": "世界最高水準の研究を行います。",
            "body_en": "It does science at the highest level.",
            **_evidence(fields),
        }
    )


def make_donation(**fields: Any) -> Donation:
    number = next(_numbers)
    if "center" not in fields:
        fields["center"] = make_center()
    return Donation.objects.create(
        **{
            "kind": DonationKind.ENDOWMENT,
            "donor_ja": f"第{number}財団",
            "donor_en": f"Foundation {number}",
            "amount": 12_500_000,
            "currency": "USD",
            "body_ja": "基金の寄附を受けました。",
            "body_en": "It received an endowment.",
            **_dated(fields),
        }
    )


def make_claim(*, subject: Any = None, **fields: Any) -> Claim:
    """Make a claim about a field of `subject`, by default about a new center."""
    subject = subject or make_center()
    if "source" not in fields:
        fields["source"] = make_source()
    return Claim.objects.create(
        **{
            "content_type": ContentType.objects.get_for_model(subject),
            "object_id": subject.pk,
            "field": "acronym",
            "locator_ja": "3枚目",
            "locator_en": "slide 3",
            "value": "WPI-X",
            "reason_ja": "公式の資料による。",
            "reason_en": "An official document says so.",
            **fields,
        }
    )
