"""The graph of the status guide: its flaws, and where answers lead."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding import status
from onboarding.status import Edge, Flaw, Given, Graph, Problem, problems, walk


def graph(starts: str = "a", results: str = "xy", **questions: str) -> Graph:
    """Make a graph: `a="b x"` is a question whose answers lead to question b and to result x; "-" leads nowhere."""

    def edge(number: int, to: str) -> Edge:
        is_result = to in set(results) | {"z"}
        return Edge(f"{number}", None if is_result or to == "-" else to, to if is_result and to != "-" else None)

    return Graph(
        tuple(starts),
        {
            key: tuple(edge(number, to) for number, to in enumerate(targets.split()))
            for key, targets in questions.items()
        },
        frozenset(results),
    )


WHOLE = graph(a="b x", b="x y")


# The graph


def test_graph_without_a_flaw_has_no_problem() -> None:
    assert problems(WHOLE) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (graph(starts="", a="x y"), Problem(Flaw.NO_START)),
        (graph(starts="ba", a="x y", b="x y"), Problem(Flaw.MANY_STARTS, detail="a, b")),
        (graph(a="b x", b="- y"), Problem(Flaw.DEAD_END, "b", "0")),
        (graph(a="gone x"), Problem(Flaw.DEAD_END, "a", "0")),
        (graph(a="z x"), Problem(Flaw.DEAD_END, "a", "0")),
        (graph(a="b x", b="y"), Problem(Flaw.FEW_ANSWERS, "b")),
        (graph(a="x"), Problem(Flaw.FEW_ANSWERS, "a")),
        (graph(a="a x"), Problem(Flaw.CYCLE, detail="a → a")),
        (graph(a="b x", b="c x", c="b y"), Problem(Flaw.CYCLE, detail="b → c → b")),
        (graph(a="x y", b="x y"), Problem(Flaw.UNREACHABLE, "b")),
        (graph(a="x y", b="c y", c="b x"), Problem(Flaw.CYCLE, detail="b → c → b")),
    ],
)
def test_flaw_of_a_graph_is_found(wrong: Graph, expected: Problem) -> None:
    assert expected in problems(wrong)
    assert status.sentence(expected)


def test_answer_that_leads_to_two_things_is_a_dead_end() -> None:
    both = Graph(("a",), {"a": (Edge("1", "b", "x"), Edge("2", None, "x")), "b": ()}, frozenset("x"))
    assert Problem(Flaw.DEAD_END, "a", "1") in problems(both)


def test_two_ways_to_one_question_are_no_circle() -> None:
    assert problems(graph(a="b c", b="c x", c="x y")) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcdexy-"), min_size=1, max_size=4)))
def test_graph_without_problems_leads_every_reader_to_a_result(drawn: dict[str, list[str]]) -> None:
    made = graph(**{key: " ".join(targets) for key, targets in drawn.items()})
    found = problems(made)
    ends = list(status.ways(made)) if made.questions.get("a") else []
    if not found:
        assert ends
        assert all(end.result for end in ends)
    assert all(status.longest(made, key) <= len(made.questions) for key in made.questions)


def test_deep_graph_is_checked_without_recursion() -> None:
    many = {f"q{number}": (Edge("1", f"q{number + 1}"), Edge("2", None, "x")) for number in range(5000)}
    deep = Graph(("q0",), {**many, "q5000": (Edge("1", None, "x"), Edge("2", None, "x"))}, frozenset("x"))
    assert problems(deep) == []


def test_longest_way_counts_this_question() -> None:
    assert [status.longest(graph(a="b x", b="c x", c="x y"), key) for key in "abc"] == [3, 2, 1]


# Where answers lead


@pytest.mark.parametrize(
    ("answers", "question", "result"),
    [([], "a", None), (["a.0"], "b", None), (["a.1"], None, "x"), (["a.0", "b.1"], None, "y")],
)
def test_walk_follows_answers(answers: list[str], question: str | None, result: str | None) -> None:
    at = walk(WHOLE, answers)
    assert (at.question, at.result, at.is_broken) == (question, result, False)


@pytest.mark.parametrize(
    ("answers", "question", "given"),
    [
        (["a.9"], "a", 0),
        (["a"], "a", 0),
        ([""], "a", 0),
        (["b.0"], "a", 0),
        (["a.0", "b.9"], "b", 1),
        (["a.0", "a.0"], "b", 1),
        (["a.1", "b.0"], "a", 0),
        (["a.0", "b.1", "b.1"], "b", 1),
        (["\x00"], "a", 0),
    ],
)
def test_walk_stops_at_the_last_question_it_can_follow(answers: list[str], question: str, given: int) -> None:
    at = walk(WHOLE, answers)
    assert (at.question, at.result, len(at.given), at.is_broken) == (question, None, given, True)


def test_walk_of_an_empty_graph_ends_nowhere() -> None:
    assert walk(Graph((), {}, frozenset()), ["a.0"]) == status.Position((), None, None, is_broken=True)


def test_query_keeps_the_order_of_the_answers() -> None:
    assert status.query([Given("n0", "no"), Given("n8b", "not-sure")]) == "?a=n0.no&a=n8b.not-sure"
    assert status.query([]) == ""
