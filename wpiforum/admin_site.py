"""The staff site: Django's admin under the portal's name, in the language of its address."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("WPI Forum administration")
    site_title = _("WPI Forum administration")
    index_title = _("What you can edit")
