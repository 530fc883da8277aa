"""The bilingual fields of this app."""

from modeltranslation.translator import TranslationOptions, register

from centers import models


@register(models.Requirement)
@register(models.Field)
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(models.ProgramPage)
class ProgramPageTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(models.ProgramItem)
@register(models.Practice)
class TitleBodyTranslation(TranslationOptions):
    fields = ("title", "body")


@register(models.Donation)
class DonationTranslation(TranslationOptions):
    fields = ("donor", "body")


@register(models.DatedName)
class DatedNameTranslation(TranslationOptions):
    fields = ("name", "note")


@register(models.Center)
class CenterTranslation(TranslationOptions):
    fields = ("city",)


@register(models.ProfileSection)
class ProfileSectionTranslation(TranslationOptions):
    fields = ("body",)


@register(models.Person)
class PersonTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Directorship)
class DirectorshipTranslation(TranslationOptions):
    fields = ("title",)


@register(models.PartnerInstitution)
class PartnerInstitutionTranslation(TranslationOptions):
    fields = ("name", "city")


@register(models.Satellite)
@register(models.Observation)
class NoteTranslation(TranslationOptions):
    fields = ("note",)


@register(models.Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "definition")
