from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = _("Guides")
    is_content = True  # staff with a role edit its rows (wpiforum/publishing/permissions.py)
