"""Benchmark: dense, lexical and fused search over made-up shops, and how long their indexes take to build.

Questions are the real shop's, embedded beforehand, so times are of searching alone; the lexical time holds cutting the
question into terms. The dense search is measured with questions that the encoder can read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from bot.lab.metrics import figures
from bot.lab.plan import SEED, THREADS, Plan, rounds
from bot.lab.samples import active, picked, sample
from bot.lab.synthetic import CHINESE, Shop, imagined
from bot.settings import Settings
from knowledge.dense import Dense, owners
from knowledge.encode import Vectors, open_encoder
from knowledge.lexical import Lexical, document
from knowledge.match import Matcher
from knowledge.passages import Query
from knowledge.search import DEPTH, Index
from knowledge.words import terms, warm

LIMIT = 8
NEAREST = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and its `(dim,)` row."""

    query: Query
    vector: Vectors


@dataclass(frozen=True, slots=True)
class _Built:
    """The indexes of a shop, and the seconds that each took."""

    shop: Shop
    dense: Dense
    lexical: Lexical
    index: Index
    build_s: dict[str, float]


def measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    """For each size: milliseconds of each search, seconds of each build, and what the dense index is."""
    snapshot = active(settings)
    real = sample(settings, snapshot)
    asked = _asked(plan, settings, tuple(real.passages))
    matcher = Matcher(tuple(snapshot.products.values()))
    warm()
    sizes = {}
    for size in plan.sizes:
        built = _built(imagined(real, size, SEED), matcher)
        sizes[str(size)] = _measured(plan, built, asked)
        del built
    return {
        "unit": "ms",
        "sizes": sizes,
        "note": "made-up texts from the shop's words; vectors are the shop's own rows turned at random, not embedded;"
        " one row a passage; embedding the question is not counted",
    }


def _asked(plan: Plan, settings: Settings, passages: tuple[Any, ...]) -> list[_Asked]:
    """Questions in the languages of the made-up shop, in its proportion."""
    encoder = open_encoder(settings.encoder, settings.data / "encoders", threads=THREADS)
    chinese = round(plan.queries * CHINESE) if any(passage.lang == "zh" for passage in passages) else 0
    by_lang = {"en": plan.queries - chinese, "zh": chinese}
    texts = [(text, lang) for lang, count in by_lang.items() if count for text in picked(passages, lang, count)]
    rows = encoder.encode([text for text, _ in texts])
    return [_Asked(Query(text, lang, limit=LIMIT), row) for (text, lang), row in zip(texts, rows, strict=True)]


def _built(shop: Shop, matcher: Matcher) -> _Built:
    times = [perf_counter()]
    dense = Dense.build(shop.vectors, owners(shop.passages))
    times.append(perf_counter())
    lexical = Lexical.build([document(passage) for passage in shop.passages])
    times.append(perf_counter())
    index = Index(shop.passages, matcher, dense, lexical)
    build_s = {"dense": round(times[1] - times[0], 3), "lexical": round(times[2] - times[1], 3)}
    return _Built(shop, dense, lexical, index, build_s)


def _measured(plan: Plan, built: _Built, asked: Sequence[_Asked]) -> dict[str, Any]:
    everything = np.ones(len(built.shop.passages), np.bool_)
    readable = [one for one in asked if np.any(one.vector)]
    near = rounds(lambda one: built.dense.search(one.vector, everything, DEPTH), readable, plan.runs)
    wordy = rounds(lambda one: built.lexical.search(terms(one.query.text), everything, DEPTH), asked, plan.runs)
    fused = rounds(lambda one: built.index.search(one.query, one.vector), asked, plan.runs)
    return {
        "dense": figures(near).as_json(),
        "lexical": figures(wordy).as_json(),
        "fused": figures(fused).as_json(),
        "build_s": built.build_s,
        "rows": int(np.sum(np.any(built.shop.vectors, axis=1))),
        "dense_index": "exact" if built.dense.exact else "graph",
        "recall_at_10": _recall(built, readable),
    }


def _recall(built: _Built, readable: Sequence[_Asked]) -> float:
    """Share of the true ten nearest passages that the dense search, asked as it is when serving, has first."""
    everything = np.ones(len(built.shop.passages), np.bool_)
    shares = []
    for one in readable:
        cosines = built.shop.vectors @ one.vector
        count = min(NEAREST, len(cosines))
        found = [place for place, _ in built.dense.search(one.vector, everything, DEPTH)[:count]]
        least = np.partition(cosines, -count)[-count]
        # Equal cosines are equally right, whichever of their passages comes back.
        shares.append(float(np.mean(cosines[found] >= least - 1e-5)) if found else 0.0)
    return round(float(np.mean(shares)), 4)
