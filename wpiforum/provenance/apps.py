from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvenanceConfig(AppConfig):
    name = "wpiforum.provenance"
    verbose_name = _("Sources and claims")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)
