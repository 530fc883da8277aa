"""Bases of the staff pages of rows with a public page."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.publishing.models import Publishable, published_q

LIVE: Any = (_("Publication"), {"fields": [("live_from", "live_until")]})


class LiveFilter(admin.SimpleListFilter):
    """Rows the public sees now, or does not."""

    title = _("live")
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        now = timezone.now()
        if self.value() == "yes":
            return queryset.filter(published_q(at=now))
        if self.value() == "no":
            return queryset.filter(models.Q(live_from__isnull=True) | ~published_q(at=now))
        return queryset


class PublishableAdmin(PortalAdmin):
    """The staff page of a row with a public page, which it links while the public can see it."""

    public_url_name = ""  # for models without an address of their own: the page they appear on

    def view_on_site(self, obj: Publishable) -> str | None:
        if not obj.is_published():
            return None
        try:
            if hasattr(obj, "get_absolute_url"):
                return str(obj.get_absolute_url())
            return reverse(self.public_url_name) if self.public_url_name else None
        except NoReverseMatch:  # the public page does not exist yet
            return None

    @admin.display(description=_("live"), boolean=True)
    def is_live(self, obj: Publishable) -> bool:
        return obj.is_published()
