"""Reciprocal rank fusion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fuse import K, fuse

rankings = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


def plain(ranked: list[list[str]]) -> list[tuple[float, list[str]]]:
    """Rankings of equal weight."""
    return [(1.0, ranking) for ranking in ranked]


def test_scores_are_the_published_formula_with_weights() -> None:
    """An id's score is the sum of weight / (K + place) over the rankings that have it."""
    fused = dict(fuse([(1.0, ["a", "b"]), (2.0, ["b"])]))
    assert fused == {"a": pytest.approx(1 / (K + 1)), "b": pytest.approx(1 / (K + 2) + 2 / (K + 1))}


def test_ties_are_in_the_order_of_ids() -> None:
    """Ids with equal scores come in the order of the ids, not of the rankings."""
    assert [id_ for id_, _ in fuse(plain([["z", "b"], ["a", "c"]]))] == ["a", "z", "b", "c"]


def test_tiers_come_first_whatever_the_scores() -> None:
    """An id with a tier precedes all others, by tier, even one that no ranking has."""
    assert [id_ for id_, _ in fuse(plain([["a", "b", "c"]]), {"c": 1, "x": 0})] == ["x", "c", "a", "b"]


def test_nothing_gives_nothing() -> None:
    """Without rankings and tiers there is nothing to return."""
    assert fuse([]) == []


@given(rankings)
def test_every_id_comes_once_and_scores_fall(ranked: list[list[str]]) -> None:
    """The result has each id of the rankings once, best first."""
    fused = fuse(plain(ranked))
    assert sorted(id_ for id_, _ in fused) == sorted({id_ for one in ranked for id_ in one})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(rankings)
def test_the_order_of_rankings_does_not_matter(ranked: list[list[str]]) -> None:
    """Rankings may come in any order; the order of the result is the same."""
    forward, backward = fuse(plain(ranked)), fuse(plain(ranked[::-1]))
    assert dict(forward).keys() == dict(backward).keys()
    for id_, score in forward:
        assert dict(backward)[id_] == pytest.approx(score)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_one_ranking_keeps_its_order(ranking: list[str]) -> None:
    """A single ranking comes out as it went in."""
    assert [id_ for id_, _ in fuse(plain([ranking]))] == ranking
