"""Cutting texts at sentence borders."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.passages import Kind, Origin, Passage
from knowledge.split import LIMIT, approximate, cut, pieces, sentences

WORDS = st.sampled_from(
    ["tent", "U.S.", "e.g.", "3.5", "$5.95", "帐篷", "很轻", "免运费", "Wow!", "done.", "?", "。", "！", ",", "\n", " "]
)
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(WORDS, max_size=120).map(" ".join), st.lists(WORDS, max_size=120).map("".join)
)


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


@given(TEXTS)
def test_sentences_joined_are_the_text(text: str) -> None:
    """Cutting a text into sentences loses and changes nothing."""
    assert "".join(sentences(text)) == text


@given(TEXTS, st.integers(1, 60))
def test_pieces_lose_no_word_and_keep_order(text: str, limit: int) -> None:
    """The pieces of any text hold all its letters in order, and none is empty."""
    found = pieces(text, limit=limit)
    assert squeezed("".join(found)) == squeezed(text)
    assert all(piece.strip() for piece in found)


@given(TEXTS, st.integers(1, 60))
def test_pieces_keep_to_the_limit(text: str, limit: int) -> None:
    """No piece has more tokens than the limit, even when a single word is longer than it."""
    assert all(approximate(piece) <= limit for piece in pieces(text, limit=limit))


@given(TEXTS, st.integers(1, 60))
def test_pieces_keep_to_the_limit_of_any_counter(text: str, limit: int) -> None:
    """The limit also holds for another counter, as one that counts letters."""
    assert all(len(piece) <= limit for piece in pieces(text, len, limit))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It weighs 1.4 kg. It packs small.", ["It weighs 1.4 kg. ", "It packs small."]),
        ("Use soap, e.g. Castile soap. Rinse.", ["Use soap, e.g. Castile soap. ", "Rinse."]),
        ("Costs $5.95. Free from $75!", ["Costs $5.95. ", "Free from $75!"]),
        ("运费 $5.95。满 $75 免运费！还有吗？", ["运费 $5.95。", "满 $75 免运费！", "还有吗？"]),
        ('He said "stop." Then he left.', ['He said "stop." ', "Then he left."]),
        ("Two doors\nTwo vents", ["Two doors\n", "Two vents"]),
        ("Open approx. nine to six.", ["Open approx. nine to six."]),
        ("他说：“好的。”然后走了。", ["他说：“好的。”", "然后走了。"]),
    ],
)
def test_sentences_end_where_readers_see_an_end(text: str, wanted: list[str]) -> None:
    """Sentences end at marks and line ends, not at decimals or abbreviations."""
    assert list(sentences(text)) == wanted


def test_pieces_do_not_tear_lines() -> None:
    """A short line, as a table's row with two sentences, stays in one piece."""
    lines = [f"Green {number}: in stock. Out of stock: Red." for number in range(30)]
    found = pieces("\n".join(lines), limit=50)
    assert len(found) > 1
    assert [line for piece in found for line in piece.split("\n")] == lines


def test_cut_keeps_the_entry_and_gives_further_pieces_numbers() -> None:
    """A long answer becomes several passages of one entry; example questions stay with the first."""
    text = " ".join(f"Sentence number {number} says something about tents." for number in range(60))
    origin = Origin("faq.en.jsonl", 1)
    whole = Passage("faq:x:en", "faq:x", Kind.FAQ, "en", "X?", text, origin, questions=("X?", "Why X?"))
    found = cut(whole)
    assert [passage.id for passage in found] == ["faq:x:en", *(f"faq:x:en/{n}" for n in range(2, len(found) + 1))]
    assert {passage.entry for passage in found} == {"faq:x"}
    assert [bool(passage.questions) for passage in found] == [True] + [False] * (len(found) - 1)
    assert " ".join(passage.text for passage in found) == text
    assert all(approximate(passage.text) <= LIMIT for passage in found)


def test_cut_leaves_a_short_passage_alone() -> None:
    """A passage that fits is returned as it is."""
    short = Passage("faq:x:en", "faq:x", Kind.FAQ, "en", "X?", "Yes.", Origin("faq.md", 1))
    assert cut(short) == (short,)


def test_approximate_counts_signs_and_long_words() -> None:
    """A CJK sign, a digit and a mark are a token each; a long word is several."""
    assert approximate("帐篷很轻。") == 5
    assert approximate("$349.00") == 7
    assert approximate("a tent") == 2
    assert approximate("waterproofing") == 3
    assert approximate("") == 0
