"""Public pages of the guides."""

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView

from centers.detail import languages_of as languages_of_name
from centers.models import Center
from onboarding import emergency, linked, pages
from onboarding.choices import Actor, ContactKind, PhraseGroup, Stage
from onboarding.filters import GuideFilter
from onboarding.models import ContactPoint, EmergencyCard, Guide, Phrase, Step, Term, Topic
from onboarding.models.guides import by_topic
from onboarding.qr import qr_svg
from wpiforum import languages
from wpiforum.http import BadInput, date_parameter, today
from wpiforum.paging import PAGE_SIZE, LongPaginator, RememberedRowsMixin, UncountedPaginator
from wpiforum.remembering import RememberedDetailMixin, RememberedPageMixin, remembered
from wpiforum.seo import Crumb, Feed, PageMeta


def _feed(topic: Topic) -> Feed:
    title = _("WPI Forum: changes of %(page)s") % {"page": topic}
    return Feed(title, reverse("feed-topic", args=[languages.current(), topic.slug]))


def _guides_crumb() -> Crumb:
    return Crumb(_("Guides"), reverse("onboarding:guides"))


class GuideListView(RememberedRowsMixin, ListView):
    """All guides by topic, in pages; with `actor` also the steps that this person or office takes."""

    parameters = (*GuideFilter.base_filters, "page")
    template_name = "onboarding/guide_list.html"
    paginate_by = PAGE_SIZE
    paginator_class = LongPaginator

    @cached_property
    def _filter(self) -> GuideFilter:
        return GuideFilter(self.request.GET, queryset=Guide.objects.published())

    def rows(self) -> QuerySet[Guide]:
        if not self._filter.is_valid():
            name = next(iter(self._filter.form.errors))
            raise BadInput(
                _("There is no such value for “%(facet)s”. Choose from the list.")
                % {"facet": self._filter.form.fields[name].label},
                parameter=name,
            )
        return self._filter.qs.for_pages()

    def prepare(self, rows: list[Any]) -> None:
        if actors := self.request.GET.getlist("actor"):
            _add_own_steps(rows, actors)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        actors = self.request.GET.getlist("actor")

        def guides() -> list[Any]:
            return by_topic(context["object_list"])

        return context | {
            # Made where the page shows them.
            "guides": guides,
            "filter": lambda: self._filter,
            "topics": lambda: [(topic, list(rows)) for topic, rows in groupby(guides(), key=lambda guide: guide.topic)],
            "steps_by_guide": lambda: [(guide, guide.own_steps) for guide in guides() if guide.own_steps],
            "is_filtered": any(self.request.GET.getlist(name) for name in GuideFilter.base_filters),
            "stages": Stage,
            "acts": [Actor(value) for value in actors],
            "page": PageMeta(
                _("Guides"),
                _("What to do, by when, and where to ask: from the offer letter to the day you leave Japan."),
                card="guides",
            ),
        }


def _add_own_steps(guides: list[Any], actors: list[str]) -> None:
    """Add to each guide, as `own_steps`, the steps that these actors take, in one query."""
    found: dict[Any, list[Step]] = defaultdict(list)
    steps = Step.objects.filter(guide__in=[guide.pk for guide in guides]).acted_by(*actors).order_by("order")
    # The long texts are most of a step, and no list shows them.
    for step in steps.only("guide", "slug", "order", "title_ja", "title_en"):
        found[step.guide_id].append(step)
    for guide in guides:
        guide.own_steps = found[guide.pk]


class TopicView(RememberedRowsMixin, ListView):
    """A topic with its guides, in pages."""

    parameters = ("page",)
    template_name = "onboarding/topic.html"
    context_object_name = "guides"
    paginate_by = 24  # cards: more than any topic has today
    paginator_class = LongPaginator

    def _topic(self) -> Topic:
        topics = Topic.objects.published().with_warnings().select_related("pillar")
        return get_object_or_404(topics, slug=self.kwargs["topic"])

    def rows(self) -> QuerySet[Guide]:
        return Guide.objects.published().filter(topic=self.topic).for_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = self.topic = remembered(("topic", self.kwargs["topic"]), self._topic)
        return super().get_context_data(**kwargs) | {
            "topic": topic,
            "page": PageMeta(
                str(topic),
                topic.summary or "",
                (_guides_crumb(),),
                languages=languages_of_name(topic),
                card="guides",
                feeds=(_feed(topic),),
            ),
        }


class GuideView(RememberedDetailMixin, DetailView):
    """A guide in the reader's language or, with `view=both`, in both; `as_of` shows the facts of that day."""

    parameters = ("as_of", "view", "center")
    template_name = "onboarding/guide_detail.html"
    context_object_name = "guide"

    def get_queryset(self) -> QuerySet[Guide]:
        guides = Guide.objects.published().with_warnings().filter(topic__slug=self.kwargs["topic"])
        # The chosen center comes with the guide itself, so that the page stays within ten queries.
        return guides.select_related("topic__pillar", "next__topic").annotate(
            center_pk=_center_with(self.request).values("pk")[:1]
        )

    def shown(self) -> dict[str, Any]:
        guide: Any = self.object  # a Guide, with center_pk
        asked = date_parameter(self.request, "as_of")
        mode = self.request.GET.get("view", "")
        if mode not in {"", "both"}:
            raise BadInput(_("“view” is either left out or “both”."), parameter="view")
        own = languages.current()
        if not getattr(guide, f"title_{own}"):
            own = languages.other()  # wholly missing in this language: the original, said so
        codes = (own, languages.other(own)) if mode == "both" else (own,)
        center = Center(pk=guide.center_pk) if guide.center_pk else None
        if center is None and self.request.GET.get("center"):
            raise _no_such_center()
        shown = pages.load_guide(guide, asked or today(), codes, center)
        following = guide.next if guide.next and guide.next.is_published() else None
        return {
            "asked": asked,
            "day": asked or today(),
            "is_both": mode == "both",
            "own": own,
            "shown": shown,
            "following": following,
            "center": center,
            "page": PageMeta(
                getattr(guide, f"title_{own}") or str(guide),
                getattr(guide, f"summary_{own}") or "",
                (_guides_crumb(), Crumb(str(guide.topic), guide.topic.get_absolute_url())),
                languages=shown.languages or (own,),
                nodes=tuple(linked.how_to(guide, shown, own, self.request)),
                card="guide",
                feeds=(_feed(guide.topic),),
                is_embeddable=True,
            ),
        }


def _center_with(request: HttpRequest) -> QuerySet[Center]:
    """Return the public center that the address names in `center`, or none."""
    slug = request.GET.get("center", "")
    return Center.objects.published().filter(slug=slug.replace("\x00", "")) if slug else Center.objects.none()


def _no_such_center() -> BadInput:
    return BadInput(_("There is no such center. Choose from the list."), parameter="center")


def public_step(*, topic: str, guide: str, step: str) -> Step:
    """Return a step of a public guide by its address; raise Http404."""
    steps = Step.objects.published().select_related("guide__topic").for_page()
    return get_object_or_404(steps, guide__topic__slug=topic, guide__slug=guide, slug=step)


class SheetView(RememberedPageMixin, TemplateView):
    """The counter sheet: one step on one A4, Japanese large with readings, English under it."""

    parameters = ()
    template_name = "onboarding/sheet.html"

    def shown(self) -> dict[str, Any]:
        step = public_step(**self.kwargs)
        day: date = today()
        views, _facts = pages.load_step(step, day, languages.CODES)
        address = languages.absolute(f"{step.guide.get_absolute_url()}#{step.slug}", self.request)
        return {
            "step": step,
            "sides": {view.code: view for view in views},
            "size": pages.sheet_size(views),
            "day": day,
            "address": address,
            "qr": qr_svg(address),
            "page": PageMeta(
                _("Counter sheet: %(step)s") % {"step": step},
                crumbs=(_guides_crumb(), Crumb(str(step.guide), step.guide.get_absolute_url())),
                is_indexed=False,
            ),
        }


class GlossaryView(RememberedPageMixin, TemplateView):
    parameters = ()
    template_name = "onboarding/glossary.html"

    def shown(self) -> dict[str, Any]:
        terms = Term.objects.published().with_warnings().select_related("source")
        return {
            "terms": list(terms.by_name(languages.current())),
            "page": PageMeta(
                _("Glossary"), _("Words of the offices, with reading, meaning and plain Japanese."), card="guides"
            ),
        }


class ContactListView(RememberedPageMixin, TemplateView):
    parameters = ()
    template_name = "onboarding/contacts.html"

    def shown(self) -> dict[str, Any]:
        rows = list(ContactPoint.objects.in_effect(today()))
        return {
            "kinds": [
                (kind, [row for row in rows if row.kind == kind])
                for kind in ContactKind
                if any(row.kind == kind for row in rows)
            ],
            "day": today(),
            "page": PageMeta(
                _("List of help desks"),
                _("Help desks by subject, with numbers, hours and languages."),
                nodes=tuple(linked.contact(row) for row in rows if row.number or row.url),
                card="guides",
            ),
        }


class EmergencyView(RememberedRowsMixin, ListView):
    """The emergency page: both languages at once, small, and the same whichever prefix it is opened under.

    Every page has all national numbers; the centers' own come in pages, that of the chosen center first on each.
    """

    parameters = ("center", "page")
    template_name = "onboarding/emergency.html"
    paginate_by = 20  # the page must stay small enough for a bad connection
    paginator_class = UncountedPaginator

    def rows(self) -> QuerySet[Center]:
        return emergency.centers().exclude(pk=self.chosen.pk) if self.chosen else emergency.centers()

    def _chosen(self) -> Center | None:
        typed = self.request.GET.get("center", "").replace("\x00", "")
        # By the slug, or by the acronym as people write it.
        called = Q(slug=slugify(typed)) | Q(acronym__iexact=typed.strip())
        found = emergency.centers().filter(called).first() if typed else None
        if typed and found is None:
            raise _no_such_center()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = self.request.get_full_path()
        self.chosen = remembered(("emergency-chosen", address), self._chosen)
        context = super().get_context_data(**kwargs)
        shown = [*([self.chosen] if self.chosen else []), *context["object_list"]]
        return (
            context
            | remembered(("emergency",), _national)
            | {
                "centers": remembered(("emergency-own", address), lambda: emergency.with_contacts(shown)),
                "chosen": self.chosen,
                "page": PageMeta(
                    _("Emergency"),
                    _("Whom to call, what to say in Japanese, and what not to sign."),
                    card="emergency",
                ),
            }
        )


def _national() -> dict[str, Any]:
    """Return what the emergency page says whichever center is chosen."""
    phrases = list(Phrase.objects.order_by("order"))
    cards = list(EmergencyCard.objects.published().with_warnings().order_by("order"))
    contacts: list[ContactPoint] = list(ContactPoint.objects.in_effect(today()))
    dates = [row.as_of for row in cards if row.as_of] + [row.as_of for row in contacts if row.as_of]
    return {
        "first": [row for row in contacts if row.kind == ContactKind.EMERGENCY],
        "contacts": [row for row in contacts if row.kind != ContactKind.EMERGENCY and not row.slot_id],
        "groups": [(group, [row for row in phrases if row.group == group]) for group in PhraseGroup],
        "cards": cards,
        "as_of": max(dates, default=None),
    }
