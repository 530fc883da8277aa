"""Reporting a problem on a step: no account, no cookie, nothing of the sender kept but the words."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from onboarding.models import Report, Step
from onboarding.views import public_step
from wpiforum import languages, limits
from wpiforum.seo import Crumb, PageMeta

LONGEST = 2000
# A step has one problem or a few; more in ten minutes from one place is a machine.
WINDOW_SECONDS = 600
PER_ADDRESS, PER_SITE = 5, 100


class Words(forms.CharField):
    """A text whose line breaks count once, as the browser counted them; it sends two characters for each."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReportForm(forms.Form):
    """What is wrong, in words; `website` is a trap that people do not see."""

    text = Words(
        label=gettext_lazy("What is wrong or missing?"),
        help_text=gettext_lazy(
            "Do not write names, numbers of cards or other personal data. We cannot answer: no address is kept."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Write what is wrong."),
            "max_length": gettext_lazy("Please write at most %(limit_value)d characters (you wrote %(show_value)d)."),
        },
    )
    website = forms.CharField(required=False, label=gettext_lazy("Leave this field empty"))


def comes_from_here(request: HttpRequest) -> bool:
    """Tell whether a browser sent the form from this site, without a token in a page that caches keep.

    Sec-Fetch-Site decides where the browser sends it (W3C Fetch Metadata); else Origin must name this host. A request
    with neither is no browser of the last years and is refused.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def is_too_many(request: HttpRequest) -> bool:
    """Count this try; tell whether its address, or everybody together, tried too often in ten minutes."""
    own = limits.count(f"report:{limits.sender(request)}", WINDOW_SECONDS)
    return own.used > PER_ADDRESS or limits.count("report:all", WINDOW_SECONDS).used > PER_SITE


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ReportView(View):
    """The form and its answer; on an error everything typed stays in the form."""

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return self._page(request, public_step(**kwargs), ReportForm())

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        step = public_step(**kwargs)
        form = ReportForm(request.POST)
        if not comes_from_here(request):
            form.full_clean()
            form.add_error(None, _("Please send the form from this page."))
            return self._page(request, step, form, status=403)
        if form.is_valid() and is_too_many(request):
            form.add_error(None, _("Too many reports were sent just now. Please try again in ten minutes."))
            return self._page(request, step, form, status=429)
        if not form.is_valid():
            return self._page(request, step, form, status=422)
        if not form.cleaned_data["website"]:
            Report.objects.create(step=step, language=languages.current(), text=form.cleaned_data["text"])
        return self._page(request, step, None)

    def _page(self, request: HttpRequest, step: Step, form: Any, status: int = 200) -> HttpResponse:
        guide = step.guide
        context = {
            "step": step,
            "form": form,
            "page": PageMeta(
                _("Report a problem: %(step)s") % {"step": step},
                crumbs=(
                    Crumb(str(guide.topic), guide.topic.get_absolute_url()),
                    Crumb(str(guide), guide.get_absolute_url()),
                ),
                is_indexed=False,
            ),
        }
        return render(request, "onboarding/report.html", context, status=status)
