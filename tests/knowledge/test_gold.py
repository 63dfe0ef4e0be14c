"""Gold questions: reading them, counting hits, and when a build falls short."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.gold import FILE, Gold, Score, judge, read, why_not
from knowledge.passages import Hit, Query
from tests.support.shelves import PASSAGES

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"


def _search(*places: int) -> object:
    return lambda _query: [Hit(PASSAGES[place], 1.0) for place in places]


@pytest.mark.parametrize(
    ("places", "first", "passed"),
    [((2, 0), 1, 1), ((0, 4, 2), 0, 1), ((0, 4, 5, 2), 0, 0), ((0, 1, 4, 2), 0, 1), ((), 0, 0)],
)
def test_the_entry_counts_among_the_first_three_entries(places: tuple[int, ...], first: int, passed: int) -> None:
    """Languages and pieces of one entry are one place."""
    score = judge([Gold("g", "Refund?", "en", "faq:refund")], _search(*places))  # type: ignore[arg-type]
    assert (score.total, score.first, score.passed, score.missed) == (1, first, passed, () if passed else ("g",))


def test_questions_are_asked_in_their_language() -> None:
    """What is searched is the question as a shopper of that language asks it."""
    asked: list[Query] = []

    def search(query: Query) -> Sequence[Hit]:
        asked.append(query)
        return ()

    judge([Gold("a", "Refund?", "en", "x:y"), Gold("b", "退款？", "zh", "x:y")], search)
    assert [(query.text, query.lang) for query in asked] == [("Refund?", "en"), ("退款？", "zh")]


@pytest.mark.parametrize(
    ("passed", "before", "good"),
    [(9, None, True), (8, None, False), (9, 9, True), (9, 10, False), (10, 9, True)],
)
def test_a_build_must_reach_the_bar_and_not_fall(passed: int, before: int | None, good: bool) -> None:
    """A bar of 0.9, and a fall of 0.05 at most."""
    old = None if before is None else Score(10, 0, before)
    why = why_not(Score(10, 0, passed), old, 0.9, 0.05)
    assert (why == "") is good
    if not good:
        assert f"{passed} of 10 gold questions" in why


def test_a_shop_without_questions_may_always_build() -> None:
    """Nothing asked is nothing missed."""
    assert why_not(Score(0, 0, 0), None, 1.0, 0.0) == ""


def test_a_bad_line_is_a_problem_and_the_others_count(tmp_path: Path) -> None:
    """Problems say the line and what was wanted; an empty line is none."""
    good = '{"id": "a", "question": "Refund?", "lang": "en", "passage": "faq:refund"}'
    (tmp_path / FILE).write_text(f'{good}\n\nnot json\n{{"id": "b"}}\n["a"]\n')
    golds, problems = read(tmp_path / FILE)
    assert golds == (Gold("a", "Refund?", "en", "faq:refund"),)
    assert [(problem.line, problem.column) for problem in problems] == [(3, ""), (4, "question"), (5, "id")]


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    """A shop need not have gold questions."""
    assert read(tmp_path / FILE) == ((), ())


def test_the_sample_shop_has_questions_of_its_own_in_both_languages() -> None:
    """At least 60, half in Chinese, each id once, none worded as an entry's own example question."""
    golds, problems = read(CONTENT / FILE)
    assert not problems
    assert len(golds) >= 60
    assert sum(gold.lang == "zh" for gold in golds) * 2 >= len(golds)
    asked = "\n".join((CONTENT / f"faq.{lang}.jsonl").read_text() for lang in ("en", "zh")).casefold()
    assert [gold.id for gold in golds if f'"{gold.question.casefold()}"' in asked] == []
