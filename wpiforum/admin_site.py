"""The staff site: Django's admin under the portal's name, in the language of its address."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.csp import CONTEXT_KEY, CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

# The public policy, and a nonce for the import map that the editor of rich texts prints; nothing inline runs without.
# No Trusted Types: jQuery and select2 of Django's admin make markup of text.
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "script-src": [CSP.SELF, CSP.NONCE]}
del POLICY["require-trusted-types-for"], POLICY["trusted-types"]


class PortalAdminSite(AdminSite):
    site_header = _("WPI Forum administration")
    site_title = _("WPI Forum administration")
    index_title = _("What you can edit")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_override(POLICY)(super().admin_view(view, cacheable))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from wpiforum.needs import needs  # this module is loaded before there are models
        from wpiforum.publishing.choices import Verb  # as above
        from wpiforum.publishing.permissions import may  # as above

        own = {"needs": needs(self, request), "may_exchange": may(request.user, Verb.EXPORT)}
        return super().index(request, {**(extra_context or {}), **own})

    def get_urls(self) -> list[Any]:
        from wpiforum import handbook  # this module is loaded before there are models
        from wpiforum.publishing.admin import texts, translations  # as above

        return [*texts.urls(), *translations.urls(self), *handbook.urls(self), *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to the one place that asks for both factors; it checks where `next` leads."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the nonce here, not in a context processor: a public page in a cache would replay it."""
        return super().each_context(request) | {CONTEXT_KEY: get_nonce(request)}
