"""Figures from samples: quantiles, and what several runs of the same measurement agree on.

Pure. What was measured, and in which unit, is not known here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What several runs gave, in the unit of the samples.

    Attributes:
        n: Samples of all runs together.
        runs: How often the whole measurement was made.
        p50: Median of all samples together; p95 and p99 likewise.
        low: Lowest median of a run.
        high: Highest one. Where `low` and `high` are far apart, the machine was not quiet.
    """

    n: int
    runs: int
    p50: float
    p95: float
    p99: float
    low: float
    high: float

    def as_json(self, digits: int = 3) -> dict[str, float]:
        """All of it, rounded."""
        names = ("p50", "p95", "p99", "low", "high")
        return {"n": self.n, "runs": self.runs, **{name: round(getattr(self, name), digits) for name in names}}


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed, 0 to 1; between two values by straight line.

    Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 1996, definition 7.

    Raises:
        ValueError: There are no values, one is no number, or `share` is not from 0 to 1.
    """
    if not values or any(math.isnan(value) for value in values):
        raise ValueError(f"got {len(values)} values, wanted at least one, and numbers only")
    if not 0 <= share <= 1:
        raise ValueError(f"got a share of {share}, wanted 0 to 1")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    if ordered[below] == ordered[above]:
        return ordered[below]
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def figures(runs: Sequence[Sequence[float]]) -> Figures:
    """The figures of the samples of each run; runs without any are left out.

    Raises:
        ValueError: There is no sample at all.
    """
    made = [run for run in runs if run]
    every = [value for run in made for value in run]
    p50, p95, p99 = (quantile(every, share) for share in (0.5, 0.95, 0.99))
    medians = [quantile(run, 0.5) for run in made]
    return Figures(len(every), len(made), p50, p95, p99, min(medians), max(medians))


def rouge_l(wanted: Sequence[str], got: Sequence[str]) -> float:
    """How alike two texts are, as words in order: the harmonic mean of recall and precision of the longest common
    subsequence, 0 to 1; 1 when both are empty.

    Source: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL Workshop 2004, section 3.1, with beta 1.
    """
    if not wanted or not got:
        return float(not wanted and not got)
    row = [0] * (len(got) + 1)
    for word in wanted:
        before = 0
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], before + 1 if word == other else max(row[place], row[place - 1])
    common = row[-1]
    return 2 * common / (len(wanted) + len(got))
