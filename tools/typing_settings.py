"""Settings for the type checker alone: the real ones, but modeltranslation leaves the managers as written.

It replaces manager classes at run time, after which the type checker cannot find the query sets' methods.
"""

from django.apps import AppConfig

from wpiforum.settings import *  # noqa: F403
from wpiforum.settings import INSTALLED_APPS as _INSTALLED_APPS


class TypingConfig(AppConfig):
    name = "tools"

    def ready(self) -> None:
        from modeltranslation import translator  # needs loaded settings

        translator.add_manager = lambda model: None


# First, so that it is ready before modeltranslation starts.
INSTALLED_APPS = ["tools.typing_settings.TypingConfig", *_INSTALLED_APPS]
