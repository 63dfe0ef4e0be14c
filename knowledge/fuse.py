"""Reciprocal rank fusion: several rankings of the same things into one.

Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
methods", SIGIR 2009; k = 60 is theirs. Only ranks count, so scores of different kinds need no common scale. Pure.
"""

from collections.abc import Mapping, Sequence

K = 60


def fuse(rankings: Sequence[Sequence[str]], tiers: Mapping[str, int] | None = None) -> list[tuple[str, float]]:
    """Ids with their fused scores, best first.

    A ranking gives 1 / (K + place) to each id in it, places from 1; an id that it lacks gets nothing from it.

    Args:
        rankings: Each best first and without repetition.
        tiers: Ids that stand before all others whatever they score, lowest tier first; in a ranking or not.

    Returns:
        Each id once. Ties are in the order of the ids, so equal input gives equal output.
    """
    tiers = tiers or {}
    scores = dict.fromkeys(tiers, 0.0)
    for ranking in rankings:
        for place, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + 1.0 / (K + place)
    last = max(tiers.values(), default=0) + 1
    return sorted(scores.items(), key=lambda item: (tiers.get(item[0], last), -item[1], item[0]))
