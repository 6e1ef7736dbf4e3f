"""Candidates that give the same rows are one reading."""

import pyarrow as pa

from analyst.terms import Candidate, Query, ResultSet
from analyst.voting import Ballot, elect


def ballot(score: float, **columns: list[object]) -> Ballot:
    return Ballot(Candidate("SELECT 1", score), Query("SELECT 1", "duckdb", ()), ResultSet(pa.table(columns), False, 0.0))


def test_shares_of_candidates_with_the_same_rows_add_up() -> None:
    election = elect([ballot(0.4, a=[1]), ballot(0.3, a=[2]), ballot(0.3, b=[2.0])])
    assert election.winner.result.table.column(0).to_pylist() == [2]
    assert election.confidence == 0.6


def test_a_reading_that_lost_is_kept_with_its_share() -> None:
    election = elect([ballot(0.7, a=[1]), ballot(0.2, a=[2])])
    assert [(other.result.rows(), share) for other, share in election.others] == [([[2]], 0.2)]


def test_rows_paired_otherwise_are_another_reading() -> None:
    election = elect([ballot(0.5, a=["x", "y"], b=[1, 2]), ballot(0.5, a=["x", "y"], b=[2, 1])])
    assert len(election.others) == 1


def test_the_order_of_rows_and_columns_makes_no_other_reading() -> None:
    election = elect([ballot(0.5, a=["x", "y"], b=[1, 2]), ballot(0.5, n=[2, 1], k=["y", "x"])])
    assert election.others == ()


def test_fewer_rows_are_another_reading() -> None:
    assert len(elect([ballot(0.5, a=[1, 1]), ballot(0.5, a=[1])]).others) == 1
