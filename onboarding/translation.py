"""The bilingual fields of this app."""

from modeltranslation.translator import TranslationOptions, register

from onboarding import models


@register(models.Pillar)
@register(models.Office)
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(models.Fact)
@register(models.Slot)
class LabelTranslation(TranslationOptions):
    fields = ("label",)


@register(models.FactPeriod)
class FactPeriodTranslation(TranslationOptions):
    fields = ("text",)


@register(models.ContactPoint)
class ContactPointTranslation(TranslationOptions):
    fields = ("name", "note", "hours", "languages")


@register(models.EmergencyCard)
class EmergencyCardTranslation(TranslationOptions):
    fields = ("title", "items")


@register(models.SlotValue)
class SlotValueTranslation(TranslationOptions):
    fields = ("value",)


@register(models.Term)
class TermTranslation(TranslationOptions):
    fields = ("meaning",)


@register(models.Guide)
class GuideTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(models.Step)
class StepTranslation(TranslationOptions):
    fields = ("title", "body", "where", "bring", "missed", "law", "condition", "unconfirmed")


@register(models.TimingRule)
class TimingRuleTranslation(TranslationOptions):
    fields = ("counting_law",)


@register(models.ChangeNote)
class ChangeNoteTranslation(TranslationOptions):
    fields = ("before", "after")


@register(models.Case)
class CaseTranslation(TranslationOptions):
    fields = ("host", "title", "body")


@register(models.Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title", "body")


@register(models.StatusQuestion)
class StatusQuestionTranslation(TranslationOptions):
    fields = ("text", "help")


@register(models.StatusAnswer)
class StatusAnswerTranslation(TranslationOptions):
    fields = ("text", "caution")


@register(models.StatusFlag)
class StatusFlagTranslation(TranslationOptions):
    fields = ("condition", "text", "law")


@register(models.StatusResult)
class StatusResultTranslation(TranslationOptions):
    fields = ("name", "reason", "to_check", "caution", "law")


@register(models.PointGroup)
class PointGroupTranslation(TranslationOptions):
    fields = ("title", "note")


@register(models.PointItem)
class PointItemTranslation(TranslationOptions):
    fields = ("label",)
