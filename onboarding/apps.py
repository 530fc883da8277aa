from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = _("Guides")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)

    def ready(self) -> None:
        from onboarding.values import kept_once  # there are no models before
        from wpiforum.publishing.gate import KEPT_ONCE  # as above

        KEPT_ONCE.append(kept_once)
