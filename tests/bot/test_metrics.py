"""Quantiles and figures of repeated runs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lab.metrics import Figures, figures, quantile

numbers = st.floats(-1e9, 1e9)
samples = st.lists(numbers, min_size=1, max_size=50)
shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [
        ([7.0], 0.99, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.5),
        ([10.0, 20.0], 0.95, 19.5),
        ([float(n) for n in range(101)], 0.99, 99.0),
        ([5.0, 1.0, 9.0], 0.0, 1.0),
        ([5.0, 1.0, 9.0], 1.0, 9.0),
    ],
)
def test_quantiles_are_those_made_by_hand(values: list[float], share: float, wanted: float) -> None:
    """Between two values the quantile lies on the straight line between them; order does not matter."""
    assert quantile(values, share) == pytest.approx(wanted)


@given(samples, shares)
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    """Any sample gives what NumPy's default definition gives."""
    assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-6)


@given(samples, shares, shares)
def test_quantiles_rise_with_their_share_and_stay_within(values: list[float], one: float, other: float) -> None:
    """A greater share never gives a smaller quantile, and none lies outside the sample."""
    low, high = sorted((one, other))
    assert min(values) <= quantile(values, low) <= max(values)
    assert quantile(values, low) <= quantile(values, high) + 1e-6


@pytest.mark.parametrize(
    ("values", "share"), [([], 0.5), ([1.0, math.nan], 0.5), ([1.0], -0.1), ([1.0], 1.1), ([1.0], math.nan)]
)
def test_what_has_no_quantile_is_refused(values: list[float], share: float) -> None:
    """No values, a value that is no number, or a share outside 0 to 1 is an error."""
    with pytest.raises(ValueError, match="wanted"):
        quantile(values, share)


def test_figures_pool_the_samples_and_keep_the_spread_of_the_runs() -> None:
    """Quantiles are of all samples together; low and high are the least and greatest median of a run."""
    made = figures([[1.0, 2.0, 3.0], [], [10.0, 20.0, 30.0]])
    assert made == Figures(n=6, runs=2, p50=6.5, p95=27.5, p99=29.5, low=2.0, high=20.0)
    assert made.as_json(0) == {"n": 6, "runs": 2, "p50": 6.0, "p95": 28.0, "p99": 30.0, "low": 2.0, "high": 20.0}


def test_figures_of_nothing_are_refused() -> None:
    """Runs without a sample have no figures."""
    with pytest.raises(ValueError, match="wanted at least one"):
        figures([[], []])


@given(st.lists(samples, min_size=1, max_size=5))
def test_the_spread_holds_the_middle(runs: list[list[float]]) -> None:
    """Every sample is counted, and p50 ≤ p95 ≤ p99; the medians' range lies within that of the samples."""
    made = figures(runs)
    every = [value for run in runs for value in run]
    assert (made.n, made.runs) == (len(every), len(runs))
    assert made.p50 - 1e-6 <= made.p95 <= made.p99 + 1e-6
    assert min(every) <= made.low <= made.high <= max(every)
