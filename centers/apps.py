from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CentersConfig(AppConfig):
    name = "centers"
    verbose_name = _("Centers and program")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)
