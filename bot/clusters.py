"""Groups questions by meaning, so that a hundred shoppers who ask the same show as one line with a count.

Two questions are near by the cosine of their embeddings where the encoder can read both, and otherwise (Chinese, with
the packaged one) by the words that they share. Groups are those of average linkage, cut where the mean nearness of two
groups falls below a bar; whatever the order in which questions come, the groups are the same. Each group is named by
its centre, the question that is nearest to all others. Languages are kept apart, since a group becomes one entry of
the FAQ in one language.

The bars were set on the sample shop's FAQ (30 entries drawn at random with 2 to 7 of their example questions each,
8 draws): of the pairs put together, the share that were of one entry, and of the pairs of one entry, the share put
together. English, cosine: 0.69 and 0.37 at the bar of 0.5 (0.64 and 0.46 at 0.45; 0.58 and 0.43 with the best stars
instead of average linkage). Chinese, words: 0.62 and 0.17 at 0.3, where all words alone gave 0.47 and 0.23. A wrong
pair costs more than a missed one: an answer would be suggested for a question that it does not answer.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import terms as pairs
from knowledge import words

Matrix = NDArray[Any]
Embed = Callable[[Sequence[str]], Matrix]
"""Texts to rows of length 1; all zeros for a text that cannot be read."""

BAR = 0.5
WORDS_BAR = 0.3
MOST = 1000
"""So many different questions of a language are compared; the rarest and oldest beyond are left out and counted."""

EXAMPLES = 5
_ENDS = " ?!.,;:~？！。，；：～…"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where it was asked. `text` holds no personal data any more."""

    text: str
    lang: str
    conversation: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that mean the same.

    Attributes:
        id: The same as long as language and label are.
        question: The label: the question nearest to all others.
        asked: All of them, the latest first.
    """

    id: str
    lang: str
    question: str
    asked: tuple[Asked, ...]

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.asked)

    @property
    def conversations(self) -> int:
        """In how many conversations."""
        return len({one.conversation for one in self.asked})

    @property
    def examples(self) -> tuple[Asked, ...]:
        """The latest of each wording, a few, the label's first."""
        by_key: dict[str, Asked] = {}
        for one in sorted(self.asked, key=lambda one: one.text != self.question):
            by_key.setdefault(_key(one.text), one)
        return tuple(by_key.values())[:EXAMPLES]


@dataclass(frozen=True, slots=True)
class Grouped:
    """All groups, the largest first, and how many questions were not looked at since there were too many."""

    clusters: tuple[Cluster, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Wording:
    """Questions that differ in case, spaces and final marks at most; `text` is the most common form."""

    text: str
    asked: tuple[Asked, ...]


def grouped(asked: Iterable[Asked], embed: Embed) -> Grouped:
    """Group questions. Blocks for as long as embedding takes.

    Args:
        asked: In any order.
        embed: Called once for each language, with each wording once.
    """
    of: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        of[one.lang].append(one)
    clusters: list[Cluster] = []
    left_out = 0
    for lang in sorted(of):
        wordings = _wordings(of[lang])
        left_out += sum(len(wording.asked) for wording in wordings[MOST:])
        clusters += _clusters(lang, wordings[:MOST], embed)
    return Grouped(tuple(sorted(clusters, key=_rank)), left_out)


def _rank(cluster: Cluster) -> tuple[int, int, float, str]:
    return -cluster.count, -cluster.conversations, -cluster.asked[0].at.timestamp(), cluster.question


def _key(text: str) -> str:
    return " ".join(words.fold(text).split()).strip(_ENDS)


def _wordings(asked: Sequence[Asked]) -> list[_Wording]:
    """Each wording once: the most common first, then the latest."""
    of: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        of[_key(one.text)].append(one)
    found = []
    for same in of.values():
        forms = Counter(one.text for one in same)
        text = min(forms, key=lambda form: (-forms[form], form))
        latest_first = sorted(same, key=lambda one: (one.at, one.conversation, one.seq), reverse=True)
        found.append(_Wording(text, tuple(latest_first)))
    return sorted(found, key=lambda w: (-len(w.asked), -w.asked[0].at.timestamp(), w.text))


def _clusters(lang: str, wordings: Sequence[_Wording], embed: Embed) -> list[Cluster]:
    texts = [wording.text for wording in wordings]
    weights = np.array([len(wording.asked) for wording in wordings], np.float32)
    near = nearness(texts, embed)
    return [
        _cluster(lang, [wordings[i] for i in group], near[np.ix_(group, group)], weights[group])
        for group in linked(near, weights, BAR)
    ]


def _cluster(lang: str, wordings: Sequence[_Wording], near: Matrix, weights: Matrix) -> Cluster:
    centrality = np.round(near @ weights, 4)
    centre = min(range(len(wordings)), key=lambda i: (-centrality[i], len(wordings[i].text), wordings[i].text))
    question = wordings[centre].text
    id_ = hashlib.sha256(f"{lang}\n{_key(question)}".encode()).hexdigest()[:12]
    asked = (one for wording in wordings for one in wording.asked)
    latest_first = sorted(asked, key=lambda one: (one.at, one.conversation, one.seq), reverse=True)
    return Cluster(id_, lang, question, tuple(latest_first))


def nearness(texts: Sequence[str], embed: Embed) -> Matrix:
    """How near texts are to one another, `(n, n)`: cosines, and overlap of words scaled so that its bar is `BAR`."""
    rows = embed(texts)
    near = rows @ rows.T
    unread = np.flatnonzero(~rows.any(axis=1))
    if unread.size:
        by_words = np.minimum(_overlap(texts) * (BAR / WORDS_BAR), 1)
        near[unread], near[:, unread] = by_words[unread], by_words[:, unread]
    near = np.round(near.astype(np.float32), 4)  # the last digits depend on what else was in an encoder's batch
    np.fill_diagonal(near, 1)
    return near


def _overlap(texts: Sequence[str]) -> Matrix:
    """Mean cosine of the sets of words and of the sets of character pairs, `(n, n)`."""
    return (_cosines([words.terms(text) for text in texts]) + _cosines([pairs.terms(text) for text in texts])) / 2


def _cosines(documents: Sequence[Sequence[str]]) -> Matrix:
    columns = {term: i for i, term in enumerate(sorted({term for document in documents for term in document}))}
    rows = np.zeros((len(documents), len(columns)), np.float32)
    for row, document in zip(rows, documents, strict=True):
        row[[columns[term] for term in document]] = 1.0
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    cosines: Matrix = unit @ unit.T
    return cosines


def linked(near: Matrix, weights: Matrix, bar: float) -> list[list[int]]:
    """Groups of average linkage: no two of them are as near as `bar` in the mean. Each is ascending, as are the groups.

    By chains of nearest neighbours (Murtagh 1983), in quadratic time: where two groups are each other's nearest they
    are joined, which for average linkage gives the same tree as always joining the nearest pair of all.

    Args:
        near: `(n, n)`, symmetric.
        weights: `(n,)`, how many each one stands for.
        bar: Not below it.
    """
    near, weights = near.astype(np.float64), weights.astype(np.float64)
    np.fill_diagonal(near, -np.inf)
    groups = {i: [i] for i in range(len(near))}
    settled: list[list[int]] = []
    chain: list[int] = []
    while groups:
        chain = chain or [next(iter(groups))]
        top = chain[-1]
        best = int(near[top].argmax())
        if len(chain) > 1 and near[top, chain[-2]] == near[top, best]:
            best = chain[-2]
        if near[top, best] < bar:
            settled.append(sorted(groups.pop(chain.pop())))
            near[top] = near[:, top] = -np.inf
        elif len(chain) > 1 and best == chain[-2]:
            del chain[-2:]
            groups[best] += groups.pop(top)
            _join(near, weights, best, top)
        else:
            chain.append(best)
    return sorted(settled)


def _join(near: Matrix, weights: Matrix, kept: int, gone: int) -> None:
    """Make `kept` stand for both."""
    mean = (weights[kept] * near[kept] + weights[gone] * near[gone]) / (weights[kept] + weights[gone])
    mean[[kept, gone]] = -np.inf
    near[kept] = near[:, kept] = mean
    near[gone] = near[:, gone] = -np.inf
    weights[kept] += weights[gone]
