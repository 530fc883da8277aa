"""Staff sessions end, and nothing opens before the second factor is set up where it is required."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

BEGAN, SEEN = "staff_began", "staff_seen"
# Writing the session at every request would cost a query each; idle time need not be exact to the minute.
SEEN_STEP_SECONDS = 60
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@receiver(user_logged_in)
def _begin(request: HttpRequest, **kwargs: Any) -> None:
    """Note when a session begins; one without that note has ended."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class StaffSessionMiddleware:
    """Look at the staff site only: public pages read no session and set no cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "admin" in request.path_info.split("/")[1:3] and request.user.is_authenticated:
            if self._has_ended(request):
                logout(request)
                messages.warning(request, _("You were signed out after some time. Please sign in again."))
                back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
                return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
            if self._must_enrol(request):
                messages.warning(request, _("Please set up a second factor first. Everything else opens after it."))
                return redirect("mfa_index")
        return self.get_response(request)

    def _has_ended(self, request: HttpRequest) -> bool:
        now = int(time.time())
        began, seen = request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if now - seen > SEEN_STEP_SECONDS:
            request.session[SEEN] = now
        return False

    def _must_enrol(self, request: HttpRequest) -> bool:
        if settings.SECOND_FACTOR != "required":
            return False
        open_names = ("admin:logout", "admin:jsi18n", "account_logout", "account_reauthenticate")
        is_open = request.path.startswith(reverse("mfa_index")) or request.path in map(reverse, open_names)
        return not is_open and not Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS).exists()
