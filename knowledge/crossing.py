"""A question in one language against passages in another, by translated words.

All forms of one meaning count as one word (Pirkola, "The effects of query structure and dictionary setups in
dictionary-based cross-language information retrieval", SIGIR 1998): a meaning is in a passage if any of its
translations is, or its own words are, as with names and numbers; it weighs by the number of passages, in any language,
that have it. So a rare translation of a common word does not drown the rest, and the scores stand beside those of BM25
on passages in the question's own language. Where meanings come from is not known here (`glossary.py`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.glossary import Concept, Words
from knowledge.lexical import Lexical, Mask

TRUST = 0.6
"""How often an entry that covers a whole question by translated words is the right one: measured on the sample shop's
FAQ asked in the other language (bot/lab/evaluate/languages.py), 0.6 to 0.7, policies on the same matter not counted."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Crossed:
    """What a question finds in other languages.

    Attributes:
        ranking: Place and score, best first, ties by place.
        coverage: `(n,)`, share of the question's weight in each passage, 0 to 1.
    """

    ranking: list[tuple[int, float]]
    coverage: Scores


def cross(concepts: Sequence[Concept], lexical: Lexical, foreign: Mask, depth: int) -> Crossed:
    """The best `depth` passages of `foreign`, which are those in another language than the question's.

    A meaning that is in no passage at all weighs most, so a question that is mostly unknown covers little.
    """
    scores, covered = np.zeros(lexical.size, np.float32), np.zeros(lexical.size, np.float32)
    total = 0.0
    for concept in concepts:
        part = _share(concept, lexical)
        having = int(np.count_nonzero(part))
        weight = math.log1p((lexical.size - having + 0.5) / (having + 0.5))
        scores += np.float32(weight) * part
        covered += np.float32(weight) * (part > 0)
        total += weight
    scores *= foreign
    found = np.flatnonzero(scores)
    best = found[np.lexsort((found, -scores[found]))][:depth]
    return Crossed([(int(i), float(scores[i])) for i in best], covered / np.float32(total or 1.0))


def chances(crossed: Crossed) -> dict[int, float]:
    """Place → how likely it answers, so that it can stand beside the head's probabilities in the other language."""
    best = crossed.ranking[0][1] if crossed.ranking else 1.0
    return {place: TRUST * float(crossed.coverage[place]) * score / best for place, score in crossed.ranking}


def _share(concept: Concept, lexical: Lexical) -> Scores:
    """For each passage how well it has the concept: the most that any of its forms has there, its rarity left out."""
    out = np.zeros(lexical.size, np.float32)
    for form in (concept.words, *concept.others):
        places, shares = _form(form, lexical)
        out[places] = np.maximum(out[places], shares)
    return out


def _form(form: Words, lexical: Lexical) -> tuple[NDArray[Any], Scores]:
    """Places of the passages with all words of one form, rising, and the mean of the words' shares in each."""
    places, sums = lexical.shares(form[0])
    for word in form[1:]:
        others, more = lexical.shares(word)
        places, here, there = np.intersect1d(places, others, assume_unique=True, return_indices=True)
        sums = sums[here] + more[there]
    return places, sums / np.float32(len(form))
