"""People on the staff site: an administrator can take away a lost second factor, never see or make one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# Whatever another app shows of people stays.
_Registered: Any = type(admin.site.get_model_admin(User))
admin.site.unregister([Authenticator, EmailAddress, User])


@admin.register(User)
class StaffAdmin(_Registered):
    """The page of a person, and what to do when somebody has lost the telephone."""

    actions = [*_Registered.actions, "remove_second_factor"]

    @admin.action(description=_("Remove the second factor (lost device)"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take away every factor of the chosen people; they set up a new one after their next sign-in."""
        if not request.user.is_superuser:
            queryset = queryset.exclude(is_superuser=True)
        people: Any = queryset.filter(authenticator__isnull=False).distinct()
        found = list(people)
        with transaction.atomic():
            for factor in Authenticator.objects.filter(user__in=[person.pk for person in found]).select_related("user"):
                factor.delete()
                authenticator_removed.send(
                    sender=Authenticator, request=request, user=factor.user, authenticator=factor
                )
        said = ngettext(
            "The second factor of %(count)d person was removed.",
            "The second factors of %(count)d people were removed.",
            len(found),
        )
        self.message_user(request, said % {"count": len(found)}, messages.SUCCESS)
