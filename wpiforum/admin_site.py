"""The staff site: Django's admin under the portal's name, in the language of its address."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.middleware.csp import get_nonce
from django.utils.csp import CONTEXT_KEY, CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

# The public policy, and a nonce for the import map that the editor of rich texts prints; nothing inline runs without.
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "script-src": [CSP.SELF, CSP.NONCE]}


class PortalAdminSite(AdminSite):
    site_header = _("WPI Forum administration")
    site_title = _("WPI Forum administration")
    index_title = _("What you can edit")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_override(POLICY)(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the nonce here, not in a context processor: a public page in a cache would replay it."""
        return super().each_context(request) | {CONTEXT_KEY: get_nonce(request)}
