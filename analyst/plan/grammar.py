"""The grammar of plans as they are written token by token: sorts, and for each sort the tokens that may come next.

A plan is written in front of its parts: `select` outputs, then the clauses it has, then `end`. A token is a keyword or a pointer to a
column, a table or a value. GRAMMAR maps a sort to the tokens that may stand there, each with the sorts of what must follow it.
"""

from __future__ import annotations

from collections.abc import Mapping

COLUMN, TABLE, VALUE = "c", "t", "v"
"""Classes of pointers."""

GRAINS = ("year", "quarter", "month", "week", "day", "hour")
"""A moment cut to its period; a year is a number, all others the first moment of the period."""
PARTS = ("quarter_of_year", "month_of_year", "day_of_month", "weekday", "hour_of_day")
"""What recurs, as a number; weekday as its English name."""
ARITHMETIC = ("add", "sub", "mul", "div")
COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
PATTERNS = ("contains", "starts", "ends")
SIMPLE_AGGREGATES = ("sum", "avg", "min", "max", "median", "stddev")
COMBINATIONS = ("union", "union_all", "intersect", "except")
CONSTANTS = ("0", "1", "2", "3", "5", "10", "100", "1000", "true", "false")
"""Values that a question need not say."""

UNANSWERABLE = "unanswerable"
"""All that is written where the tables cannot answer."""

Expansion = Mapping[str, tuple[str, ...]]


def _scalars(sort: str) -> dict[str, tuple[str, ...]]:
    """Terms of one row; `sort` is what their arguments are."""
    return {
        COLUMN: (),
        **dict.fromkeys((*GRAINS, *PARTS, "length", "abs"), (sort,)),
        **dict.fromkeys(ARITHMETIC, (f"{sort}V", f"{sort}V")),
        "bin": (sort, "V"),
        "days_between": (sort, sort),
        "if": ("condition", f"{sort}V", f"{sort}V"),
    }


def _aggregates() -> dict[str, tuple[str, ...]]:
    """Terms that make one value of many rows."""
    return {
        "rows": (),
        "count": ("row",),
        "distinct": ("row",),
        **dict.fromkeys(SIMPLE_AGGREGATES, ("row",)),
        "quantile": ("row", "V"),
        "corr": ("row", "row"),
        "at_max": ("row", "row"),
        "at_min": ("row", "row"),
        "only": ("measure", "condition"),
        "portion": ("measure", "condition"),
        "share": ("measure",),
        "share_within": ("measure", "row"),
        "change": ("measure",),
        "growth": ("measure",),
        "growth_year": ("measure",),
        "running": ("measure",),
        "moving": ("measure", "V"),
    }


def _conditions(sort: str, own: str) -> dict[str, tuple[str, ...]]:
    """Conditions on terms of a sort; `own` is the sort of the conditions inside them."""
    return {
        "and": (own, own),
        "or": (own, own),
        "not": (own,),
        **dict.fromkeys(COMPARISONS, (sort, f"{sort}V")),
        "between": (sort, f"{sort}V", f"{sort}V"),
        **dict.fromkeys(PATTERNS, (sort, "V")),
        "during": (sort, "V"),
        "latest": (sort,),
        "earliest": (sort,),
        "missing": (sort,),
        "present": (sort,),
        "in": (sort, "query"),
        "not_in": (sort, "query"),
    }


def _then(terms: Expansion, sort: str) -> dict[str, tuple[str, ...]]:
    """The same terms, with what may follow them in a list."""
    return {token: (*arguments, sort) for token, arguments in terms.items()}


def _clauses(first: int) -> dict[str, tuple[str, ...]]:
    """The clauses of a query from the given one on, and its end."""
    clauses = (
        ("where", ("condition", "after_where")),
        ("group", ("row", "groups")),
        ("having", ("group_condition", "after_having")),
        ("order", ("any", "direction", "orders")),
        ("limit", ("V", "after_limit")),
        ("per", ("row", "pers")),
        ("from", ("T", "froms")),
    )
    return {**dict(clauses[first:]), "end": ()}


_CONSTANTS: dict[str, tuple[str, ...]] = {f"#{constant}": () for constant in CONSTANTS}
_ROW = _scalars("row")
_MEASURE = {**_aggregates(), **dict.fromkeys(ARITHMETIC, ("anyV", "anyV"))}
_ANY = {**_scalars("any"), **_aggregates()}
_QUERY = {"select": ("outputs_or_distinct",), **dict.fromkeys(COMBINATIONS, ("query", "query"))}
_SHOWN = {**_ANY, "select": _QUERY["select"], "#1": (), "#0": (), "star": ()}

GRAMMAR: Mapping[str, Expansion] = {
    "question": {**_QUERY, UNANSWERABLE: ()},
    "query": _QUERY,
    "row": _ROW,
    "rowV": {**_ROW, VALUE: (), **_CONSTANTS, "select": _QUERY["select"]},
    "any": _ANY,
    "anyV": {**_ANY, VALUE: (), **_CONSTANTS, "select": _QUERY["select"]},
    "measure": _MEASURE,
    "condition": _conditions("row", "condition"),
    "group_condition": _conditions("any", "group_condition"),
    "V": {VALUE: (), **_CONSTANTS},
    "T": {TABLE: ()},
    "direction": {"asc": (), "desc": ()},
    "outputs_or_distinct": {"distinct_rows": ("first_output",), **_then(_SHOWN, "outputs")},
    "first_output": _then(_SHOWN, "outputs"),
    "outputs": {**_then(_SHOWN, "outputs"), **_clauses(0)},
    "after_where": _clauses(1),
    "groups": {**_then(_ROW, "groups"), **_clauses(2)},
    "after_having": _clauses(3),
    "orders": {**{token: (*arguments, "direction", "orders") for token, arguments in _ANY.items()}, **_clauses(4)},
    "after_limit": _clauses(5),
    "pers": {**_then(_ROW, "pers"), **_clauses(6)},
    "froms": {TABLE: ("froms",), "end": ()},
}
START = "question"

KEYWORDS: tuple[str, ...] = tuple(sorted({token for expansion in GRAMMAR.values() for token in expansion} - {COLUMN, TABLE, VALUE}))
"""Every keyword, in a fixed order; its place is its number in the decoder's vocabulary."""
