"""Merge fixtures into a database that staff may have edited since the last load.

Each field of each row remembers the digest of the value last loaded. A field is overwritten only while it still
holds that value, so loading twice adds nothing, no staff edit is lost, and what staff deleted stays deleted.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone, translation

from wpiforum.provenance.models import Claim, LoadedRow

Record = dict[str, Any]
# What other apps do once content was loaded, from their `ready()`; the commands call it.
AFTER_LOADING: list[Callable[[], Any]] = []


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        # 38.2540 read from a column and 38.254 from a file are the same figure; so is one moment in two zones.
        if isinstance(o, Decimal):
            return format(o.normalize(), "f")
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat()
        return super().default(o)


def digest(value: Any) -> str:
    """Return a short digest of a serialized field value."""
    text = json.dumps(value, cls=_Encoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(name: str) -> list[Record]:
    """Return the records of one fixture file; raises FileNotFoundError."""
    return json.loads((Path(settings.FIXTURE_DIRS[0]) / f"{name}.json").read_text(encoding="utf-8"))


def _values(row: models.Model, fields: list[str]) -> dict[str, Any]:
    """Return the row's fields as the serializer writes them, many-to-many keys sorted."""
    [record] = serializers.serialize("python", [row], fields=fields, use_natural_foreign_keys=True)
    return {
        name: sorted(value, key=str) if row._meta.get_field(name).many_to_many else value
        for name, value in record["fields"].items()
    }


def _refers_to_itself(model: type[models.Model], name: str) -> bool:
    return model._meta.get_field(name).related_model is model


def _by_key(model: type[models.Model], pk: Any) -> Any:
    # By its key: the order of its model may join four tables, which a database without statistics joins first.
    return model._default_manager.order_by("pk").filter(pk=pk).first()


def _rows(model: type[models.Model], keys: list[Any]) -> list[Any]:
    """Return the rows that natural keys name; those that staff deleted are left out."""
    manager: Any = model._default_manager
    found = []
    for key in keys:
        try:
            found.append(manager.get_by_natural_key(*key))
        except models.ObjectDoesNotExist:
            continue
    return found


class Loader:
    """Loads records in order, inside the caller's transaction; counts what happened in `counts`.

    Call `finish()` after the last record: only then is it remembered what was loaded.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.kept: list[str] = []
        self._known = {(row.model, row.key): row for row in LoadedRow.objects.all()}
        self._new: list[LoadedRow] = []
        self._was_empty: dict[type[models.Model], bool] = {}
        self._moved: dict[str, Any] = {}
        self._later: list[tuple[Record, Record, bool]] = []

    def load(self, record: Record) -> None:
        """Create the row, or update the fields that staff have not touched since the last load.

        References to rows of the same model wait for `finish()`: such a row may come later in the file.
        """
        model = apps.get_model(record["model"])
        fields = dict(record["fields"])
        own = {name: fields.pop(name) for name in list(fields) if _refers_to_itself(model, name)}
        if own:
            self._later.append((record, own, (record["model"], record["pk"]) not in self._known))
        if fields.get("object_id") in self._moved:
            fields = {**fields, "object_id": self._moved[fields["object_id"]]}
        known = self._known.get((record["model"], record["pk"]))
        try:
            [wanted] = serializers.deserialize(
                "python", [{**record, "fields": fields}], handle_forward_references=False
            )
        except DeserializationError as error:
            if not isinstance(error.__context__, models.ObjectDoesNotExist):
                raise
            self.counts["without their owner"] += 1  # the owner was deleted by staff
            return
        # A first load need not look for what its table cannot hold.
        row = None if known is None and self._began_empty(model) else self._existing(model, wanted.object)
        many = dict(wanted.m2m_data or {})
        new_values = self._wanted_values(wanted.object, fields, many)
        new_digests = {name: digest(value) for name, value in new_values.items()}
        if row is None:
            if known:
                self.counts["deleted by staff"] += 1
                return
            wanted.object.save(force_insert=True)
            for name, value in many.items():
                getattr(wanted.object, name).set(value)
            self._remember(record, new_digests)
            self.counts["created"] += 1
            return
        if str(row.pk) != record["pk"]:
            self._moved[record["pk"]] = str(row.pk)
        self._merge(row, wanted.object, many, new_digests, known, record)

    def finish(self) -> None:
        """Write down what was loaded, and set references between rows of one model: what staff changed stays."""
        LoadedRow.objects.bulk_create(self._new)
        for record, fields, is_new in self._later:
            model = apps.get_model(record["model"])
            row = _by_key(model, self._moved.get(record["pk"], record["pk"]))
            known = self._known.get((record["model"], record["pk"]))
            if row is None or known is None:
                continue
            for name, keys in fields.items():
                field = model._meta.get_field(name)
                found = _rows(model, keys if field.many_to_many else [keys] if keys else [])
                value = sorted((target.natural_key() for target in found), key=str)
                new = digest(value if field.many_to_many else next(iter(value), None))
                current = digest(_values(row, [name])[name])
                if current != new and (is_new or known.digests.get(name) == current):
                    if field.many_to_many:
                        getattr(row, name).set(found)
                    else:
                        setattr(row, name, next(iter(found), None))
                        row.save()
                    known.loaded_at = timezone.now()
                known.digests[name] = new
            known.save(update_fields=["digests", "loaded_at"])

    def _wanted_values(self, wanted: models.Model, fields: Record, many: dict[str, Any]) -> dict[str, Any]:
        values = _values(wanted, [name for name in fields if name not in many])
        for name, keys in many.items():
            related: Any = wanted._meta.get_field(name).related_model
            rows = related._default_manager.filter(pk__in=[getattr(key, "pk", key) for key in keys])
            values[name] = sorted(
                (row.natural_key() if hasattr(row, "natural_key") else row.pk for row in rows), key=str
            )
        return values

    def _remember(self, record: Record, digests: dict[str, str]) -> None:
        row = LoadedRow(model=record["model"], key=record["pk"], digests=digests)
        self._known[record["model"], record["pk"]] = row
        self._new.append(row)

    def _began_empty(self, model: type[models.Model]) -> bool:
        if model not in self._was_empty:
            self._was_empty[model] = not model._default_manager.exists()
        return self._was_empty[model]

    def _existing(self, model: type[models.Model], wanted: models.Model) -> models.Model | None:
        row = _by_key(model, wanted.pk)
        if row is None and hasattr(wanted, "natural_key"):
            manager: Any = model._default_manager
            try:
                row = manager.get_by_natural_key(*wanted.natural_key())
            except models.ObjectDoesNotExist:
                return None
        return row

    def _merge(
        self,
        row: models.Model,
        wanted: models.Model,
        many: dict[str, Any],
        new_digests: dict[str, str],
        known: LoadedRow | None,
        record: Record,
    ) -> None:
        current = {name: digest(value) for name, value in _values(row, list(new_digests)).items()}
        loaded = known.digests if known else {}
        changed = []
        for name, new in new_digests.items():
            if current[name] == new:
                continue
            if name in loaded and loaded[name] == current[name]:
                changed.append(name)
            else:
                self.kept.append(f"{record['model']} {row} – {name}")
        for name in changed:
            if name in many:
                getattr(row, name).set(many[name])
            else:
                setattr(row, name, getattr(wanted, name))
        if changed:
            row.save()
        self.counts["updated" if changed else "unchanged"] += 1
        if known is None:
            self._remember(record, new_digests)
        elif known.digests != new_digests:
            known.digests = new_digests
            known.loaded_at = timezone.now() if changed else known.loaded_at
            known.save(update_fields=["digests", "loaded_at"])


def _tables() -> str:
    """Return our tables for ANALYZE; without names it would also lock catalogs that all databases share."""
    own = [model._meta.db_table for model in apps.get_models() if not model._meta.proxy]
    return ", ".join(connection.ops.quote_name(table) for table in own)


def load_all(names: list[str], *, say: Callable[[str], None] = lambda line: None) -> Loader:
    """Merge the named fixtures in one transaction and return the loader with its counts."""
    # The bare column of a bilingual field takes the active language: always the default one.
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        loader = Loader()
        for name in names:
            records = read(name)
            say(f"  {name}: {len(records)} rows")
            for record in records:
                loader.load(record)
        loader.finish()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Right after a bulk load the planner still believes the tables empty.
                cursor.execute(f"ANALYZE {_tables()}")
    return loader


def contradictions() -> Iterator[tuple[Any, str, list[Claim]]]:
    """Yield (row, field, claims) wherever claims about one field of one row differ."""
    groups: dict[tuple[Any, Any, str], list[Claim]] = defaultdict(list)
    rows = list(Claim.objects.select_related("source").prefetch_related("subject"))
    load_owners([claim.subject for claim in rows], with_names=True)
    for claim in rows:
        groups[claim.content_type_id, claim.object_id, claim.field].append(claim)
    for (_kind, _row, field), claims in groups.items():
        if len({claim.value for claim in claims}) > 1:
            yield claims[0].subject, field, claims


def load_owners(subjects: Iterable[Any], *, with_names: bool = False) -> None:
    """Load the centers that own rows, and what the names of rows read, once for each kind of row."""
    kinds: dict[type, list[Any]] = defaultdict(list)
    for subject in subjects:
        if subject is not None:
            kinds[type(subject)].append(subject)
    for model, found in kinds.items():
        names = set(getattr(model, "label_relations", ())) if with_names else set()
        if not hasattr(model, "is_published") and hasattr(model, "center"):
            names.add("center")
        models.prefetch_related_objects(found, *sorted(names))


def is_public(subject: Any) -> bool:
    """Tell whether a row, or the root row that owns it, is public."""
    owner = subject if hasattr(subject, "is_published") else getattr(subject, "center", None)
    return owner is None or not hasattr(owner, "is_published") or owner.is_published()
