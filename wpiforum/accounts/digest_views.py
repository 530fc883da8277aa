"""Pages on which a person asks for the mail about what waits, and stops it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from wpiforum import languages
from wpiforum.accounts.models import Digest, Every


class DigestForm(forms.ModelForm):
    class Meta:
        model = Digest
        fields = ("every", "language")


def _settings_page(request: HttpRequest) -> HttpResponse:
    """Show and keep how often a person wants the mail; everybody their own."""
    user: Any = request.user
    digest = Digest.objects.filter(user=user).first() or Digest(user=user, language=languages.current())
    form = DigestForm(request.POST if request.method == "POST" else None, instance=digest)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account_digest")
    context = {
        "title": _("Mail about what waits"),
        "form": form,
        "address": user.email,
        "sends_mail": settings.SENDS_MAIL,
    }
    return TemplateResponse(request, "account/digest_settings.html", context)


settings_page = admin.site.admin_view(_settings_page)


@csrf_exempt  # a mail program that stops the mail with one click has no page of ours; the signed token is the proof
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one person's mail for whoever holds the signed token of it; a GET only asks, since programs follow links."""
    from wpiforum.accounts.digest import by_token  # it reads the whole staff site, which lists this page

    digest = by_token(token)
    if digest is None:
        raise Http404
    if request.method == "POST":
        Digest.objects.filter(pk=digest.pk).update(every=Every.NEVER)
    is_stopped = request.method == "POST" or digest.every == Every.NEVER
    context = {"title": _("Stop the mail about what waits"), "is_stopped": is_stopped}
    return TemplateResponse(request, "account/digest_stop.html", context)
