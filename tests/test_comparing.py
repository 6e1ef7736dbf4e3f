"""The one comparison of rows: what is the same stays the same however it is laid out, and every kind of wrong answer is caught."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from benchmarks.comparing import Rows, same_rows

SALES = [["West", "Pen", 10, 100.5], ["East", "Desk", 1, 300.0], ["West", "Lamp", 3, 90.0], ["East", "Pen", 1, 100.5]]
TOP = [["Desk", 300.0], ["Pen", 201.0], ["Lamp", 90.0], ["Ink", 90.0]]


def same(wanted: list[list[object]], found: list[list[object]], *, ranks: list[int] | None = None, extra: bool = False) -> bool:
    """Whether rows are what was wanted."""
    return same_rows(Rows.of(wanted, ranks=ranks), Rows.of(found), extra=extra)


def columns(rows: list[list[object]], *places: int) -> list[list[object]]:
    """Some columns, in an order."""
    return [[row[place] for place in places] for row in rows]


def test_rows_and_columns_may_come_in_any_order() -> None:
    assert same(SALES, SALES)
    assert same(SALES, SALES[::-1])
    assert same(SALES, columns(SALES, 3, 1, 0, 2))


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("a row is missing", SALES[:3]),
        ("a row comes twice", [*SALES, SALES[0]]),
        ("a row stands in another's place", [*SALES[:3], SALES[0]]),
        ("a column is missing", columns(SALES, 0, 1, 2)),
        ("a column comes twice in another's place", columns(SALES, 0, 1, 2, 2)),
        ("a cell is off by 0.1 %", [["West", "Pen", 10, 100.6005], *SALES[1:]]),
        ("a whole number is off by one", [["West", "Pen", 11, 100.5], *SALES[1:]]),
        ("a cell is missing", [["West", None, 10, 100.5], *SALES[1:]]),
        ("a text is in other letters", [["west", "Pen", 10, 100.5], *SALES[1:]]),
        ("two rows have exchanged a figure", [["West", "Pen", 1, 100.5], ["East", "Desk", 10, 300.0], *SALES[2:]]),
        ("two rows have exchanged a name", [["East", "Pen", 10, 100.5], ["West", "Desk", 1, 300.0], *SALES[2:]]),
        ("the cells of one row have changed places", [["Pen", "West", 10, 100.5], *SALES[1:]]),
        ("no rows at all", []),
    ],
)
def test_every_fault_is_caught_with_and_without_further_columns(fault: str, found: list[list[object]]) -> None:
    assert not same(SALES, found), fault
    assert not same(SALES, found, extra=True), fault


def test_cells_sorted_within_their_rows_are_not_the_same_rows() -> None:
    wanted: list[list[object]] = [["Ada", "Ben"], ["Cy", "Ada"]]
    assert not same(wanted, [["Ada", "Ben"], ["Ada", "Cy"]])


def test_further_columns_are_no_harm_only_where_they_are_welcome() -> None:
    found = [[*row, number] for number, row in enumerate(SALES)]
    assert not same(SALES, found)
    assert same(SALES, found, extra=True)
    assert same(columns(SALES, 1, 3), SALES, extra=True)


def test_a_column_of_the_answer_serves_once() -> None:
    assert not same([[1, 1], [2, 2]], [[1, 9], [2, 8]], extra=True)


def test_an_order_that_was_asked_for_is_kept_and_ties_may_swap() -> None:
    swapped_tie, wrong = [TOP[0], TOP[1], TOP[3], TOP[2]], [TOP[1], TOP[0], TOP[2], TOP[3]]
    assert same(TOP, TOP, ranks=[0, 1, 2, 2])
    assert same(TOP, swapped_tie, ranks=[0, 1, 2, 2])
    assert not same(TOP, swapped_tie, ranks=[0, 1, 2, 3])
    assert not same(TOP, wrong, ranks=[0, 1, 2, 2])
    assert same(TOP, wrong)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (5, 5.0, True), (5, "5", True), (True, 1, True), (Decimal("2.50"), 2.5, True), ("1e3", 1000, True), (0.0, -0.0, True),
        (1234.5, 1234.51, True), (1234.5, 1236.0, False), (100_001, 100_002, False), (0, None, False), ("5", "five", False),
        ("", None, True), ("  ", None, True), (float("nan"), None, True), (" a ", "a", True), ("e\u0301", "\u00e9", True),
        ("a", "A", False),
        (datetime.date(2024, 1, 5), "2024-01-05", True), (datetime.datetime(2024, 1, 5), "2024-01-05", True),
        ("2024-01-05T00:00:00Z", "2024-1-5", True), ("2024-01-05 09:30", datetime.datetime(2024, 1, 5, 9, 30), True),
        ("2024-01-05 09:30", "2024-01-05", False), ("01/05/2024", "2024-01-05", True), ("05.01.2024", "2024-01-05", True),
        ("5 January 2024", "2024-01-05", True), ("2024年1月5日", "2024-01-05", True), ("01/05/2024", "2024-01-06", False),
        ("9:05", "09:05:00", True), (datetime.time(9, 5), "09:05", True), ("yes", True, True), ("no", True, False),
    ],
)  # fmt: skip
def test_a_value_is_one_value_however_it_is_spelled(one: object, other: object, equal: bool) -> None:
    assert same([["x", one], ["y", one]], [["y", other], ["x", other]]) is equal


def test_days_in_two_spellings_stay_with_their_rows() -> None:
    wanted: list[list[object]] = [["Ada", "01/02/2024"], ["Ben", "02/01/2024"]]
    assert same(wanted, [["Ben", "2024-02-01"], ["Ada", "2024-01-02"]])
    assert not same(wanted, [["Ben", "2024-02-01"], ["Ada", "2024-02-01"]])


def test_near_numbers_are_paired_with_their_own_rows() -> None:
    wanted: list[list[object]] = [[0.5, 1.0], [0.5, 1.00001], [0.7, 2.0], [0.7, 2.0]]
    assert same(wanted, [[0.7, 2.00001], [0.5, 1.00001], [0.7, 2.0], [0.5, 1.0]])
    assert not same(wanted, [[0.5, 1.0], [0.5, 2.0], [0.7, 1.0], [0.7, 2.0]])


def test_nothing_wanted_is_given_by_nothing_alone() -> None:
    assert same_rows(Rows([], 1), Rows([], 1))
    assert not same_rows(Rows([], 1), Rows([["x"]], 1))
    assert not same_rows(Rows([], 1), Rows([], 2))


def test_many_alike_columns_are_compared_without_end_of_tries() -> None:
    wanted: list[list[object]] = [[row % 2] * 12 + [row] for row in range(30)]
    found: list[list[object]] = [[row % 2] * 12 + [29 - row] for row in range(30)]
    assert same(wanted, wanted[::-1])
    assert not same(wanted, found)
