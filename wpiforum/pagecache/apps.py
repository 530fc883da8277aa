from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PageCacheConfig(AppConfig):
    name = "wpiforum.pagecache"
    verbose_name = _("Page cache")

    def ready(self) -> None:
        from wpiforum.pagecache.watch import watch_connection  # it reads models, which are loaded by now

        connection_created.connect(watch_connection)
