"""Gradient boosting of shallow trees (Friedman 2001) with a logistic loss, or with that of a choice among several, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Tree = float | tuple[int, float, "Tree", "Tree"]
"""What to add to the logit; or a column, a cut, and the trees for values up to the cut and beyond it."""

ROUNDS, RATE, DEPTH = 150, 0.08, 3
CUTS = 12  # places a column is cut at, by quantile
LEAST = 6.0  # of the loss's curvature on either side of a cut: about 24 readings that could go either way
RIDGE = 3.0
TAKEN = 0.6  # of the readings, for each tree
ORDERING, DEEPER = 100, 4  # rounds and depth where one of several is chosen


@dataclass(frozen=True, slots=True)
class Boosted:
    """A sum of trees over a first guess."""

    first: float
    trees: list[Tree]

    def logits(self, seen: Matrix) -> Matrix:
        """The logit of each row."""
        found = np.full(len(seen), self.first)
        for tree in self.trees:
            found += values(tree, seen)
        return found


def boosted(seen: Matrix, right: Matrix, heft: Matrix) -> Boosted:
    """Trees that tell right rows from wrong ones; each row counts by its heft."""
    chance = np.random.default_rng(0)
    columns = [coded(seen[:, at]) for at in range(seen.shape[1])]
    share = float((heft * right).sum() / heft.sum())
    first = float(np.log(share / (1 - share)))
    logits = np.full(len(seen), first)
    trees: list[Tree] = []
    for _ in range(ROUNDS):
        said = 1 / (1 + np.exp(-logits))
        taken = np.flatnonzero(chance.random(len(seen)) < TAKEN)
        tree = grown(columns, heft * (right - said), heft * said * (1 - said), taken, DEPTH)
        logits += values(tree, seen)
        trees.append(tree)
    return Boosted(first, trees)


def ordering(seen: Matrix, right: Matrix, starts: NDArray[np.int64]) -> Boosted:
    """Trees under which the right rows of each group have the largest share; a group goes from its start to the next one's."""
    chance = np.random.default_rng(0)
    columns = [coded(seen[:, at]) for at in range(seen.shape[1])]
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(right))))
    told = (np.maximum.reduceat(right, starts) > np.minimum.reduceat(right, starts))[group]
    score = np.zeros(len(right))
    trees: list[Tree] = []
    for _ in range(ORDERING):
        share = np.exp(score - np.maximum.reduceat(score, starts)[group])
        share /= np.add.reduceat(share, starts)[group]
        wanted = share * right
        wanted /= np.maximum(np.add.reduceat(wanted, starts)[group], 1e-12)
        taken = np.flatnonzero(told & (chance.random(len(starts)) < TAKEN)[group])
        tree = grown(columns, wanted - share, np.maximum(share * (1 - share), 1e-3), taken, DEEPER)
        score += values(tree, seen)
        trees.append(tree)
    return Boosted(0.0, trees)


def coded(column: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """For each value the number of cuts below it, and the cuts."""
    cuts = np.unique(np.quantile(column, np.linspace(0, 1, CUTS + 1)[1:-1]))
    return np.searchsorted(cuts, column, side="left"), cuts


def grown(columns: list[tuple[NDArray[np.int64], Matrix]], slope: Matrix, bend: Matrix, rows: NDArray[np.int64], depth: int) -> Tree:
    """The tree that lessens the loss most, cut by cut."""
    whole, weight = float(slope[rows].sum()), float(bend[rows].sum())
    best, at, cut = 1e-3, -1, -1
    for number, (codes, cuts) in enumerate(columns if depth and weight >= 2 * LEAST else ()):
        if not len(cuts):
            continue
        left = np.bincount(codes[rows], slope[rows], len(cuts) + 1).cumsum()[:-1]
        heavy = np.bincount(codes[rows], bend[rows], len(cuts) + 1).cumsum()[:-1]
        gain = left**2 / (heavy + RIDGE) + (whole - left) ** 2 / (weight - heavy + RIDGE) - whole**2 / (weight + RIDGE)
        gain[(heavy < LEAST) | (weight - heavy < LEAST)] = -1
        if gain.max() > best:
            best, at, cut = float(gain.max()), number, int(gain.argmax())
    if at < 0:
        return round(RATE * whole / (weight + RIDGE), 4)
    codes, cuts = columns[at]
    low = codes[rows] <= cut
    return (
        at,
        round(float(cuts[cut]), 4),
        grown(columns, slope, bend, rows[low], depth - 1),
        grown(columns, slope, bend, rows[~low], depth - 1),
    )


def values(tree: Tree, seen: Matrix) -> Matrix:
    """What a tree adds for each row."""
    if not isinstance(tree, tuple):
        return np.full(len(seen), tree)
    at, cut, left, right = tree
    low = seen[:, at] <= cut + 1e-4
    found = np.empty(len(seen))
    found[low], found[~low] = values(left, seen[low]), values(right, seen[~low])
    return found
