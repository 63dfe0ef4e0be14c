"""Slips of the fingers: which are mended, and what is left as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shopping.spelling import is_slip, mended

WANTED = ("heavy", "price", "weight", "colour", "stock", "size")
KNOWN = frozenset(["how", "the", "tent", "prize"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("how hevy is the tent", "how heavy is the tent"),
        ("what is the pirce?", "what is the price?"),
        ("wieght", "weight"),
        ("Colur", "colour"),
        ("in stcok", "in stock"),
        ("the prize of the tent", "the prize of the tent"),
        ("what is the sze", "what is the sze"),
        ("有货吗 hevvy", "有货吗 heavy"),
    ],
)
def test_one_letter_is_mended_where_the_word_is_none_of_the_shops(text: str, meant: str) -> None:
    """A missing, wrong, doubled or changed letter; a word that the shop has, or a short one, stays."""
    assert mended(text, WANTED, KNOWN) == meant


def test_a_word_as_near_to_two_stays() -> None:
    """`sise` may be either of two words."""
    assert mended("sise", ("size", "side"), frozenset()) == "sise"


@given(st.text("abc", min_size=1, max_size=6), st.data())
def test_any_one_slip_is_known_as_one(word: str, data: st.DataObject) -> None:
    """Whatever letter is left out, put in, changed, or changed with its neighbour; and the word itself."""
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abc"))
    slips = [word[:place] + word[place + 1 :], word[:place] + letter + word[place:]]
    slips += [word[:place] + letter + word[place + 1 :]]
    slips += [word[:place] + word[place : place + 2][::-1] + word[place + 2 :], word]
    assert all(is_slip(slip, word) for slip in slips)


def test_two_slips_are_too_many() -> None:
    """Two letters wrong make another word."""
    assert not is_slip("hevvvy", "heavy")
    assert not is_slip("abc", "bca")
