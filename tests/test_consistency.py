"""Habits that every model, template and constraint keeps, as tests."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from modeltranslation.translator import translator

from wpiforum.publishing.models import Publishable

BASE = Path(settings.BASE_DIR)
OWN = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"wpiforum", "centers", "onboarding"} and not model._meta.proxy
]
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_model_and_fields_have_names_that_can_be_translated(model: Any) -> None:
    assert isinstance(model._meta.verbose_name, Promise)
    assert isinstance(model._meta.verbose_name_plural, Promise)
    translated = set()
    if model in translator.get_registered_models():
        translated = {
            f"{name}_{code}" for name in translator.get_options_for_model(model).all_fields for code in ("ja", "en")
        }
    for field in model._meta.get_fields():
        is_column = isinstance(field, models.Field) and getattr(field, "column", None)
        if is_column and field.name not in {"id", *translated} and model._meta.label != "provenance.LoadedRow":
            assert isinstance(field.verbose_name, Promise), field.name


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_model_has_a_docstring_of_its_own(model: Any) -> None:
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_constraint_is_named_for_app_and_model_and_speaks(model: Any) -> None:
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(prefix)
        default = constraint.default_violation_error_message
        if model._meta.label != "provenance.LoadedRow":
            assert str(constraint.violation_error_message) != str(default), constraint.name


@pytest.mark.parametrize("model", [m for m in OWN if issubclass(m, Publishable)], ids=lambda m: m._meta.label)
def test_publishable_model_asks_visibility_in_one_place(model: Any) -> None:
    assert hasattr(model.objects, "published")


def test_columns_of_a_translated_field_are_annotated_on_its_model() -> None:
    for model in translator.get_registered_models():
        if model in OWN:
            wanted = {
                f"{name}_{code}" for name in translator.get_options_for_model(model).all_fields for code in ("ja", "en")
            }
            assert wanted <= set(model.__annotations__), model


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(BASE / "templates").as_posix())
def test_template_has_no_inline_script_style_or_trusted_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script>|<style|style=\"|\son\w+=\"|\|safe\b", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(BASE / "templates").as_posix())
def test_template_names_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|action)="(https?://[^"]+)"', text)
    assert sources == []


def test_language_is_named_in_one_module_only() -> None:
    """Views and models ask `languages`; they do not list the site's languages themselves."""
    pattern = re.compile(r"\(\s*[\"']ja[\"']\s*,\s*[\"']en[\"']\s*\)")
    found = [
        path.relative_to(BASE).as_posix()
        for folder in ("wpiforum", "centers")
        for path in (BASE / folder).rglob("*.py")
        if "migrations" not in path.parts and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_catalogue_speaks_japanese() -> None:
    with translation.override("ja"):
        assert translation.gettext("Register of centers") != "Register of centers"
