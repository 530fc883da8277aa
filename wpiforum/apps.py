"""App configuration of the portal's own package and of its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class WpiForumConfig(AppConfig):
    name = "wpiforum"
    verbose_name = _("WPI Forum")

    def ready(self) -> None:
        from wpiforum import checks  # noqa: F401  registers the system checks once apps are loaded


class PortalAdminConfig(AdminConfig):
    default_site = "wpiforum.admin_site.PortalAdminSite"
