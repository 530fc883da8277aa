"""The staff site: Django's admin under the portal's name, in the language of its address."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.csp import CONTEXT_KEY, CSP
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

from onboarding.choices import ReportState
from wpiforum.http import today

# The public policy, and a nonce for the import map that the editor of rich texts prints; nothing inline runs without.
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "script-src": [CSP.SELF, CSP.NONCE]}


class Need(NamedTuple):
    """What waits for the staff: its name, how many rows, and the list that shows them."""

    label: str
    number: int
    url: str


class PortalAdminSite(AdminSite):
    site_header = _("WPI Forum administration")
    site_title = _("WPI Forum administration")
    index_title = _("What you can edit")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_override(POLICY)(super().admin_view(view, cacheable))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "needs": self.needs(request)})

    def needs(self, request: HttpRequest) -> list[Need]:
        """Count what waits, each by the query set behind its list; only lists this person may open."""
        from onboarding.models import Report, Step  # this module is loaded before there are models
        from wpiforum.publishing.models import Confirmable  # as above

        waiting = [
            (
                model,
                _("Waiting for confirmation"),
                model._default_manager.filter(confirmed_at=None),
                "confirmation=waiting",
            )
            for model in apps.get_models()
            if issubclass(model, Confirmable)
        ]
        reports = Report.objects.filter(state=ReportState.NEW)
        rows: list[Any] = [
            (Report, _("new reports"), reports, f"state__exact={ReportState.NEW}"),
            (Step, _("Check due"), Step.objects.check_due(today()), "needs=check"),
            *waiting,
        ]
        return [
            Need(f"{capfirst(model._meta.verbose_name_plural)}: {what}", count, f"{_list_of(model)}?{query}")
            for model, what, found, query in rows
            if self.is_registered(model)
            and self.get_model_admin(model).has_view_permission(request)
            and (count := found.count())
        ]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to the one place that asks for both factors; it checks where `next` leads."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the nonce here, not in a context processor: a public page in a cache would replay it."""
        return super().each_context(request) | {CONTEXT_KEY: get_nonce(request)}


def _list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
