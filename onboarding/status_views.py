"""The status guide: one question on a page, then what may fit. Nothing is stored, cached or logged with its query."""

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from onboarding import plan, status
from onboarding.choices import ResultKind, Role
from onboarding.models import StatusQuestion, StatusResult
from onboarding.pages import renderers
from onboarding.rendering import Renderer
from wpiforum import languages
from wpiforum.http import today
from wpiforum.remembering import remembered
from wpiforum.seo import Crumb, PageMeta

# The address tells a person's situation: no other site may learn it from a link.
PRIVATE = {"Referrer-Policy": "no-referrer"}
HIDDEN = {"X-Robots-Tag": "noindex"}


class Answered(NamedTuple):
    """A question that was answered, the answer, and the address that asks it again."""

    question: SafeString
    answer: SafeString
    change: str


class Flag(NamedTuple):
    """A remark as it is shown."""

    row: Any
    condition: SafeString
    text: SafeString


class Block(NamedTuple):
    """A result as it is shown."""

    row: StatusResult
    reason: SafeString
    to_check: list[SafeString]
    caution: list[SafeString]
    plans: list[tuple[str, str]]
    is_check_due: bool


def own(row: Any, field: str) -> str:
    """Return a bilingual text in the reader's language, else the original."""
    return getattr(row, f"{field}_{languages.current()}") or getattr(row, f"{field}_{languages.other()}") or ""


def _questions() -> tuple[dict[str, Any], status.Graph]:
    """Return the public questions by key, and how they lead on."""
    questions: dict[str, Any] = {row.key: row for row in StatusQuestion.objects.published().for_graph()}
    led_to = [answer.result for row in questions.values() for answer in row.answers.all() if answer.result]
    return questions, status.graph_of(questions.values(), (row.key for row in led_to if row.is_published()))


def _renderer(rows: list[tuple[Any, tuple[str, ...]]]) -> Renderer:
    """Return a renderer that knows the facts these texts refer to."""
    texts = [getattr(row, f"{field}_{code}") for row, fields in rows for field in fields for code in languages.CODES]
    code = languages.current()
    made, _periods, _slots = renderers([], today(), (code,), None, passages=texts, links=False)
    return made[code]


def guides_crumb() -> Crumb:
    return Crumb(_("Guides"), reverse("onboarding:guides"))


def status_crumb() -> Crumb:
    return Crumb(_("Status of residence guide"), reverse("onboarding:status"))


def _plan_links(result: StatusResult, *, with_family: bool) -> list[tuple[str, str]]:
    """Return the plan's addresses with the situation set: one for each role, or one for the family."""
    if not result.offers_plan:
        return []
    roles = result.plan_roles or [""]
    return [
        (
            str(Role(role).label) if role else "",
            f"{reverse('onboarding:plan')}?{plan.Situation({}, role, with_family).query()}",
        )
        for role in roles
    ]


@method_decorator(never_cache, name="dispatch")
class StatusView(TemplateView):
    """One question, or what the answers may lead to; the answers so far stand in the address."""

    template_name = "onboarding/status.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questions, graph = remembered(("status-questions",), _questions)
        at = status.walk(graph, self.request.GET.getlist(status.PARAMETER))
        shown = _question(graph, questions, at) if at.result is None else _result(questions, at)
        is_beyond = bool(self.request.GET)
        title = _("Status of residence guide")
        heading = shown.pop("heading")
        return super().get_context_data(**kwargs) | {
            **shown,
            "at": at,
            "is_start": not at.given,
            "restart": reverse("onboarding:status"),
            "page": PageMeta(
                heading if is_beyond and heading else title,
                _("Answer a few questions and see which status of residence may fit, why, and whom to ask."),
                (guides_crumb(), status_crumb()) if is_beyond else (guides_crumb(),),
                card="plan",
                is_indexed=not is_beyond,
            ),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        headers = PRIVATE | (HIDDEN if self.request.GET else {})
        code = 400 if context["at"].is_broken else 200
        return super().render_to_response(context, headers=headers, status=code, **kwargs)


def _answered(questions: dict[str, Any], at: status.Position, renderer: Renderer) -> list[Answered]:
    rows = []
    for number, given in enumerate(at.given):
        question = questions[given.question]
        answer = next(row for row in question.answers.all() if row.key == given.answer)
        rows.append(
            Answered(
                renderer.line(own(question, "text")),
                renderer.line(own(answer, "text")),
                reverse("onboarding:status") + status.query(at.given[:number]),
            )
        )
    return rows


def _rows(questions: dict[str, Any]) -> list[tuple[Any, tuple[str, ...]]]:
    """Return all questions and answers with the fields that pages print."""
    answers = [(row, ("text", "caution")) for question in questions.values() for row in question.answers.all()]
    return [*((question, ("text", "help")) for question in questions.values()), *answers]


def _question(graph: status.Graph, questions: dict[str, Any], at: status.Position) -> dict[str, Any]:
    """Return the context of a question; none if no first question is public."""
    question = questions.get(at.question or "")
    if question is None:
        return {"question": None, "answered": [], "heading": ""}
    open_keys = {edge.key for edge in graph.offered(question.key)}
    answers = [row for row in question.answers.all() if row.key in open_keys]
    renderer = remembered(("status-texts",), lambda: _renderer(_rows(questions)))
    text = renderer.line(own(question, "text"))
    here = reverse("onboarding:status")
    return {
        "question": question,
        "text": text,
        "help": [renderer.line(line) for line in own(question, "help").splitlines() if line.strip()],
        "answers": [
            (
                renderer.line(own(row, "text")),
                here + status.query([*at.given, status.Given(question.key, row.key)]),
            )
            for row in answers
        ],
        "answered": _answered(questions, at, renderer),
        "number": len(at.given) + 1,
        "more": status.longest(graph, question.key) - 1,
        "sources": remembered(("status-sources", question.key), lambda: list(question.sources.all())),
        "is_check_due": question.is_check_due(today()),
        "heading": strip_tags(text),
    }


_RESULT = ("reason", "to_check", "caution")


def _found(key: str, questions: dict[str, Any]) -> tuple[list[Any], dict[str, Any], Renderer]:
    """Return a result with its alternatives, their remarks by key, and what renders these and the answers."""
    found: list[Any] = list(StatusResult.objects.published().with_alternatives_of(key).for_page())
    flags = {flag.key: flag for row in found for flag in row.public_flags}
    rows = [*((row, _RESULT) for row in found), *((row, ("condition", "text")) for row in flags.values())]
    return found, flags, _renderer([*rows, *_rows(questions)])


def _result(questions: dict[str, Any], at: status.Position) -> dict[str, Any]:
    """Return the context of a result; its alternatives stand side by side in its place."""
    key = at.result or ""
    found, flags, renderer = remembered(("status-result", key), lambda: _found(key, questions))
    result = next((row for row in found if row.key == key), None)
    if result is None:  # hidden since the answers were read
        raise Http404
    others = [row for row in found if row.key != key]
    answers = [row for given in at.given for row in questions[given.question].answers.all() if row.key == given.answer]
    is_family = any(row.is_family for row in answers)

    def lines(row: Any, field: str) -> list[SafeString]:
        return [renderer.line(line) for line in own(row, field).splitlines() if line.strip()]

    def block(row: StatusResult) -> Block:
        return Block(
            row,
            renderer.line(own(row, "reason")),
            lines(row, "to_check"),
            lines(row, "caution"),
            _plan_links(row, with_family=is_family),
            row.is_check_due(today()),
        )

    may_fit = _("%(status)s may fit") % {"status": own(result, "name")}
    return {
        "result": block(result),
        "alternatives": [block(row) for row in others],
        "remarks": [line for row in answers for line in lines(row, "caution")],
        "flags": [
            Flag(row, renderer.line(own(row, "condition")), renderer.line(own(row, "text")))
            for row in sorted(flags.values(), key=lambda row: (row.order, row.key))
        ],
        "answered": _answered(questions, at, renderer),
        "is_status": result.kind == ResultKind.STATUS,
        "name": own(result, "name"),
        "heading": may_fit if result.kind == ResultKind.STATUS else own(result, "name"),
    }
