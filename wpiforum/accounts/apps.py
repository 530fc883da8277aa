"""App configuration of the staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "wpiforum.accounts"
    label = "accounts"
    verbose_name = _("Staff accounts")

    def ready(self) -> None:
        from wpiforum.accounts import log, middleware  # noqa: F401  they listen to sign-ins once apps are loaded
