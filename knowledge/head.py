"""Which FAQ entry a question means, and how probable that is: what `learn.py` learned, served by NumPy alone.

There are up to two machines over the example questions. One sees: its kernel is a mixture of two Gaussians, over the
encoder's cosines and over the likeness of words and characters (`grams.py`). The other, for questions that the encoder
cannot read, has the likeness only. Both are kernel ridge regressions with a row of weights for each example, or, where
a shop has too many examples for that, nearest neighbours by the same kernel. A logistic curve over an entry's score,
its lead over the next, and its nearest example turns that into a probability that this entry is the right one.

    head.json   entries, grams, curves, threshold        head.npz   arrays
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from knowledge.encode import Vectors
from knowledge.grams import Numbers, Shelf

WORDS, ARRAYS = "head.json", "head.npz"
FILES = (WORDS, ARRAYS)

SEEING = 0.7
"""Share of the embedding in the kernel of the machine that sees; `learn.py` has the figures."""
CANDIDATES = 10
LEAST_SCORE = 0.01
UNLEARNED_FLOOR = 0.45
"""Of snapshots built before the floor was learned."""
MACHINES = ("seeing", "reading")
_SHELVED = ("idf", "starts", "having", "weights")
_PARTS = ("examples", "entries", "starts", "weights", "curve")


@dataclass(frozen=True, slots=True)
class Chance:
    """An entry, and the calibrated probability that it is the one that is meant."""

    entry: str
    probability: float


@dataclass(frozen=True, slots=True)
class Chances:
    """The likeliest entries, best first, and the least probability and cosine to answer from, of cross-validation."""

    entries: tuple[Chance, ...]
    threshold: float
    floor: float = 0.0


NOTHING = Chances((), 1.0)


def mixed(own: Chances, other: Chances, weight: float) -> Chances:
    """Two opinions on one question as one, the other's with `weight` beside 1; threshold and floor are our own."""
    said: dict[str, float] = dict.fromkeys((chance.entry for chance in (*own.entries, *other.entries)), 0.0)
    for chances, share in ((own, 1.0), (other, weight)):
        for chance in chances.entries:
            said[chance.entry] += chance.probability * share / (1 + weight)
    best = sorted(said.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]
    return Chances(tuple(Chance(entry, probability) for entry, probability in best), own.threshold, own.floor)


@dataclass(frozen=True)
class Machine:
    """A classifier over some of the examples.

    Attributes:
        examples: Their numbers, those of one entry together, `(n,)`.
        entries: Numbers of the entries that have examples here, rising, `(c,)`.
        starts: Where each entry's examples begin, `(c,)`.
        vectors: `(n, dim)`; no rows for a machine that goes by words alone.
        weights: `(n, c)`; no rows where the nearest neighbour decides.
        curve: Weights of the columns of `evidence`, and last the constant.
        threshold: Least probability to answer from.
        floor: Least cosine to answer from; 0 for a machine that goes by words alone.
    """

    examples: Numbers
    entries: Numbers
    starts: Numbers
    vectors: Vectors
    weights: Vectors
    curve: Vectors
    threshold: float
    floor: float = 0.0

    @property
    def sees(self) -> bool:
        """Whether it knows the encoder's rows."""
        return bool(len(self.vectors))

    def scores(self, likeness: Vectors, vector: Vectors) -> tuple[Vectors, Vectors, Vectors]:
        """Score, best cosine and best likeness of each entry, each `(c,)`."""
        words = likeness[self.examples]
        cosines = self.vectors @ vector if self.sees else np.zeros_like(words)
        near = kernel(words, cosines if self.sees else None)
        best = np.maximum.reduceat
        score = near @ self.weights if len(self.weights) else best(near, self.starts)
        return score, best(cosines, self.starts), best(words, self.starts)

    def chances(self, likeness: Vectors, vector: Vectors) -> list[tuple[int, float]]:
        """Numbers of the best entries with their probabilities, best first, ties by number."""
        score, cosine, words = self.scores(likeness, vector)
        top = np.lexsort((np.arange(len(score)), -score))[:CANDIDATES]
        probable = probability(self.curve, evidence(score, cosine, words, top))
        order = np.lexsort((top, -probable))
        return [(int(self.entries[top[i]]), float(probable[i])) for i in order]


def kernel(words: Vectors, cosines: Vectors | None) -> Vectors:
    """Likeness of examples from 0 to 1, given the products of their rows: exp(-‖a - b‖²) of unit rows, mixed."""
    near = np.exp(2 * words - 2)
    mixed = near if cosines is None else (1 - SEEING) * near + SEEING * np.exp(2 * cosines - 2)
    return mixed.astype(np.float32, copy=False)


def evidence(score: Vectors, cosine: Vectors, words: Vectors, chosen: Numbers) -> Vectors:
    """What the curve goes by, `(chosen, 5)`: score, its logarithm, lead over the best other entry, cosine, likeness."""
    best, second = _two_best(score)
    others = np.where(chosen == best, second, score[best])
    own = score[chosen]
    columns = (own, np.log(np.maximum(own, LEAST_SCORE)), own - others, cosine[chosen], words[chosen])
    return np.stack(columns, axis=1).astype(np.float32)


def _two_best(score: Vectors) -> tuple[int, float]:
    """Place of the best score, and the second best score; that is 0 where there is one entry only."""
    best = int(np.argmax(score))
    rest = np.delete(score, best)
    return best, float(rest.max()) if len(rest) else 0.0


def probability(curve: Vectors, columns: Vectors) -> Vectors:
    """The logistic curve, `(n,)`."""
    drawn: Vectors = 1 / (1 + np.exp(-(columns @ curve[:-1] + curve[-1])))
    return drawn


@dataclass(frozen=True)
class Head:
    """The machines over one shelf of examples. Immutable; asked by many threads at once.

    Attributes:
        entries: Names by number, as `faq:return-window`.
        rows: Of each example its row among the snapshot's vectors.
        seeing: None where the encoder can read too few of the examples.
        reading: None where it can read all of them.
    """

    entries: tuple[str, ...]
    shelf: Shelf
    rows: Numbers
    seeing: Machine | None
    reading: Machine | None

    def chances(self, text: str, vector: Vectors) -> Chances:
        """The likeliest entries, best first; none if no machine can judge the text.

        Args:
            text: The question.
            vector: `(dim,)`, its unit row, or all zeros if the encoder cannot read it.
        """
        machine = self.seeing if np.any(vector) else self.reading
        if machine is None:
            return NOTHING
        found = machine.chances(self.shelf.likeness(text), vector)
        return Chances(tuple(Chance(self.entries[n], p) for n, p in found), machine.threshold, machine.floor)

    def save(self, folder: Path) -> None:
        """Write `FILES` into `folder`; nothing in them is pickled, and equal heads give equal files."""
        machines = {name: machine for name in MACHINES if (machine := getattr(self, name))}
        arrays = {name: getattr(self.shelf, name) for name in _SHELVED} | {"rows": self.rows}
        for name, machine in machines.items():
            arrays |= {f"{name}.{part}": getattr(machine, part) for part in _PARTS}
        with (folder / ARRAYS).open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        label = {
            "entries": self.entries,
            "grams": sorted(self.shelf.number, key=self.shelf.number.__getitem__),
            "machines": {
                name: {"threshold": m.threshold, "floor": m.floor, "sees": m.sees} for name, m in machines.items()
            },
        }
        (folder / WORDS).write_bytes(orjson.dumps(label))

    @classmethod
    def load(cls, folder: Path, vectors: Vectors) -> "Head | None":
        """What `save` or `save_none` wrote; `vectors` are all rows of the snapshot.

        Raises:
            OSError, ValueError, KeyError: A file is missing or does not fit; the caller has checked their hashes.
        """
        label = orjson.loads((folder / WORDS).read_bytes())
        if not label:
            return None
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        rows = arrays["rows"]
        if len(rows) and not 0 <= rows.min() <= rows.max() < len(vectors):
            raise ValueError(f"{ARRAYS}: found rows up to {rows.max()}, wanted less than {len(vectors)}")
        number = {gram: n for n, gram in enumerate(label["grams"])}
        shelf = Shelf(number=number, size=len(rows), **{name: arrays[name] for name in _SHELVED})
        machines = {name: _machine(arrays, name, label["machines"], vectors) for name in MACHINES}
        return cls(tuple(label["entries"]), shelf, rows, **machines)


def save_none(folder: Path) -> None:
    """Write `FILES` for a shop whose entries are too few to learn from."""
    (folder / WORDS).write_bytes(b"{}")
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False)


def _machine(arrays: Mapping[str, Any], name: str, labels: Mapping[str, Any], vectors: Vectors) -> Machine | None:
    if name not in labels:
        return None
    parts = {part: arrays[f"{name}.{part}"] for part in _PARTS}
    seen = np.asarray(vectors[arrays["rows"][parts["examples"]]] if labels[name]["sees"] else vectors[:0])
    floor = labels[name].get("floor", UNLEARNED_FLOOR if labels[name]["sees"] else 0.0)
    return Machine(**parts, vectors=seen, threshold=labels[name]["threshold"], floor=floor)
