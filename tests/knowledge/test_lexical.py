"""BM25 over passages."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexical import FILES, Lexical, document
from knowledge.words import terms
from tests.support.shelves import LARCH, about, faq

DOCUMENTS = [terms(t, every=True) for t in ("rain jacket", "rain rain trousers", "退货运费由谁承担", "wool hat", "")]
INDEX = Lexical.build(DOCUMENTS)
ALL = np.ones(len(DOCUMENTS), np.bool_)


def places(text: str, depth: int = 10) -> list[int]:
    """Places found, best first."""
    return [place for place, _ in INDEX.search(terms(text), ALL, depth)]


def test_documents_with_the_rarer_or_more_frequent_term_come_first() -> None:
    """BM25's order: both terms before one, more often before once."""
    assert places("rain jackets") == [0, 1]
    assert places("rain") == [1, 0]


def test_chinese_is_found_in_either_script() -> None:
    """A traditional query finds a simplified document."""
    assert places("退貨") == [2]


@pytest.mark.parametrize("text", ["", "the of and", "umbrella", "？！"])
def test_nothing_known_finds_nothing(text: str) -> None:
    """No terms, stop words only, or unknown terms give no hit at all."""
    assert places(text) == []


def test_documents_that_are_not_allowed_are_not_found() -> None:
    """The mask leaves documents out, however well they fit."""
    assert INDEX.search(["rain"], np.array([True, False, True, True, True]), 10)[0][0] == 0


def test_ties_are_by_place_and_cut_there() -> None:
    """Equal documents come in order of place, also where the depth cuts."""
    index = Lexical.build([["a"], ["b"], ["a"], ["a"]])
    assert [place for place, _ in index.search(["a"], np.ones(4, np.bool_), 2)] == [0, 2]


def test_coverage_is_the_share_of_inverse_document_frequency() -> None:
    """Coverage follows its formula; a word that occurs nowhere counts most against."""
    idf = {df: math.log1p((5 - df + 0.5) / (df + 0.5)) for df in (0, 1, 2)}
    got = INDEX.coverage(["rain", "jacket", "umbrella"], [0, 1, 3])
    total = idf[2] + idf[1] + idf[0]
    assert got == pytest.approx([(idf[2] + idf[1]) / total, idf[2] / total, 0.0])


def test_coverage_of_no_terms_is_nothing() -> None:
    """A query of stop words is covered by no passage."""
    assert INDEX.coverage([], [0, 1]) == [0.0, 0.0]


def test_title_and_questions_count() -> None:
    """A passage's document holds its title, its questions and its text; a title that is a question counts once."""
    words = document(faq("x", "en", "Shipping costs?", "postage price", text="Five dollars."))
    assert words == ["ship", "cost", "postag", "price", "five", "dollar"]
    assert document(about(LARCH, "en", "Light.")) == ["larch", "jacket", "light"]


def test_an_index_comes_back_from_its_files(tmp_path: Path) -> None:
    """What was saved finds the same with the same scores, from arrays and JSON alone."""
    INDEX.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    again = Lexical.load(tmp_path)
    for text in ("rain jacket", "退货", "wool"):
        assert again.search(terms(text), ALL, 10) == INDEX.search(terms(text), ALL, 10)


def test_equal_documents_give_equal_files(tmp_path: Path) -> None:
    """Two builds of the same documents write the same bytes."""
    for name in ("one", "two"):
        Lexical.build(DOCUMENTS).save(tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@given(
    st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=8),
    st.lists(st.sampled_from("abcdef")),
)
def test_exactly_the_documents_that_share_a_term_are_found(documents: list[list[str]], query: list[str]) -> None:
    """A document is found if and only if it has one of the query's terms, and then its coverage is above nothing."""
    index = Lexical.build(documents)
    found = {place for place, _ in index.search(query, np.ones(len(documents), np.bool_), 99)}
    assert found == {i for i, document in enumerate(documents) if set(document) & set(query)}
    covered = index.coverage(query, range(len(documents)))
    assert {i for i, share in enumerate(covered) if share > 0} == found
    assert all(0 <= share <= 1 + 1e-9 for share in covered)
