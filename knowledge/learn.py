"""Learning to tell the FAQ's entries apart, when a snapshot is built; `head.py` serves what comes of it.

A machine is a kernel ridge regression on one-hot entries. Its inverse gives, exactly and without fitting again, what
the machine would have said of each example had it never seen it, and had it never seen a whole entry with its siblings
(the tenth of all entries most like it). The first stand for new wordings, the second for questions that no entry
answers. On both the curve of the probabilities is fitted and the threshold chosen: nothing is tuned by hand for a shop.

Chosen on BANKING77's training set, a quarter held out, and CLINC150's validation set; bot/lab/LOG.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors
from knowledge.grams import Numbers, Shelf
from knowledge.head import Head, Machine, evidence, kernel, probability
from knowledge.passages import Kind, Passage

RIDGE = 0.2
MOST_EXAMPLES = 16_000
"""Learning takes 8 bytes for each pair of examples, and time by their cube: above, neighbours decide."""
MOST_WEIGHTS = 8_000_000
LEAST_ENTRIES = 5
SIBLINGS = 0.1
"""Share of the entries that leave together with the one held out."""
FOREIGN = 0.2
"""Of the questions that reach the knowledge, the share that no entry answers: assumed, the same for every shop."""
WRONG = 0.4
"""In choosing the threshold, what a wrong answer costs where a right one that was not given costs 1."""
SLACK = 0.01
TRIED_ENTRIES = 150
TRIED_EXAMPLES = 20
CONSIDERED = 3
COSINE = 3
"""The column of `evidence` that has it."""
HOLD = 1.0

Mask = NDArray[np.bool_]
Doubles = NDArray[np.float64]
Look = tuple[Vectors, Vectors, Vectors]
"""Score, best cosine and best likeness of each entry, each `(c,)`."""


@dataclass(frozen=True)
class Examples:
    """The example questions and the answers, those of one entry together.

    Attributes:
        entry: Number of the entry of each.
        rows: Its row among the snapshot's vectors.
        tried: Which may stand for a shopper's question.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    entry: Numbers
    rows: Numbers
    tried: Mask


@dataclass(frozen=True)
class Trials:
    """Questions tried on a machine that had not seen them, `CONSIDERED` candidates each, best first.

    Attributes:
        columns: `(questions, CONSIDERED, 5)`, of `evidence`.
        right: `(questions, CONSIDERED)`, whether the candidate is the entry.
    """

    columns: Vectors
    right: Mask


def examples_of(passages: Sequence[Passage]) -> Examples:
    """The questions and answers of all FAQ entries, in whatever language; the same words twice in an entry count once.

    A title is no trial: the row of its own answer has it in it.
    """
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    row = 0
    for passage in passages:
        if passage.kind is Kind.FAQ:
            if passage.text:
                found.setdefault((passage.entry, passage.text), (row, False))
            for at, question in enumerate(passage.questions, row + 1):
                found.setdefault((passage.entry, question), (at, question != passage.title))
        row += 1 + len(passage.questions)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], item[1]))
    names = tuple(dict.fromkeys(entry for (entry, _), _ in ordered))
    number = {name: n for n, name in enumerate(names)}
    return Examples(
        names,
        tuple(text for (_, text), _ in ordered),
        np.array([number[entry] for (entry, _), _ in ordered], np.int64),
        np.array([at for _, (at, _) in ordered], np.int64),
        np.array([tried for _, (_, tried) in ordered], np.bool_),
    )


def learn(passages: Sequence[Passage], vectors: Vectors) -> Head | None:
    """A head over the entries of `passages`; None if they are too few.

    Args:
        passages: In the order of their rows.
        vectors: All rows, `(rows, dim)`, unit or all zeros.
    """
    examples = examples_of(passages)
    if len(examples.names) < LEAST_ENTRIES:
        return None
    shelf = Shelf.build(examples.texts)
    readable: Mask = np.any(vectors[examples.rows], axis=1)
    every = np.arange(len(examples.texts))
    seeing = _machine(_Bench(examples, shelf, every[readable], vectors))
    unread = replace(examples, tried=examples.tried & ~readable)
    reading = None if readable.all() else _machine(_Bench(unread, shelf, every, None))
    return Head(examples.names, shelf, examples.rows, seeing, reading) if seeing or reading else None


class _Bench:
    """The examples of one machine, with what they have to do with one another.

    Attributes:
        of: Place among the machine's entries, of each example.
        tried: Which examples stand for questions to this machine; not the only one of an entry.
    """

    def __init__(self, examples: Examples, shelf: Shelf, chosen: Numbers, vectors: Vectors | None) -> None:
        self.chosen = chosen
        self.entries, self.starts, self.of = np.unique(examples.entry[chosen], return_index=True, return_inverse=True)
        self.counts = np.bincount(self.of)
        self.vectors = np.asarray(vectors[examples.rows[chosen]]) if vectors is not None else None
        self.tried = examples.tried[chosen] & (self.counts[self.of] > 1)
        self._shelf, self._texts = shelf, examples.texts

    @property
    def regresses(self) -> bool:
        """Whether there are few enough examples to learn weights for."""
        n = len(self.chosen)
        return n <= MOST_EXAMPLES and n * len(self.entries) <= MOST_WEIGHTS

    def pair(self, place: int) -> tuple[Vectors, Vectors]:
        """Likeness and cosine of one example to all, itself as far away as can be; cosines are 0 without vectors."""
        words = self._shelf.likeness(self._texts[self.chosen[place]])[self.chosen]
        cosines = self.vectors @ self.vectors[place] if self.vectors is not None else np.zeros_like(words)
        return words, cosines

    def best(self, values: Vectors, place: int, nothing: float) -> Vectors:
        """The greatest value for each entry, `(c,)`, the example at `place` left out."""
        values[place] = nothing
        return np.maximum.reduceat(values, self.starts)

    def siblings(self, place: int, likeness: Vectors) -> Numbers:
        """The entry at `place` and those most like it, rising; `likeness` is `(c,)`. At least `CONSIDERED` are left."""
        count = min(round(SIBLINGS * len(self.entries)), len(self.entries) - CONSIDERED - 1)
        order = np.argsort(-likeness, kind="stable")
        return np.union1d(order[order != place][:count], [place])


def _machine(bench: _Bench) -> Machine | None:
    """The machine of a bench with its curve and threshold; None if too few entries can be tried."""
    if len(bench.entries) < LEAST_ENTRIES or not np.any(bench.tried):
        return None
    weights, known, foreign = _regression(bench) if bench.regresses else _neighbours(bench)
    curve = fitted(known, foreign)
    vectors = bench.vectors if bench.vectors is not None else np.zeros((0, 0), np.float32)
    return Machine(
        examples=bench.chosen,
        entries=bench.entries,
        starts=bench.starts,
        vectors=vectors,
        weights=weights,
        curve=curve,
        threshold=(threshold := chosen_threshold(curve, known, foreign)),
        floor=chosen_floor(curve, known, threshold) if bench.vectors is not None else 0.0,
    )


def _regression(bench: _Bench) -> tuple[Vectors, Trials, Trials]:
    """Weights of the regression, and its trials."""
    near, cosine, words = _all_pairs(bench)
    likeness = _mean_by_entry(np.maximum.reduceat(near, bench.starts, axis=1), bench)
    target = np.full((len(near), len(bench.entries)), -1 / len(bench.entries), np.float32)
    target[np.arange(len(near)), bench.of] += 1
    inverse = _inverted(near)
    weights = _times(inverse, target)
    left_out = target - weights / np.diag(inverse)[:, None]

    def without(place: int) -> tuple[Numbers, Numbers, Vectors]:
        gone = bench.siblings(place, likeness[place])
        block = np.flatnonzero(np.isin(bench.of, gone))
        inner = np.tril(inverse[np.ix_(block, block)])
        said = target[block] - np.linalg.solve(inner + np.tril(inner, -1).T, weights[block])
        own = np.flatnonzero((bench.of[block] == place) & bench.tried[block])[:TRIED_EXAMPLES]
        return gone, block[own], said[own]

    known = [_candidates(left_out[i], cosine[i], words[i], bench.of[i]) for i in np.flatnonzero(bench.tried)]
    foreign = [
        _candidates(*_without((score, cosine[i], words[i]), gone), -1)
        for gone, own, said in map(without, _evenly(len(bench.entries), TRIED_ENTRIES))
        for i, score in zip(own, said, strict=True)
    ]
    return weights, _trials(known), _trials(foreign)


def _all_pairs(bench: _Bench) -> tuple[Vectors, Vectors, Vectors]:
    """The kernel `(n, n)`, and each example's best cosine and likeness to each entry's others, `(n, c)`."""
    n, c = len(bench.chosen), len(bench.entries)
    near = np.empty((n, n), np.float32)
    cosine, words = np.empty((n, c), np.float32), np.empty((n, c), np.float32)
    for place in range(n):
        likeness, cosines = bench.pair(place)
        near[place] = kernel(likeness, cosines if bench.vectors is not None else None)
        cosine[place] = bench.best(cosines, place, -1.0)
        words[place] = bench.best(likeness, place, 0.0)
    return near, cosine, words


def _mean_by_entry(values: Vectors, bench: _Bench) -> Vectors:
    """Mean row of each entry's examples, `(c, c)`."""
    sums: Vectors = np.add.reduceat(values, bench.starts, axis=0)
    return (sums / bench.counts[:, None]).astype(np.float32)


def _inverted(near: Vectors) -> Vectors:
    """Inverse of the kernel with its ridge, in the same memory; only its lower triangle counts, in columns' order.

    Raises:
        ValueError: LAPACK failed, which a kernel with a ridge does not give it a reason for.
    """
    from scipy.linalg import lapack

    near[np.diag_indices(len(near))] += RIDGE
    half, failed = lapack.spotrf(near.T, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.spotri(half, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ValueError(f"found LAPACK's {failed or failed_too}, wanted 0")
    out: Vectors = inverse
    return out


def _times(inverse: Vectors, target: Vectors) -> Vectors:
    from scipy.linalg import blas

    return np.ascontiguousarray(blas.ssymm(1.0, inverse, target, lower=1))


def _neighbours(bench: _Bench) -> tuple[Vectors, Trials, Trials]:
    """No weights, and trials of the nearest neighbour on some entries' examples."""
    known: list[Any] = []
    foreign: list[Any] = []
    for place in _evenly(len(bench.entries), TRIED_ENTRIES):
        own = np.flatnonzero((bench.of == place) & bench.tried)[:CONSIDERED]
        looks = [_look(bench, i) for i in own]
        if not looks:
            continue
        gone = bench.siblings(place, np.mean([score for score, _, _ in looks], axis=0))
        foreign += [_candidates(*_without(look, gone), -1) for look in looks]
        known += [_candidates(*look, place) for look in looks]
    return np.zeros((0, 0), np.float32), _trials(known), _trials(foreign)


def _look(bench: _Bench, place: int) -> Look:
    """How an example that is left out stands to each entry."""
    words, cosines = bench.pair(place)
    near = kernel(words, cosines if bench.vectors is not None else None)
    return bench.best(near, place, 0.0), bench.best(cosines, place, -1.0), bench.best(words, place, 0.0)


def _candidates(score: Vectors, cosine: Vectors, words: Vectors, entry: int) -> tuple[Vectors, Mask]:
    """A question's first candidates, and which of them is `entry`."""
    top = np.argsort(-score, kind="stable")[:CONSIDERED]
    return evidence(score, cosine, words, top), top == entry


def _without(look: Look, gone: Numbers) -> Look:
    score, cosine, words = (np.delete(part, gone) for part in look)
    return score, cosine, words


def _trials(found: Sequence[tuple[Vectors, Mask]]) -> Trials:
    return Trials(np.stack([columns for columns, _ in found]), np.stack([right for _, right in found]))


def _evenly(count: int, most: int) -> list[int]:
    """At most `most` of `count` places, evenly spread."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(count, most))})


def fitted(known: Trials, foreign: Trials) -> Vectors:
    """The logistic curve over all candidates, foreign questions weighing `FOREIGN` in all.

    No column counts against an entry: where few trials would have it so, the column is left out.
    """
    columns = np.concatenate([known.columns.reshape(-1, 5), foreign.columns.reshape(-1, 5)]).astype(np.float64)
    wanted = np.concatenate([known.right.ravel(), foreign.right.ravel()]).astype(np.float64)
    a, b = known.right.size, foreign.right.size
    weigh = np.concatenate([np.full(a, (1 - FOREIGN) / a), np.full(b, FOREIGN / b)]) * (a + b)
    middle, spread = columns.mean(0), columns.std(0) + 1e-6
    design = np.hstack([(columns - middle) / spread, np.ones((len(columns), 1))])
    used = np.arange(design.shape[1])
    curve = _newton(design, wanted, weigh)
    while np.any(curve[:-1] < 0):
        used = used[np.append(curve[:-1] >= 0, True)]
        curve = _newton(design[:, used], wanted, weigh)
    scaled = np.zeros(columns.shape[1])
    scaled[used[:-1]] = curve[:-1] / spread[used[:-1]]
    return np.append(scaled, curve[-1] - scaled @ middle).astype(np.float32)


def _newton(design: Doubles, wanted: Doubles, weigh: Doubles) -> Doubles:
    """Weights of a logistic regression held towards 0 by `HOLD`."""
    curve = np.zeros(design.shape[1])
    for _ in range(50):
        drawn = 1 / (1 + np.exp(-(design @ curve).clip(-30, 30)))
        slope = design.T @ (weigh * (wanted - drawn)) - HOLD * curve
        bend = (design * (weigh * drawn * (1 - drawn))[:, None]).T @ design + HOLD * np.eye(len(curve))
        step = np.linalg.solve(bend, slope)
        curve += step
        if np.abs(step).max() < 1e-6:
            break
    return curve


def chosen_threshold(curve: Vectors, known: Trials, foreign: Trials) -> float:
    """The probability from which on answering costs least over all trials.

    What counts is the first candidate: right answers that are not given, and, at `WRONG` each, answers that are wrong
    or that nobody could have given. Were the curve perfect, `WRONG / (1 + WRONG)` would cost least; of all thresholds
    that cost no more than `SLACK` above the least, the nearest to that is taken, so that chance decides little.
    """
    (sure, right, _), (strange, _, _) = _judged(curve, known), _judged(curve, foreign)
    a, b = (1 - FOREIGN) / len(sure), FOREIGN / len(strange)
    chance = np.concatenate([sure, strange, [WRONG / (1 + WRONG)]])
    gain = np.concatenate([np.where(right, a, -WRONG * a), np.full(len(strange), -WRONG * b), [0.0]])
    points, at = np.unique(chance, return_inverse=True)
    gained = np.cumsum(np.bincount(at, gain)[::-1])[::-1]
    cheap = points[gained >= gained.max() - SLACK]
    return float(cheap[np.argmin(np.abs(cheap - WRONG / (1 + WRONG)))])


def chosen_floor(curve: Vectors, known: Trials, threshold: float) -> float:
    """The greatest cosine that keeps all but `SLACK` of the right answers that the threshold lets through; at least 0.

    A question about something else may share a word with one entry and so have it probable; how near a shop's own
    wordings come to their entries shows how far off its meaning is.
    """
    sure, right, cosine = _judged(curve, known)
    given = cosine[right & (sure >= threshold)]
    return max(0.0, float(np.quantile(given, SLACK))) if len(given) else 0.0


def _judged(curve: Vectors, trials: Trials) -> tuple[Vectors, Mask, Vectors]:
    """Of each question the greatest probability, whether that candidate is right, and its cosine."""
    shape = trials.right.shape
    drawn = probability(curve, trials.columns.reshape(-1, 5)).reshape(shape)
    best = drawn.argmax(1)
    rows = np.arange(shape[0])
    return drawn[rows, best], trials.right[rows, best], trials.columns[rows, best, COSINE]
