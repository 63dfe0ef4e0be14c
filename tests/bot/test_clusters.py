"""Grouping questions by meaning: which belong together, what names a group, and that the order does not matter."""

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clusters
from bot.clusters import BAR, Asked, Matrix, grouped, linked, nearness
from knowledge.hashed import HashedEncoder
from tests.support.talks import NOON

QUESTIONS = (
    ("en", "Do you rent kayaks?"),
    ("en", "can I rent kayaks"),
    ("en", "rent two kayaks"),
    ("en", "Is there a warranty on boots?"),
    ("en", "boots warranty"),
    ("en", "Where is your office"),
    ("zh", "皮划艇可以租吗？"),
    ("zh", "能租皮划艇吗"),
    ("zh", "靴子保修多久"),
)


def asked(*questions: tuple[str, str]) -> list[Asked]:
    """These questions, each a minute after the other, in a conversation of its own."""
    return [
        Asked(text, lang, f"c{n}", 1, NOON + timedelta(minutes=n)) for n, (lang, text) in enumerate(questions)
    ]  # fmt: skip


def embed(texts: Sequence[str]) -> Matrix:
    """By words; Chinese cannot be read."""
    return HashedEncoder(256).encode(texts)


def groups(questions: Sequence[Asked]) -> list[set[str]]:
    """The wordings in each group, the largest first."""
    return [{one.text for one in cluster.asked} for cluster in grouped(questions, embed).clusters]


def test_what_means_the_same_is_together() -> None:
    """By embeddings where the encoder can read, by words where it cannot; languages stay apart."""
    found = groups(asked(*QUESTIONS))
    assert {frozenset(group) for group in found} == {
        frozenset({"Do you rent kayaks?", "can I rent kayaks", "rent two kayaks"}),
        frozenset({"Is there a warranty on boots?", "boots warranty"}),
        frozenset({"Where is your office"}),
        frozenset({"皮划艇可以租吗？", "能租皮划艇吗"}),
        frozenset({"靴子保修多久"}),
    }
    assert len(found[0]) == 3


@given(st.permutations(asked(*QUESTIONS)))
@settings(max_examples=20)
def test_the_order_of_questions_does_not_matter(questions: list[Asked]) -> None:
    """The same questions give the same groups, labels and ids, in the same order."""
    assert grouped(questions, embed) == grouped(asked(*QUESTIONS), embed)


def test_a_group_says_how_often_and_by_how_many() -> None:
    """One question in several spellings is one wording; its most common spelling names it, each counts."""
    same = asked(("en", "kayaks?"), ("en", "Kayaks"), ("en", "Kayaks"), ("en", " KAYAKS?? "), ("en", "boots warranty"))
    same.append(Asked("kayaks", "en", "c0", 3, NOON + timedelta(hours=1)))
    first, second = grouped(same, embed).clusters
    assert (first.question, first.count, first.conversations) == ("Kayaks", 5, 4)
    assert [one.text for one in first.examples] == ["Kayaks"]
    assert first.asked[0].at == NOON + timedelta(hours=1)
    assert (second.question, second.count) == ("boots warranty", 1)


def test_the_centre_names_the_group() -> None:
    """The label is the question that is nearest to all others, and comes first among the examples."""
    near = {"a": (1.0, 0.0), "b": (0.8, 0.6), "c": (0.28, 0.96)}

    def embed(texts: Sequence[str]) -> Matrix:
        return np.array([near[text] for text in texts], np.float32)

    (cluster,) = grouped(asked(("en", "a"), ("en", "b"), ("en", "c")), embed).clusters
    assert cluster.question == cluster.examples[0].text == "b"
    (cluster,) = grouped(asked(("en", "a"), ("en", "b"), *[("en", "a")] * 5), embed).clusters
    assert cluster.question == "a"


def test_an_id_stays_while_the_label_does() -> None:
    """More of the same questions do not change a group's id; another language does."""
    (once,), (twice,) = (grouped(asked(*[("en", "kayaks")] * n), embed).clusters for n in (1, 2))
    (other,) = grouped(asked(("fr", "kayaks")), embed).clusters
    assert once.id == twice.id != other.id


def test_too_many_are_counted_and_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most common and then the latest wordings are grouped; how many were left out is told."""
    monkeypatch.setattr(clusters, "MOST", 2)
    many = asked(("en", "kayaks"), ("en", "kayaks"), ("en", "office"), ("en", "boots"))
    found = grouped(many, embed)
    assert {cluster.question for cluster in found.clusters} == {"kayaks", "boots"}
    assert found.left_out == 1


def test_nothing_asked_gives_nothing() -> None:
    """Without questions nothing is embedded."""
    encoder = HashedEncoder()
    assert grouped([], encoder.encode).clusters == ()
    assert encoder.embedded == 0


def test_texts_without_a_word_are_near_nothing() -> None:
    """A smiley, or signs alone, forms a group of its own kind only."""
    near = nearness(["?!", "👍", "kayaks", "皮划艇"], embed)
    assert np.array_equal(near, np.eye(4, dtype=np.float32))


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    """Symmetric nearness and weights; means of square roots tie neither with one another nor with the bar."""
    n = draw(st.integers(1, 8))
    values = draw(st.permutations([math.sqrt(i + 0.3) % 1 for i in range(100)]))
    near = np.eye(n)
    rows, columns = np.triu_indices(n, 1)
    near[rows, columns] = near[columns, rows] = values[: len(rows)]
    return near, np.array(draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)), np.float64)


def slowly_linked(near: Matrix, weights: Matrix) -> list[list[int]]:
    """Average linkage by its definition: always join the nearest two, until none are as near as the bar."""
    found = [[i] for i in range(len(near))]

    def mean(a: list[int], b: list[int]) -> float:
        pairs = np.outer(weights[a], weights[b])
        return float((near[np.ix_(a, b)] * pairs).sum() / pairs.sum())

    while len(found) > 1:
        level, i, j = max((mean(a, b), i, j) for i, a in enumerate(found) for j, b in enumerate(found[:i]))
        if level < BAR:
            break
        found[j] += found.pop(i)
    return sorted(map(sorted, found))


@given(matrices())
def test_chains_give_the_groups_of_the_definition(drawn: tuple[Matrix, Matrix]) -> None:
    """The quick way gives what always joining the nearest two gives: each question in one group, none too near."""
    near, weights = drawn
    assert linked(near, weights, BAR) == slowly_linked(near, weights)
