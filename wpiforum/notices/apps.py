from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "wpiforum.notices"
    verbose_name = _("Notices")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)
