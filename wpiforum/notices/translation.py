"""The bilingual fields of this app: every language is required, for a notice reaches everybody or is not ready."""

from modeltranslation.translator import TranslationOptions, register

from wpiforum import languages
from wpiforum.notices.models import Notice


@register(Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = languages.CODES
