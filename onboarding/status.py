"""The status guide as a graph: what is wrong with it, and where a reader's answers lead. Reads no database.

An address holds the answers so far, each as "question.answer" (`?a=n0.no&a=n1.researcher`): the same address shows
the same page in either language, and taking the last answer away goes one question back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

PARAMETER = "a"


class Edge(NamedTuple):
    """One answer: its key and the key of the question or of the result it leads to."""

    key: str
    question: str | None = None
    result: str | None = None


class Graph(NamedTuple):
    """Questions with their answers in order; `starts` should hold one key."""

    starts: tuple[str, ...]
    questions: Mapping[str, tuple[Edge, ...]]
    results: frozenset[str]

    def leads(self, edge: Edge) -> bool:
        """Tell whether an answer leads to exactly one thing that is there."""
        if (edge.question is None) == (edge.result is None):
            return False
        return edge.question in self.questions if edge.question is not None else edge.result in self.results

    def offered(self, question: str) -> tuple[Edge, ...]:
        """Return the answers a reader may choose: those that lead to something public."""
        return tuple(edge for edge in self.questions[question] if self.leads(edge))


class Flaw(StrEnum):
    """What can be wrong with the graph."""

    NO_START = "no_start"
    MANY_STARTS = "many_starts"
    DEAD_END = "dead_end"
    FEW_ANSWERS = "few_answers"
    CYCLE = "cycle"
    UNREACHABLE = "unreachable"


class Problem(NamedTuple):
    """A flaw, the question it is about, and the answer or the way that shows it."""

    flaw: Flaw
    question: str = ""
    detail: str = ""


_SENTENCES: dict[Flaw, Callable[[], str]] = {
    Flaw.NO_START: lambda: _("No public question is marked as the first one."),
    Flaw.MANY_STARTS: lambda: _("More than one question is marked as the first one: %(detail)s."),
    Flaw.DEAD_END: lambda: _(
        "The answer “%(detail)s” of question “%(question)s” leads nowhere: choose a public question or result."
    ),
    Flaw.FEW_ANSWERS: lambda: _("Question “%(question)s” needs at least two answers."),
    Flaw.CYCLE: lambda: _("The questions go round in a circle: %(detail)s. Lead one of these answers elsewhere."),
    Flaw.UNREACHABLE: lambda: _("No answer leads to question “%(question)s” yet."),
}
# A new question is entered before an answer can lead to it: this alone does not stop a save.
TOLERATED = frozenset({Flaw.UNREACHABLE})


def sentence(problem: Problem) -> str:
    """Return what staff read about a problem."""
    return _SENTENCES[problem.flaw]() % {"question": problem.question, "detail": problem.detail}


def edges_of(answers: Iterable[Any]) -> tuple[Edge, ...]:
    """Return answers as edges; rows come with `next_question` and `result` loaded."""
    return tuple(
        Edge(
            row.key,
            row.next_question.key if row.next_question else None,
            row.result.key if row.result else None,
        )
        for row in answers
    )


def graph_of(questions: Iterable[Any], results: Iterable[str]) -> Graph:
    """Return the graph of loaded questions (`for_graph()`) and of the results' keys."""
    rows = list(questions)
    return Graph(
        tuple(row.key for row in rows if row.is_start),
        {row.key: edges_of(row.answers.all()) for row in rows},
        frozenset(results),
    )


def _cycle_from(graph: Graph, start: str, done: set[str]) -> list[str]:
    """Return the questions of a circle that can be reached from `start`, or nothing. Deep graphs do not recurse."""
    trail: list[str] = [start]
    waiting = [iter(graph.questions[start])]
    while waiting:
        edge = next(waiting[-1], None)
        if edge is None:
            done.add(trail.pop())
            waiting.pop()
        elif edge.question is None:
            continue
        elif edge.question in trail:
            return [*trail[trail.index(edge.question) :], edge.question]
        elif edge.question in graph.questions and edge.question not in done:
            trail.append(edge.question)
            waiting.append(iter(graph.questions[edge.question]))
    return []


def reachable(graph: Graph) -> set[str]:
    """Return the questions some way leads to, the first included."""
    found: set[str] = set()
    waiting = [key for key in graph.starts if key in graph.questions]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += [edge.question for edge in graph.offered(key) if edge.question is not None]
    return found


def problems(graph: Graph) -> list[Problem]:
    """Return all that would leave a reader without a next page, or a question without a reader."""
    found: list[Problem] = []
    if not any(key in graph.questions for key in graph.starts):
        found.append(Problem(Flaw.NO_START))
    elif len(graph.starts) > 1:
        found.append(Problem(Flaw.MANY_STARTS, detail=", ".join(sorted(graph.starts))))
    for key, edges in graph.questions.items():
        found += [Problem(Flaw.DEAD_END, key, edge.key) for edge in edges if not graph.leads(edge)]
        if len(edges) < 2:
            found.append(Problem(Flaw.FEW_ANSWERS, key))
    done: set[str] = set()
    for key in graph.questions:
        circle = _cycle_from(graph, key, done) if key not in done else []
        if circle:
            found.append(Problem(Flaw.CYCLE, detail=" → ".join(circle)))
            break
    if graph.starts:
        seen = reachable(graph)
        found += [Problem(Flaw.UNREACHABLE, key) for key in graph.questions if key not in seen]
    return found


class Given(NamedTuple):
    """An answer a reader gave."""

    question: str
    answer: str


class Position(NamedTuple):
    """Where answers lead: the next question or a result. `is_broken`: not all of them could be followed."""

    given: tuple[Given, ...]
    question: str | None
    result: str | None
    is_broken: bool = False


def walk(graph: Graph, answers: Iterable[str]) -> Position:
    """Follow the answers from the first question; stop at the last question that they reach without a doubt."""
    question: str | None = graph.starts[0] if graph.starts else None
    given: list[Given] = []
    result: str | None = None
    for text in answers:
        key, _dot, answer = text.partition(".")
        edges = graph.offered(question) if question and question in graph.questions else ()
        edge = next((edge for edge in edges if edge.key == answer), None)
        if edge is None or key != question:
            if question is None and given:  # more answers than questions
                question = given.pop().question
            return Position(tuple(given), question, None, is_broken=True)
        given.append(Given(key, answer))
        question, result = edge.question, edge.result
    return Position(tuple(given), question, result)


def query(given: Iterable[Given]) -> str:
    """Return the address part that reopens the page after these answers; empty for the first question."""
    pairs = [(PARAMETER, f"{question}.{answer}") for question, answer in given]
    return f"?{urlencode(pairs)}" if pairs else ""


def longest(graph: Graph, question: str, _trail: frozenset[str] = frozenset()) -> int:
    """Return how many questions there are at most from this one on, itself included."""
    if question in _trail:  # a circle, which staff are not let save; a reader still gets a page
        return 0
    trail = _trail | {question}
    following = [edge.question for edge in graph.offered(question) if edge.question is not None]
    return 1 + max((longest(graph, key, trail) for key in following), default=0)


def ways(graph: Graph) -> Iterator[Position]:
    """Yield every way from the first question to its end: for tests and checks of the content."""
    waiting: list[tuple[Given, ...]] = [()]
    while waiting:
        given = waiting.pop()
        at = walk(graph, [f"{question}.{answer}" for question, answer in given])
        if at.question is None or len({row.question for row in given}) < len(given):
            yield at
            continue
        edges = graph.offered(at.question)
        if not edges:
            yield at
        waiting += [(*given, Given(at.question, edge.key)) for edge in reversed(edges)]
