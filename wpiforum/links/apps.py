from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    name = "wpiforum.links"
    verbose_name = _("Links")
    is_content = True  # staff with a role look at its rows (wpiforum/publishing/permissions.py)
