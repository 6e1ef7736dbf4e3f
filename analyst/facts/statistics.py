"""The statistics that facts are made of: trend, season, outliers, correlation, each with its source and never NaN."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

SIGNIFICANT = 0.05  # the customary level; a trend less sure than this is not called one
ENOUGH_FOR_TREND = 5  # of four points not even a perfect order reaches 5 % (2 in 4! orders)
ENOUGH_FOR_CORRELATION = 8
ENOUGH_FOR_OUTLIERS = 8
FAR_OUT = 3.5  # robust standard deviations, the limit of Iglewicz and Hoaglin
PAIRED_AT_MOST = 200  # points compared pairwise; of longer series evenly spaced ones are taken
EXACT_UP_TO = 10  # points up to which the distribution of S is counted out
SHUFFLES = 400


@dataclass(frozen=True, slots=True)
class Trend:
    """Where a series goes."""

    slope: float
    """Median change per period."""
    tau: float
    """Kendall's tau: -1 always falling, 1 always rising."""
    p: float
    """Chance of so ordered a series without any trend."""

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.p < SIGNIFICANT


def trend(positions: Numbers, values: Numbers, season: int = 0) -> Trend | None:
    """The trend of values at positions in time; None below five points.

    Significance after Mann (1945) and Kendall (1975), within seasons after Hirsch, Slack and Smith (1982); slope after Theil (1950)
    and Sen (1968).
    """
    if len(values) < ENOUGH_FOR_TREND:
        return None
    positions, values = _thinned(positions), _thinned(values)
    steps = positions[None, :] - positions[:, None]
    rises = values[None, :] - values[:, None]
    later = np.triu(np.ones_like(steps, dtype=bool), 1) & (steps != 0)
    slope = float(np.median(rises[later] / steps[later])) if later.any() else 0.0
    pairs = int(later.sum())
    tau = float(np.sign(rises[later]).sum() / pairs) if pairs else 0.0
    phases = positions.astype(np.int64) % season if season and len(values) >= 2 * season else np.zeros(len(values), dtype=np.int64)
    return Trend(slope, tau, _kendall_p(values, phases))


def _thinned(numbers: Numbers) -> Numbers:
    if len(numbers) <= PAIRED_AT_MOST:
        return numbers
    return numbers[np.linspace(0, len(numbers) - 1, PAIRED_AT_MOST).astype(np.int64)]


def _kendall_p(values: Numbers, phases: NDArray[np.int64]) -> float:
    """Two-sided chance of so large an S, summed over seasons; counted out for few points without ties, else by the normal curve."""
    total, variance = 0.0, 0.0
    for phase in np.unique(phases):
        part = values[phases == phase]
        total += float(np.sign(part[None, :] - part[:, None])[np.triu_indices(len(part), 1)].sum())
        variance += _variance_of_s(part)
    if len(np.unique(phases)) == 1 and len(values) <= EXACT_UP_TO and len(np.unique(values)) == len(values):
        return _exact_p(len(values), abs(total))
    if variance <= 0:
        return 1.0
    z = max(abs(total) - 1, 0) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


def _variance_of_s(values: Numbers) -> float:
    n = len(values)
    ties = np.unique(values, return_counts=True)[1]
    return float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)


def _exact_p(n: int, s: float) -> float:
    """Share of the n! orders whose |S| is at least s, from the number of inversions (Kendall 1970, chapter 5)."""
    orders = np.ones(1)
    for size in range(2, n + 1):
        orders = np.convolve(orders, np.ones(size))
    sums = np.abs(n * (n - 1) / 2 - 2 * np.arange(len(orders)))
    return float(orders[sums >= s].sum() / orders.sum())


def season_p(positions: Numbers, values: Numbers, season: int) -> tuple[float, NDArray[np.int64], Numbers] | None:
    """Chance that the seasons differ this much by accident, the phases, and each one's mean distance from the trend.

    None below two full rounds. The chance comes from shuffling the residuals (a permutation test on the variance between seasons).
    """
    if len(values) < 2 * season or len(values) > 20 * season:
        return None
    line = trend(positions, values)
    residuals = values - (line.slope if line else 0.0) * positions
    residuals = residuals - np.median(residuals)
    phases = positions.astype(np.int64) % season
    present, index = np.unique(phases, return_inverse=True)
    counts = np.bincount(index)
    if len(present) < season or counts.min() < 2 or not float(np.ptp(residuals)):
        return None
    shuffles = np.random.default_rng(0).permuted(np.tile(residuals, (SHUFFLES, 1)), axis=1)  # seeded: the same rows, the same words
    membership = (index[:, None] == np.arange(season)[None, :]).astype(np.float64)
    between = ((shuffles @ membership / counts) ** 2 @ counts) >= float((((residuals @ membership) / counts) ** 2) @ counts)
    return float((between.sum() + 1) / (SHUFFLES + 1)), present, (residuals @ membership) / counts


def outliers(values: Numbers) -> NDArray[np.int64]:
    """Places of values far from the rest, farthest first: modified z-score above 3.5 (Iglewicz and Hoaglin 1993)."""
    if len(values) < ENOUGH_FOR_OUTLIERS:
        return np.empty(0, dtype=np.int64)
    distances = np.abs(values - np.median(values))
    scale = float(np.median(distances)) / 0.6745
    if scale <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return np.empty(0, dtype=np.int64)
    scores = distances / scale
    order = np.argsort(-scores, kind="stable")
    return order[scores[order] > FAR_OUT]


def correlation(x: Numbers, y: Numbers) -> tuple[float, float] | None:
    """Pearson's r and the chance of one so large without any relation, by Fisher's z (1921); None below eight points or for a constant."""
    if len(x) < ENOUGH_FOR_CORRELATION or not float(np.ptp(x)) or not float(np.ptp(y)):
        return None
    spread_x, spread_y = x - x.mean(), y - y.mean()
    with np.errstate(over="ignore"):
        size = math.sqrt(float(spread_x @ spread_x)) * math.sqrt(float(spread_y @ spread_y))
    if not size or not math.isfinite(size):
        return None
    r = max(-1.0, min(1.0, float(spread_x @ spread_y) / size))
    z = math.atanh(max(-0.9999999, min(0.9999999, r))) * math.sqrt(len(x) - 3)
    return r, math.erfc(abs(z) / math.sqrt(2))
