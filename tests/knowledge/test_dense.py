"""Nearest passages by cosine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import dense
from knowledge.dense import Dense, Places, owners, row_texts
from knowledge.encode import Vectors
from tests.support.shelves import PASSAGES, faq

DIM = 16


def unit(count: int, seed: int = 0) -> Vectors:
    """Random unit rows; every seventh is all zeros."""
    rows = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[6::7] = 0
    return rows


def by_hand(vectors: Vectors, owner: Places, query: Vectors, allowed: set[int]) -> list[tuple[int, float]]:
    """The definition: best row of each allowed passage, by cosine, then place."""
    best: dict[int, float] = {}
    for row, place in zip(vectors, owner.tolist(), strict=True):
        if place in allowed and row.any():
            best[place] = max(best.get(place, -2.0), float(row @ query))
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=30), st.integers(0, 99), st.data())
def test_search_is_its_definition(rows_each: list[int], seed: int, data: st.DataObject) -> None:
    """Of the allowed passages the best by their best row come back, best first, whatever the depth."""
    owner = np.repeat(np.arange(len(rows_each)), rows_each).astype(np.int64)
    vectors, query = unit(len(owner), seed), unit(1, seed + 1000)[0]
    allowed = data.draw(st.sets(st.integers(0, len(rows_each) - 1)))
    depth = data.draw(st.integers(1, 40))
    mask = np.isin(np.arange(len(rows_each)), list(allowed))
    got = Dense.build(vectors, owner).search(query, mask, depth)
    wanted = by_hand(vectors, owner, query, allowed)[:depth]
    assert [place for place, _ in got] == [place for place, _ in wanted]
    assert [score for _, score in got] == pytest.approx([score for _, score in wanted], abs=1e-5)


def test_the_graph_with_a_second_look_finds_what_exact_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit a graph answers, with exact cosines; filtered down to few rows it is exact again."""
    owner = np.repeat(np.arange(1000), 3).astype(np.int64)
    vectors = unit(3000)
    exact, graph = Dense.build(vectors, owner), Dense.build(vectors, owner, flat_rows=500)
    assert (exact.dump()[:4], graph.dump()[:4]) == (b"IxFI", b"IHNs")
    monkeypatch.setattr(dense, "FLAT_ROWS", 500)
    everything, few = np.ones(1000, np.bool_), np.arange(1000) < 50
    same = 0
    for query in unit(30, seed=5)[:6]:
        assert dict(graph.search(query, few, 10)) == pytest.approx(dict(exact.search(query, few, 10)), abs=1e-5)
        got, wanted = graph.search(query, everything, 10), exact.search(query, everything, 10)
        assert dict(got) == pytest.approx({p: s for p, s in exact.search(query, everything, 999) if p in dict(got)})
        same += len(dict(got).keys() & dict(wanted).keys())
    assert same >= 57


def test_a_graph_that_recalls_too_little_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no breadth reaches the recall on the shop's own rows, the index stays exact."""
    monkeypatch.setattr(dense, "BREADTHS", (1,))
    owner = np.arange(2000).astype(np.int64)
    vectors, query = unit(2000), unit(1, seed=9)[0]
    index = Dense.build(vectors, owner, flat_rows=100)
    everything = np.ones(2000, np.bool_)
    assert index.search(query, everything, 10) == Dense.build(vectors, owner).search(query, everything, 10)
    assert index.dump() == Dense.build(vectors, owner).dump()


def test_an_unreadable_query_finds_nothing() -> None:
    """A row of zeros is near nothing."""
    index = Dense.build(unit(10), np.arange(10).astype(np.int64))
    assert index.search(np.zeros(DIM, np.float32), np.ones(10, np.bool_), 5) == []


def test_a_shop_that_cannot_be_read_at_all_has_an_empty_index() -> None:
    """If the encoder can read no passage, searching finds nothing and loading works."""
    vectors, owner = np.zeros((3, DIM), np.float32), np.arange(3).astype(np.int64)
    again = Dense.load(Dense.build(vectors, owner).dump(), vectors, owner)
    assert again.search(unit(1)[0], np.ones(3, np.bool_), 5) == []


def test_an_index_comes_back_from_its_bytes() -> None:
    """What was dumped finds the same, exact and graph alike; equal rows give equal bytes."""
    vectors, owner = unit(900), np.repeat(np.arange(300), 3).astype(np.int64)
    everything = np.ones(300, np.bool_)
    for flat_rows in (1000, 100):
        index = Dense.build(vectors, owner, flat_rows)
        again = Dense.load(index.dump(), vectors, owner)
        assert again.search(vectors[0], everything, 9) == index.search(vectors[0], everything, 9)
        assert Dense.build(vectors, owner, flat_rows).dump() == index.dump()


@pytest.mark.parametrize(
    ("vectors", "owner", "message"),
    [
        (unit(10), np.arange(9), "found 10 vectors, wanted 9"),
        (unit(10)[:, :8], np.arange(10), "found an index of dimension 16, wanted 8"),
        (unit(20), np.arange(20), "found 9 rows in the index, wanted 18"),
    ],
)
def test_parts_that_do_not_fit_are_refused(vectors: Vectors, owner: Places, message: str) -> None:
    """An index, vectors and passages of different builds are not put together."""
    data = Dense.build(unit(10), np.arange(10).astype(np.int64)).dump()
    with pytest.raises(ValueError, match=message):
        Dense.load(data, vectors, owner)


def test_rows_are_title_with_text_and_each_question() -> None:
    """One row for title and text, one for each example question, owned by their passage."""
    assert row_texts(faq("x", "en", "Q one?", "Q two?", text="A.")) == ["Q one?\nA.", "Q one?", "Q two?"]
    assert owners(PASSAGES[:3]).tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
