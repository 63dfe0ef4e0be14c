"""Pronouns of a follow-up put into words, in conversations about anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lab.metrics import rouge_l
from bot.topic import rewritten


@pytest.mark.parametrize(
    ("history", "query", "wanted"),
    [
        (["What is goose down?"], "Is it washable?", "Is goose down washable?"),
        (["Tell me about merino wool."], "What are its advantages?", "What are merino wool's advantages?"),
        (["What are trekking poles?"], "Where can I use them?", "Where can I use trekking poles?"),
        (["What is a bivy bag?"], "How do they keep dry?", "How do bivy bags keep dry?"),
        (["What is frostbite?"], "What are the symptoms?", "What are the symptoms of frostbite?"),
        (["What is frostbite?", "Is it painful?"], "Can it be cured?", "Can frostbite be cured?"),
        (["What was the Nansen expedition?"], "How long did the expedition last?", ""),
        (["Who was Fridtjof Nansen?"], "When did he die?", "When did Fridtjof Nansen die?"),
        (["What is nylon?", "What is polyester?"], "How is it made?", "How is polyester made?"),
    ],
)
def test_a_pronoun_takes_the_topic(history: list[str], query: str, wanted: str) -> None:
    """The last thing that a question was about stands where the pronoun stood."""
    expected = wanted or "How long did the Nansen expedition last?"
    assert rewritten(query, history) == expected


@pytest.mark.parametrize(
    "query",
    [
        "What is polyester?",
        "What is Gore-Tex and why is it waterproof?",
        "How long does it take?",
        "Is it possible to wash wool?",
        "Tell me about feathers and their uses.",
        "How do zips work?",
    ],
)
def test_what_stands_alone_is_left_alone(query: str) -> None:
    """A question with an antecedent of its own, or with an `it` that says nothing, is not touched."""
    assert rewritten(query, ["What is nylon?"]) == query


@given(st.text(), st.lists(st.text(), max_size=4))
def test_without_history_nothing_changes_and_nothing_fails(query: str, history: list[str]) -> None:
    """Whatever was written, the rewriting ends; with nothing said before, the query comes back."""
    assert rewritten(query, []) == query
    assert isinstance(rewritten(query, history), str)


@pytest.mark.parametrize(
    ("wanted", "got", "score"),
    [
        ("a b c", "a b c", 1.0),
        ("a b c", "c b a", 1 / 3),
        ("a b c d", "a c", 2 * 2 / 6),
        ("a b", "c d", 0.0),
        ("", "", 1.0),
        ("a", "", 0.0),
    ],
)
def test_rouge_l_is_the_one_made_by_hand(wanted: str, got: str, score: float) -> None:
    """Twice the longest common subsequence over both lengths."""
    assert rouge_l(wanted.split(), got.split()) == pytest.approx(score)


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_rouge_l_is_symmetric_and_between_0_and_1(one: list[str], other: list[str]) -> None:
    """With recall and precision weighed alike, neither text is the reference."""
    assert rouge_l(one, other) == rouge_l(other, one)
    assert 0 <= rouge_l(one, other) <= 1
