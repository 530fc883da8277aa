"""Run the gate for pairs over every bilingual row; exit code 1 if a pair disagrees."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser

from wpiforum.publishing.gate import Level, bilingual_fields, check_row, kept_once


class Command(BaseCommand):
    help = (
        "Compare the two languages of every row: figures, dates, money, numbers, links, lists, placeholders; and name "
        "figures that are typed although they are kept once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object per problem.")

    def handle(self, *args: Any, **options: Any) -> None:
        errors = rows = 0
        kept = kept_once()
        for model in apps.get_models():
            if not bilingual_fields(model):
                continue
            for row in model._default_manager.order_by("pk").iterator():
                rows += 1
                for problem in check_row(row, kept):
                    errors += problem.level == Level.ERROR
                    where = {"model": model._meta.label, "key": str(row.pk), "row": str(row)}
                    if options["json"]:
                        self.stdout.write(json.dumps({**where, **problem._asdict()}, ensure_ascii=False))
                    else:
                        self.stdout.write(
                            f"{problem.level}: {where['model']} {where['row']} – {problem.field}: {problem.sentence}"
                        )
        if not options["json"]:
            self.stdout.write(f"{rows} rows, {errors} errors.")
        if errors:
            raise SystemExit(1)
