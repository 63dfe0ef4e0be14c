"""Three ways to choose an entry, to compare: the product's head, TF-IDF with logistic regression, nearest neighbour.

Each learns from labelled texts and their vectors and then says, text by text, the best label and how sure it is of it.
Which data they meet is not known here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors
from knowledge.learn import learn
from knowledge.passages import Kind, Origin, Passage

REGULARISED = 10.0
"""The baseline's C; the floors in the data's notes were measured with scikit-learn's defaults and are lower."""


@dataclass(frozen=True)
class Labelled:
    """Texts with their labels and vectors, `(n, dim)`; the label of a text that has none is empty."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    vectors: Vectors

    def picked(self, places: Sequence[int]) -> "Labelled":
        """Those at `places`."""
        return Labelled(
            tuple(self.texts[i] for i in places), tuple(self.labels[i] for i in places), self.vectors[list(places)]
        )


@dataclass(frozen=True)
class Said:
    """What a classifier said of `n` texts.

    Attributes:
        labels: The best label of each.
        sure: How sure it is, `(n,)`: a probability, or a cosine of the nearest neighbour.
        ms: Milliseconds a text, embedding left out.
    """

    labels: tuple[str, ...]
    sure: NDArray[np.float64]
    ms: float

    def right(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Which labels are the wanted ones."""
        return np.array([a == b for a, b in zip(self.labels, wanted, strict=True)])


@dataclass(frozen=True)
class Taught:
    """A classifier that has learned. `threshold` is its own; None where it has none."""

    ask: Callable[[Labelled], Said]
    build_s: float
    threshold: float | None = None


Teach = Callable[[Labelled], Taught]


def head(known: Labelled) -> Taught:
    """The product's own, built as for a shop whose entries are the labels."""
    began = perf_counter()
    passages, vectors = _as_shop(known)
    made = learn(passages, vectors)
    took = perf_counter() - began
    if made is None or made.seeing is None:
        raise ValueError(f"found {len(passages)} labels, wanted enough to learn from")

    def ask(asked: Labelled) -> Said:
        start = perf_counter()
        best = [made.chances(t, v).entries[0] for t, v in zip(asked.texts, asked.vectors, strict=True)]
        ms = 1000 * (perf_counter() - start) / len(best)
        return Said(tuple(one.entry for one in best), np.array([one.probability for one in best]), ms)

    return Taught(ask, took, made.seeing.threshold)


def _as_shop(known: Labelled) -> tuple[list[Passage], Vectors]:
    """A passage without an answer for each label, and all rows: an empty one for each passage, then its questions'."""
    places: dict[str, list[int]] = {}
    for place, label in enumerate(known.labels):
        places.setdefault(label, []).append(place)
    passages, rows = [], []
    for label in sorted(places):
        questions = tuple(known.texts[i] for i in places[label])
        passages.append(Passage(f"{label}:en", label, Kind.FAQ, "en", "", "", Origin("", 0), questions))
        rows += [np.zeros((1, known.vectors.shape[1]), np.float32), known.vectors[places[label]]]
    return passages, np.concatenate(rows)


def tfidf(known: Labelled) -> Taught:
    """Words and their pairs, and runs of two to five characters, under multinomial logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    began = perf_counter()
    model = make_pipeline(make_union(words, pieces), LogisticRegression(C=REGULARISED, max_iter=300, tol=1e-3))
    model.fit(known.texts, known.labels)
    took = perf_counter() - began

    def ask(asked: Labelled) -> Said:
        start = perf_counter()
        drawn = model.predict_proba(asked.texts)
        labels = tuple(model.classes_[drawn.argmax(1)])
        return Said(labels, drawn.max(1), 1000 * (perf_counter() - start) / len(labels))

    return Taught(ask, took)


def nearest(known: Labelled) -> Taught:
    """The label of the example with the greatest cosine."""

    def ask(asked: Labelled) -> Said:
        start = perf_counter()
        found = [known.vectors @ vector for vector in asked.vectors]
        labels = tuple(known.labels[int(cosines.argmax())] for cosines in found)
        sure = np.array([float(cosines.max()) for cosines in found])
        return Said(labels, sure, 1000 * (perf_counter() - start) / len(labels))

    return Taught(ask, 0.0)


ALL: Mapping[str, Teach] = {"head": head, "tfidf": tfidf, "nearest": nearest}


def auroc(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    """The chance that one inside is surer than one outside; ties count half."""
    both = np.concatenate([inside, outside])
    _, first, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[first]
    n, m = len(inside), len(outside)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error over bins of equal width.

    Source: Guo and others, "On Calibration of Modern Neural Networks", ICML 2017.
    """
    at = np.minimum((sure.clip(0, 1) * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[at == b].mean() - right[at == b].mean()) * np.mean(at == b) for b in range(bins) if (at == b).any()
    ]
    return float(sum(gaps))
