"""The bilingual fields of this app."""

from modeltranslation.translator import TranslationOptions, register

from wpiforum.provenance.models import Claim, Source


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("title", "publisher")


@register(Claim)
class ClaimTranslation(TranslationOptions):
    fields = ("locator", "reason")
