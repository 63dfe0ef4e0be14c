"""BM25 over the passages' terms, by bm25s: scores are worked out when the index is built and only added up per query.

Title, example questions and text are one document each passage. Measured 2026-11-22 on the sample shop's FAQ, the last
two phrasings of each entry held out (right entry first, English / Chinese): title once 0.35 / 0.43, twice 0.34 / 0.43,
three times 0.34 / 0.41; each question a document of its own, the best one counting, 0.34 / 0.39. So every field counts
once. How texts become terms is known in `words.py` only.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Passage
from knowledge.words import terms

K1 = 1.2
B = 0.75
FILES = ("data.csc.index.npy", "indices.csc.index.npy", "indptr.csc.index.npy", "vocab.index.json", "params.index.json")

Mask = NDArray[np.bool_]


def document(passage: Passage) -> list[str]:
    """The terms that a passage is found by, with repetition."""
    questions = [question for question in passage.questions if question != passage.title]
    return [term for text in (passage.title, *questions, passage.text) for term in terms(text, every=True)]


class Lexical:
    """An index over `n` documents, addressed by their place."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._vocabulary: dict[str, int] = model.vocab_dict
        self.size: int = model.scores["num_docs"]

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> Self:
        """Index `documents` (at least one). Term numbers are by alphabet, so equal documents give equal files."""
        import bm25s

        words = ["", *sorted({term for document in documents for term in document})]
        number = {word: i for i, word in enumerate(words)}
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        # An empty document holds the empty term: no query has it, and lengths are never all zero.
        ids = [[number[term] for term in document or [""]] for document in documents]
        model.index((ids, number), create_empty_token=False, show_progress=False)
        return cls(model)

    def save(self, folder: Path) -> None:
        """Write `FILES` into `folder`: arrays without pickle, and JSON."""
        self._model.save(folder, allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError: A file is missing or damaged; the caller has checked their hashes before.
        """
        import bm25s

        return cls(bm25s.BM25.load(folder, allow_pickle=False, show_progress=False))

    def search(self, query: Sequence[str], allowed: Mask, depth: int) -> list[tuple[int, float]]:
        """The best `depth` allowed documents as (place, score > 0), best first, ties by place.

        Args:
            query: The query's terms; unknown ones count nothing here.
            allowed: `(n,)`, which documents may be returned.
            depth: At most so many.
        """
        known = [self._vocabulary[term] for term in dict.fromkeys(query) if term in self._vocabulary]
        if not known:
            return []
        scores: NDArray[np.float32] = self._model.get_scores_from_ids(known) * allowed
        found = np.flatnonzero(scores)
        if len(found) > depth:
            worst = np.partition(scores[found], -depth)[-depth]
            found = found[scores[found] >= worst]
        order = found[np.lexsort((found, -scores[found]))][:depth]
        return [(int(i), float(scores[i])) for i in order]

    def knows(self, term: str) -> bool:
        """Whether any document has the term."""
        return term in self._vocabulary

    def coverage(self, query: Sequence[str], places: Sequence[int]) -> list[float]:
        """For each document in `places`, the share of the query's weight that occurs in it, 0 to 1.

        A term weighs its inverse document frequency, ln(1 + (n - df + ½) / (df + ½)) as BM25 has it; one that occurs
        nowhere weighs most. A query without terms is covered by nothing.
        """
        at = np.asarray(places, np.int64)
        covered, total = np.zeros(len(at)), 0.0
        for term in dict.fromkeys(query):
            having = self._having(term)
            weight = math.log1p((self.size - len(having) + 0.5) / (len(having) + 0.5))
            total += weight
            covered += weight * _within(at, having)
        return [float(c / total) for c in covered] if total else [0.0] * len(at)

    def shares(self, term: str) -> tuple[NDArray[Any], NDArray[np.float32]]:
        """Places of the documents with `term`, rising, and its BM25 score in each without the term's rarity, 0 to 1."""
        having = self._having(term)
        if not len(having):
            return having, np.empty(0, np.float32)
        first = self._model.scores["indptr"][self._vocabulary[term]]
        rarity = math.log1p((self.size - len(having) + 0.5) / (len(having) + 0.5))
        found: NDArray[np.float32] = self._model.scores["data"][first : first + len(having)]
        return having, found / np.float32(rarity)

    def _having(self, term: str) -> NDArray[Any]:
        """Places of the documents with `term`, rising."""
        number = self._vocabulary.get(term)
        if number is None:
            return np.empty(0, np.int64)
        scores = self._model.scores
        having: NDArray[Any] = scores["indices"][scores["indptr"][number] : scores["indptr"][number + 1]]
        return having


def _within(at: NDArray[Any], rising: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `at` occur in `rising`; a list of postings may be as long as the shop, `at` is a handful."""
    if not len(rising):
        return np.zeros(len(at), np.bool_)
    found: NDArray[np.bool_] = rising[np.searchsorted(rising, at).clip(max=len(rising) - 1)] == at
    return found
