from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "wpiforum.publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        from wpiforum.provenance.loading import AFTER_LOADING  # there are no models before
        from wpiforum.publishing.translations import stamp_loaded  # as above

        AFTER_LOADING.append(stamp_loaded)
