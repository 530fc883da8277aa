"""How well the gate tells pairs that agree from pairs that do not, on pairs that it was never tuned on."""

from tests.wpiforum.gate_pairs import HELD_OUT
from wpiforum.publishing.gate import Level, check_pair


def is_stopped(ja: str, en: str) -> bool:
    return any(problem.level == Level.ERROR for problem in check_pair("body", ja, en))


def test_there_are_fifty_pairs_or_more_of_both_kinds() -> None:
    assert len(HELD_OUT) >= 50
    assert min(sum(agrees for *_pair, agrees, _why in HELD_OUT), sum(not agrees for *_p, agrees, _w in HELD_OUT)) >= 24


def test_recall_and_precision_on_pairs_it_was_not_tuned_on() -> None:
    stopped = {(ja, en) for ja, en, _agrees, _why in HELD_OUT if is_stopped(ja, en)}
    wrong = {(ja, en) for ja, en, agrees, _why in HELD_OUT if not agrees}
    missed, false = wrong - stopped, stopped - wrong
    recall, precision = len(wrong & stopped) / len(wrong), len(wrong & stopped) / len(stopped)
    assert (recall >= 0.98, precision >= 0.95) == (True, True), (recall, precision, missed, false)
