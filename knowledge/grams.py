"""Texts to weighted words and pieces of words, and their likeness to a shelf of examples; NumPy alone.

A text is a sparse row of two halves, each of length √½: its words and pairs of neighbouring words, and its runs of two
to five characters (within a Latin word, marked at both ends; one or two for Chinese). Stop words stay: "when" and
"where" tell questions apart. Chinese words are those of `words.py`. Counts are damped and weighed by inverse document
frequency X
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors
from knowledge.words import HAN, LETTER, fold, terms

LATIN_PIECES = range(2, 6)
HAN_PIECES = range(1, 3)
_TOKEN = re.compile(rf"{HAN.pattern}|{LETTER}+(?:[-']{LETTER}+)*")

Numbers = NDArray[np.int64]
Halves = tuple[list[str], list[str]]


def grams(text: str) -> Halves:
    """The words and pairs of a text, and its runs of characters, each with repetition."""
    tokens = _TOKEN.findall(fold(text))
    words = [word for token in tokens for word in (terms(token) or [token] if HAN.match(token) else [token])]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return words + pairs, [piece for token in tokens for piece in _pieces(token)]


def _pieces(token: str) -> Iterable[str]:
    marked, lengths = (token, HAN_PIECES) if HAN.match(token) else (f"\t{token}\t", LATIN_PIECES)
    return (marked[at : at + n] for n in lengths for at in range(len(marked) - n + 1))


@dataclass(frozen=True, slots=True)
class Row:
    """A text's known grams by number, and their weights; together of length 1 at most."""

    numbers: Numbers
    weights: Vectors


@dataclass(frozen=True)
class Shelf:
    """The examples by gram, as columns of a sparse matrix.

    Attributes:
        number: Gram → its number. Words have `w` before them, pieces `c`.
        idf: `(grams,)`.
        starts: `(grams + 1,)`; the examples with gram g are `having[starts[g]:starts[g + 1]]`, `weights` alike.
        size: Number of examples.
    """

    number: Mapping[str, int]
    idf: Vectors
    starts: Numbers
    having: NDArray[np.int32]
    weights: Vectors
    size: int

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Grams numbered by alphabet, so equal texts give equal arrays."""
        halves = [_named(text) for text in texts]
        counts = Counter(gram for half in halves for part in half for gram in part)
        names = sorted(counts)
        number = {name: n for n, name in enumerate(names)}
        df = np.array([counts[name] for name in names], np.float32)
        idf = np.log((1 + len(texts)) / (1 + df), dtype=np.float32) + 1
        rows = [_row(half, number, idf, 0) for half in halves]
        at = np.concatenate([row.numbers for row in rows]) if rows else np.empty(0, np.int64)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row.numbers) for row in rows])
        order = np.argsort(at, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(names)))]).astype(np.int64)
        weights = np.concatenate([row.weights for row in rows]) if rows else np.empty(0, np.float32)
        return cls(number, idf, starts, owner[order], weights[order], len(texts))

    @property
    def rarest(self) -> float:
        """The weight of a gram that one example has."""
        return float(np.log((1 + self.size) / 2) + 1)

    def row(self, text: str) -> Row:
        """The row of any text."""
        return _row(_named(text), self.number, self.idf, self.rarest)

    def likeness(self, text: str) -> Vectors:
        """Product of the text's row with each example's, `(size,)`, in [0, 1]."""
        row = self.row(text)
        spans = [slice(self.starts[n], self.starts[n + 1]) for n in row.numbers]
        if not spans:
            return np.zeros(self.size, np.float32)
        having = np.concatenate([self.having[span] for span in spans])
        lengths = [span.stop - span.start for span in spans]
        products = np.concatenate([self.weights[span] for span in spans]) * np.repeat(row.weights, lengths)
        return np.bincount(having, products, self.size).astype(np.float32)


def _named(text: str) -> tuple[Counter[str], Counter[str]]:
    words, pieces = grams(text)
    return Counter("w" + word for word in words), Counter("c" + piece for piece in pieces)


def _row(halves: Iterable[Counter[str]], number: Mapping[str, int], idf: Vectors, rarest: float) -> Row:
    """Both halves brought to length √½, then without the grams that no example has; those count as `rarest`."""
    numbers, weights = [], []
    for half in halves:
        at = np.array([number.get(gram, -1) for gram in half], np.int64)
        damped = 1 + np.log(np.fromiter(half.values(), np.float32, len(half)))
        weight = damped * np.where(at >= 0, idf[at], np.float32(rarest)) if len(at) else damped
        known = at >= 0
        numbers.append(at[known])
        weights.append(weight[known] / (np.sqrt(2 * np.sum(weight**2)) or 1))
    return Row(np.concatenate(numbers), np.concatenate(weights).astype(np.float32))
