"""Bilingual fields of publication."""

from modeltranslation.translator import TranslationOptions, register

from wpiforum.publishing.models import Withdrawal


@register(Withdrawal)
class WithdrawalTranslation(TranslationOptions):
    fields = ("reason",)
