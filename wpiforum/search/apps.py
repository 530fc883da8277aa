from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "wpiforum.search"
    verbose_name = _("Search")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)

    def ready(self) -> None:
        autodiscover_modules("search")  # each app says in search.py how its rows become documents
        post_migrate.connect(_install, sender=self)


def _install(using: str, **kwargs: Any) -> None:
    from wpiforum.search.backends import database  # apps are loaded before models

    database(using).install()
