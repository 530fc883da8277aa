"""What a translation was last confirmed against."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationStateQuerySet(models.QuerySet):
    def about(self, rows: Any) -> Self:
        """Keep the states of these rows, which are of one model."""
        rows = list(rows)
        if not rows:
            return self.none()
        return self.filter(
            content_type=ContentType.objects.get_for_model(rows[0]), object_id__in=[row.pk for row in rows]
        )


class TranslationState(models.Model):
    """One row's text in one language: the source it was confirmed against, and whether readers are warned.

    The state itself is computed (`status.state`): outdated is what was confirmed against another source text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")
    language = models.CharField(_("language"), max_length=5)
    source_language = models.CharField(_("language of the source"), max_length=5)
    digest = models.CharField(_("digest of the source"), max_length=32)
    source = models.JSONField(_("source when it was confirmed"), default=dict)
    is_wrong = models.BooleanField(
        _("the old text is wrong"), default=False, help_text=_("Readers of this language are warned.")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
        help_text=_("Empty: as loaded, both languages prepared together."),
    )

    objects: ClassVar[Any] = TranslationStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        ordering = ("content_type", "object_id", "language")
        constraints = [
            models.UniqueConstraint(
                name="localization_translationstate_once",
                fields=["content_type", "object_id", "language"],
                violation_error_message=_("This row already has a state in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.object_id} ({self.language})"
