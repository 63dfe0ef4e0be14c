"""One search over one snapshot: exact match, dense and lexical ranks, what the head says of FAQ entries, fused.

Entries that the query's language lacks are searched by translated words (`crossing.py`), their scores among those of
BM25. One that the encoder cannot read has no place in the dense ranking; it takes there the place that its words give
it, or else an entry in the other language would never come first.

Passages lie in the order of their ids, so that "ties by place" is "ties by id" everywhere below. Vectors come in as an
argument; the encoder is not known here.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

import numpy as np

from knowledge.crossing import chances, cross
from knowledge.dense import Dense
from knowledge.encode import Vectors
from knowledge.fuse import fuse
from knowledge.glossary import Glossary
from knowledge.head import NOTHING, Chances, Head, mixed
from knowledge.lexical import Lexical, Mask
from knowledge.match import Match, Matcher
from knowledge.passages import EVEN, Hit, Kind, Passage, Query
from knowledge.words import terms

DEPTH = 50
"""How many passages each ranking hands to the fusion; further down, ranks no longer change what comes first."""

DENSE_WEIGHT, LEXICAL_WEIGHT = 2.0, 1.0
"""Chosen by measurement; `fuse.py` has the figures."""

HEAD_WEIGHT = 1.0
"""What a probability of 1 adds to a fused score."""

CARRIED_TRUST = 2
"""Power of the share of a question that was carried over, as the weight of what the head says of it. Chosen on the
sample shop's held-out Chinese wordings (bot/lab/LOG.md): 1 finds as many and answers more that is off topic."""

Ranking = list[tuple[int, float]]
Encode = Callable[[Sequence[str]], Vectors]
_Foreign = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a build learned from the knowledge; `head` is None where the FAQ has too few entries."""

    glossary: Glossary
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A question that the encoder cannot read, carried over word by word into the other language.

    Attributes:
        vector: `(dim,)`, the unit row of `text`.
        share: How much of the question the translated words stand for, 0 to 1.
    """

    text: str
    vector: Vectors
    share: float


class Index:
    """The indexes of a snapshot, and its passages by place. Safe to search from several threads."""

    def __init__(
        self,
        passages: Sequence[Passage],
        matcher: Matcher,
        dense: Dense,
        lexical: Lexical,
        learned: Learned | None = None,
    ) -> None:
        self._passages = passages
        self._glossary = learned.glossary if learned else Glossary()
        self._head = learned.head if learned else None
        self._faq = _of_faq(passages)
        self._lang = np.array([passage.lang for passage in passages])
        self._read = dense.read(len(passages))
        self._matcher = matcher
        self._dense = dense
        self._lexical = lexical
        self._place = {passage.id: place for place, passage in enumerate(passages)}
        self._kind = np.array([passage.kind.value for passage in passages])
        self._by_lang = {lang: _preferred(passages, lang) for lang in {p.lang for p in passages}}
        self._of_product: dict[str, list[int]] = {}
        for place, passage in enumerate(passages):
            if passage.product is not None:
                self._of_product.setdefault(passage.product, []).append(place)

    def without_head(self) -> "Index":
        """The same index, its FAQ entries ranked and judged by nothing that was learned of them; for comparison."""
        plain = copy(self)
        plain._head = None
        return plain

    def named(self, text: str) -> tuple[Match, ...]:
        """The products that a text names literally."""
        return self._matcher.find(text)

    def rows(self, query: Query, encode: Encode) -> tuple[Vectors, Carried | None]:
        """What `search` takes beside the query: its row, and what it is carried over where `encode` cannot read it."""
        vector: Vectors = encode([query.text])[0]
        if np.any(vector) or self._head is None:
            return vector, None
        text, share = self._glossary.carried(query.text, query.lang or "")
        return vector, Carried(text, encode([text])[0], share) if text else None

    def search(
        self, query: Query, vector: Vectors, carried: Carried | None = None
    ) -> tuple[tuple[Hit, ...], Mapping[str, float]]:
        """Hits, best first and at most `query.limit`, and milliseconds by stage.

        Args:
            query: What to search for.
            vector: `(dim,)`, the query's unit row, or all zeros if the encoder cannot read it: then words alone decide,
                and for FAQ entries in several languages what the head says of the question in the other one.
            carried: The question in the other language, as `rows` gives it.
        """
        allowed = self._allowed(query)
        depth = max(DEPTH, query.limit)
        times = [perf_counter()]
        near = self._dense.search(vector, allowed, depth)
        times.append(perf_counter())
        text = query.text if np.any(vector) else self._reworded(query)
        words = terms(text)
        wordy, foreign, crossed = self._wordy(query, words, allowed, depth)
        times.append(perf_counter())
        judged = self._judged(self._chances(text, vector, carried), allowed, foreign)
        times.append(perf_counter())
        found = _Found((near, wordy), self._exact(query.text, allowed), foreign, crossed, judged)
        hits = self._fused(query, words, found)
        times.append(perf_counter())
        took = [(b - a) * 1000 for a, b in pairwise(times)]
        return hits, dict(zip(("dense", "lexical", "head", "fuse"), took, strict=True))

    def _allowed(self, query: Query) -> Mask:
        """Which passages may be returned, by kind and language."""
        allowed = self._by_lang.get(query.lang or "", np.ones(len(self._passages), np.bool_))
        if not query.kinds:
            return allowed
        of_kind: Mask = np.isin(self._kind, [kind.value for kind in query.kinds])
        return allowed & of_kind

    def _reworded(self, query: Query) -> str:
        """The question in the shop's words; where the encoder reads it, its vector knows what words are alike."""
        return self._glossary.reworded(query.text, query.lang or "", self._lexical.knows)

    def _wordy(self, query: Query, words: list[str], allowed: Mask, depth: int) -> tuple[Ranking, _Foreign, _Foreign]:
        """The ranking by words, and what was found by translated ones: place → coverage, and entry's chances."""
        foreign = allowed & (self._lang != query.lang)
        concepts = self._glossary.concepts(query.text, query.lang or "") if foreign.any() else ()
        if not concepts:
            return self._lexical.search(words, allowed, depth), {}, {}
        own = self._lexical.search(words, allowed & ~foreign, depth)
        crossed = cross(concepts, self._lexical, foreign, depth)
        both = sorted([*own, *crossed.ranking], key=lambda found: (-found[1], found[0]))[:depth]
        covered = {int(place): float(crossed.coverage[place]) for place in np.flatnonzero(foreign)}
        likely = {p: chance for p, chance in chances(crossed).items() if self._passages[p].kind is not Kind.PRODUCT}
        return both, covered, likely

    def _placed(self, near: Ranking, wordy: Ranking, foreign: _Foreign) -> list[int]:
        """Places in the order of the dense ranking; unread ones in another language take their rank by words."""
        out = [place for place, _ in near]
        for rank, (place, _) in enumerate(wordy):
            if near and place in foreign and not self._read[place]:
                out.insert(rank, place)
        return out

    def _exact(self, text: str, allowed: Mask) -> dict[int, tuple[int, str]]:
        """Places of the products that `text` names → their tier and the name they were named by."""
        out: dict[int, tuple[int, str]] = {}
        matches = self._matcher.find(text)
        tiers = {spot: tier for tier, spot in enumerate(dict.fromkeys((m.way, m.start) for m in matches))}
        for match in matches:
            for place in self._of_product.get(match.handle, ()):
                if allowed[place]:
                    out.setdefault(place, (tiers[match.way, match.start], match.text))
        return out

    def _chances(self, text: str, vector: Vectors, carried: Carried | None) -> Chances:
        """What the head says of the question; where that is little, also of the question carried over."""
        if self._head is None:
            return NOTHING
        own = self._head.chances(text, vector)
        sure = own.entries and own.entries[0].probability >= EVEN
        if carried is None or sure or not np.any(carried.vector):
            return own
        return mixed(own, self._head.chances(carried.text, carried.vector), carried.share**CARRIED_TRUST)

    def _judged(self, said: Chances, allowed: Mask, foreign: _Foreign) -> "_Judged":
        """What the head says: the likeliest entries' places in order, each with its entry's probability.

        Entries in another language are left to translated words: the head has not seen their words in this one.
        """
        if not said.entries:
            return _Judged({}, None, 0.0)
        likely = {
            place: chance.probability
            for chance in said.entries
            for place in self._faq.get(chance.entry, ())
            if allowed[place] and place not in foreign
        }
        return _Judged(likely, said.threshold, said.floor)

    def _fused(self, query: Query, words: list[str], found: "_Found") -> tuple[Hit, ...]:
        """The hits with everything that is known about where they came from."""
        orders = (self._placed(*found.rankings, found.foreign), [place for place, _ in found.rankings[1]])
        ids = [[self._passages[place].id for place in order] for order in orders]
        weighted = list(zip((DENSE_WEIGHT, LEXICAL_WEIGHT), ids, strict=True))
        tiers = {self._passages[place].id: tier for place, (tier, _) in found.exact.items()}
        chance_of = {**found.judged.likely, **found.crossed}
        likely = {self._passages[place].id: HEAD_WEIGHT * chance for place, chance in chance_of.items()}
        top = [(self._place[id_], score) for id_, score in fuse(weighted, tiers, likely)[: max(0, query.limit)]]
        covered = self._lexical.coverage(words, [place for place, _ in top])
        near, wordy = (_ranks(ranking) for ranking in found.rankings)
        none: tuple[int | None, float] = (None, 0.0)
        return tuple(
            Hit(
                passage=self._passages[place],
                score=score,
                exact=found.exact[place][1] if place in found.exact else "",
                dense_rank=near.get(place, none)[0],
                cosine=near.get(place, none)[1],
                lexical_rank=wordy.get(place, none)[0],
                bm25=wordy.get(place, none)[1],
                coverage=found.foreign.get(place, coverage),
                crossed=place in found.foreign,
                **self._chance(place, found),
            )
            for (place, score), coverage in zip(top, covered, strict=True)
        )

    def _chance(self, place: int, found: "_Found") -> dict[str, float]:
        """The probability of a hit that the head can judge, with the threshold; nothing of other hits."""
        threshold = found.judged.threshold
        if threshold is None or self._passages[place].kind is not Kind.FAQ or place in found.foreign:
            return {}
        return {"probability": found.judged.likely.get(place, 0.0), "threshold": threshold, "floor": found.judged.floor}


@dataclass(frozen=True, slots=True)
class _Judged:
    """Place → probability that its entry is meant; other places have next to none. `threshold` None: no judgement."""

    likely: Mapping[int, float]
    threshold: float | None
    floor: float


@dataclass(frozen=True, slots=True)
class _Found:
    """What every ranker says of one query."""

    rankings: tuple[Ranking, Ranking]
    exact: dict[int, tuple[int, str]]
    foreign: _Foreign
    crossed: _Foreign
    judged: _Judged


def _of_faq(passages: Sequence[Passage]) -> dict[str, list[int]]:
    """Entry → places of its passages; FAQ only."""
    out: dict[str, list[int]] = {}
    for place, passage in enumerate(passages):
        if passage.kind is Kind.FAQ:
            out.setdefault(passage.entry, []).append(place)
    return out


def _preferred(passages: Sequence[Passage], lang: str) -> Mask:
    """All passages but those whose entry exists in `lang` too while they are in another language."""
    there = {passage.entry for passage in passages if passage.lang == lang}
    return np.array([p.lang == lang or p.entry not in there for p in passages], np.bool_)


def _ranks(ranking: Ranking) -> dict[int, tuple[int | None, float]]:
    """Place → rank from 0 and score."""
    return {place: (rank, score) for rank, (place, score) in enumerate(ranking)}
