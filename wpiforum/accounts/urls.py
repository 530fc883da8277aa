"""Addresses of the staff accounts below /admin/account/; nothing of allauth that this site does not offer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from wpiforum.accounts import digest_views

View = Callable[..., Any]


def _staff_page(view: View) -> View:
    """Give a page of allauth what every page of the staff site shows: its name, the person, the links."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if view is account.password_reset and not settings.SENDS_MAIL:
            raise Http404
        response: Any = view(request, *args, **kwargs)
        if getattr(response, "context_data", None) is not None:
            own = {"is_nav_sidebar_enabled": False, "sends_mail": settings.SENDS_MAIL}
            response.context_data = {**admin.site.each_context(request), **own, **response.context_data}
        return response

    return never_cache(shown)


def _not_offered(request: HttpRequest) -> HttpResponse:
    """Answer for an address that allauth names in its pages and this site does not have."""
    raise Http404


def _page(address: str, view: View, name: str) -> URLPattern:
    return path(address, _staff_page(view), name=name)


urlpatterns = [
    _page("login/", account.login, "account_login"),
    _page("logout/", account.logout, "account_logout"),
    _page("inactive/", account.account_inactive, "account_inactive"),
    path("signup/", _not_offered, name="account_signup"),
    _page("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _page("password/", account.password_change, "account_change_password"),
    _page("password/set/", account.password_set, "account_set_password"),
    _page("password/reset/", account.password_reset, "account_reset_password"),
    _page("password/reset/sent/", account.password_reset_done, "account_reset_password_done"),
    _page("password/reset/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        _staff_page(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _page("digest/", digest_views.settings_page, "account_digest"),
    _page("digest/stop/<str:token>/", digest_views.stop, "account_digest_stop"),
    _page("factors/", mfa.index, "mfa_index"),
    _page("code/", mfa.authenticate, "mfa_authenticate"),
    _page("factors/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    _page("factors/app/", totp.activate_totp, "mfa_activate_totp"),
    _page("factors/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("factors/recovery/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _page("factors/recovery/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _page("factors/recovery/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _page("factors/keys/", keys.list_webauthn, "mfa_list_webauthn"),
    _page("factors/keys/add/", keys.add_webauthn, "mfa_add_webauthn"),
    _page("factors/keys/confirm/", keys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _page("factors/keys/<int:pk>/remove/", keys.remove_webauthn, "mfa_remove_webauthn"),
    _page("factors/keys/<int:pk>/", keys.edit_webauthn, "mfa_edit_webauthn"),
    _page("passkey/", keys.login_webauthn, "mfa_login_webauthn"),
]
