"""Texts as weighted words and pieces of words, and their likeness to examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.grams import Shelf, grams

EXAMPLES = ("How long does delivery take?", "Can I return a jacket?", "寄到加拿大要多久？", "怎么退货")
SHELF = Shelf.build(EXAMPLES)


@pytest.mark.parametrize("place", range(len(EXAMPLES)))
def test_an_example_is_most_like_itself(place: int) -> None:
    """The likeness of an example to itself is 1, and to others less."""
    likeness = SHELF.likeness(EXAMPLES[place])
    assert likeness[place] == pytest.approx(1, abs=1e-5)
    assert np.delete(likeness, place).max() < 0.9


def test_a_misspelt_word_is_still_like_its_example() -> None:
    """Pieces of words carry over typing errors; a text of other words has no likeness."""
    assert SHELF.likeness("delivry tme").argmax() == 0
    assert SHELF.likeness("delivry tme")[0] > 0.1
    assert not SHELF.likeness("xyzzq 77").any()


def test_traditional_characters_are_like_simplified_ones() -> None:
    """寄到加拿大要多久 in traditional characters or full width is the same text."""
    assert SHELF.likeness("怎麼退貨").argmax() == 3
    assert SHELF.likeness("怎麼退貨")[3] == pytest.approx(1, abs=1e-5)


def test_question_words_count() -> None:
    """Stop words of the search tell questions apart here."""
    words, _ = grams("When does it arrive?")
    assert {"when", "when does"} <= set(words)


def test_equal_texts_give_equal_arrays() -> None:
    """What is written into a snapshot depends on the texts only."""
    again = Shelf.build(EXAMPLES)
    assert list(again.number) == list(SHELF.number)
    assert np.array_equal(again.weights, SHELF.weights)
    assert np.array_equal(again.having, SHELF.having)


def test_unknown_words_make_a_text_less_like() -> None:
    """A question with a known word among unknown ones is less like the example than the word alone."""
    assert SHELF.likeness("jacket")[1] > SHELF.likeness("jacket quantum entanglement")[1] > 0


@given(st.text(max_size=60))
def test_any_text_has_a_likeness_from_0_to_1(text: str) -> None:
    """Whatever shoppers write, the products are numbers in the range that the kernel takes."""
    likeness = SHELF.likeness(text)
    assert likeness.shape == (len(EXAMPLES),)
    assert np.all((likeness >= 0) & (likeness <= 1 + 1e-5))
