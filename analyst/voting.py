"""Candidates that give the same rows are one reading: their scores add up, and the likeliest reading wins."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from analyst.terms import Candidate, Query, ResultSet

ROWS_COMPARED = 1_000  # enough to tell two readings apart; the whole of a large result would cost more than it tells


@dataclass(frozen=True, slots=True)
class Ballot:
    """A candidate that was checked and run."""

    candidate: Candidate
    query: Query
    result: ResultSet


@dataclass(frozen=True, slots=True)
class Election:
    """The winning ballot, how sure the vote is (0 to 1), and one ballot for each other reading with its share."""

    winner: Ballot
    confidence: float
    others: tuple[tuple[Ballot, float], ...]


def elect(ballots: Sequence[Ballot]) -> Election:
    """Group ballots by their rows and add up the scores; `ballots` holds at least one, likeliest first."""
    readings: dict[str, list[Ballot]] = {}
    for ballot in ballots:
        readings.setdefault(fingerprint(ballot.result), []).append(ballot)
    ranked = sorted(readings.values(), key=weight, reverse=True)
    others = tuple((group[0], weight(group)) for group in ranked[1:])
    return Election(ranked[0][0], min(weight(ranked[0]), 1.0), others)


def weight(ballots: Sequence[Ballot]) -> float:
    """The summed scores of ballots that agree."""
    return sum(ballot.candidate.score for ballot in ballots)


def fingerprint(result: ResultSet) -> str:
    """A hash that is equal for the same rows, whatever the columns are called and however rows and columns are ordered."""
    head = result.table.slice(0, ROWS_COMPARED)
    columns = sorted(([comparable(value) for value in column.to_pylist()] for column in head.columns), key=sorted)
    rows = sorted(zip(*columns, strict=True))
    return hashlib.sha256(f"{result.table.num_rows}|{len(columns)}|{rows}".encode()).hexdigest()


def comparable(value: object) -> str:
    """A cell as text in which 5, 5.0 and 5.0000000001 are the same."""
    return f"{value:.6g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
