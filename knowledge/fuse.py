"""Weighted reciprocal rank fusion: several rankings of the same things into one.

Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
methods", SIGIR 2009. Only ranks count, so scores of different kinds need no common scale. Pure.

Their k is 60, for many rankings of thousands. Measured 2026-11-22 on the sample shop's FAQ, the last two phrasings of
each entry held out (294 English questions; right entry first / in three / in five): dense alone 0.52 / 0.80 / 0.87,
BM25 alone 0.35 / 0.56 / 0.65, fused with k 60 0.52 / 0.71 / 0.81, k 60 with dense twice 0.54 / 0.74 / 0.84, k 10 with
dense twice 0.56 / 0.79 / 0.86. Chinese rests on BM25 alone: 0.43 / 0.64 / 0.72 in each case.
"""

from collections.abc import Mapping, Sequence

K = 10


def fuse(
    rankings: Sequence[tuple[float, Sequence[str]]],
    tiers: Mapping[str, int] | None = None,
    extra: Mapping[str, float] | None = None,
) -> list[tuple[str, float]]:
    """Ids with their fused scores, best first.

    A ranking gives weight / (K + place) to each id in it, places from 1; an id that it lacks gets nothing from it.

    Args:
        rankings: Weight and ids of each, best first and without repetition.
        tiers: Ids that stand before all others whatever they score, lowest tier first; in a ranking or not.
        extra: Added to the scores of these ids, in a ranking or not.

    Returns:
        Each id once. Ties are in the order of the ids, so equal input gives equal output.
    """
    tiers = tiers or {}
    scores = dict.fromkeys(tiers, 0.0) | dict(extra or {})
    for weight, ranking in rankings:
        for place, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + weight / (K + place)
    last = max(tiers.values(), default=0) + 1
    return sorted(scores.items(), key=lambda item: (tiers.get(item[0], last), -item[1], item[0]))
