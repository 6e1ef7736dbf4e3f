"""Draws plans over tables that could be somebody's question: valid, never empty, weighted towards what people ask of their data."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analyst.columns.headers import header_words
from analyst.columns.roles import kind_of
from analyst.plan import ColumnName, Combined, Days, Inexpressible, Literal, Operation, Order, Plan, Select, Term, compile_plan
from analyst.plan.algebra import aggregates, walk
from analyst.terms import Cell, Column, Schema, Table

MOST_ROWS = 400  # of an answer; a longer list is nobody's question
MOST_GROUPS = 40
FEW = (1, 1, 1, 3, 3, 5, 5, 10, 2, 4, 8, 20)
"""How many people ask for at the top or bottom."""
TRIES = 12


def op(name: str, *arguments: Term) -> Operation:
    """An operation, written short."""
    return Operation(name, arguments)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table (and of tables it can be joined with) by what they are good for."""

    table: Table
    measures: tuple[ColumnName, ...]
    dimensions: tuple[ColumnName, ...]
    times: tuple[ColumnName, ...]
    years: tuple[ColumnName, ...]
    labels: tuple[ColumnName, ...]
    flags: tuple[ColumnName, ...]
    by_name: dict[ColumnName, Column]


def columns_of(schema: Schema, table: Table) -> Columns:
    """The columns of a table, with the dimensions and labels of its parents."""
    own = {ColumnName(table.name, column.name): column for column in table.columns}
    parents = [join.parent_table for join in schema.joins if join.table == table.name]
    there = {ColumnName(name, column.name): column for name in parents for column in (schema.table(name) or table).columns}
    known = {**there, **own}
    present = {name: column for name, column in known.items() if column.missing < column.rows and column.distinct > 0}
    years = [name for name, column in own.items() if _holds_years(column)]
    return Columns(
        table=table,
        measures=tuple(n for n, c in own.items() if n in present and c.role == "measure" and n not in years and c.distinct > 2),
        dimensions=tuple(n for n, c in present.items() if _is_dimension(c) and n not in years),
        times=tuple(n for n, c in own.items() if n in present and kind_of(c.type) == "date" and c.distinct > 3),
        years=tuple(years),
        labels=tuple(n for n, c in own.items() if _is_label(c)),
        flags=tuple(n for n, c in own.items() if n in present and kind_of(c.type) == "boolean"),
        by_name=known,
    )


def _holds_years(column: Column) -> bool:
    ends = (column.minimum, column.maximum)
    whole = kind_of(column.type) == "integer" and all(isinstance(end, int) and 1800 < end < 2100 for end in ends)
    return whole and column.distinct > 2


def _is_dimension(column: Column) -> bool:
    few = 1 < column.distinct <= min(60, max(3, column.rows // 2))
    kind = kind_of(column.type)
    return few and (kind == "text" or (kind == "integer" and column.role == "dimension" and column.distinct <= 15))


def _is_label(column: Column) -> bool:
    """Whether a column names its rows."""
    longest = max((len(str(value)) for value, _ in column.frequent), default=0)
    return kind_of(column.type) == "text" and column.distinct > 0.6 * max(1, column.rows - column.missing) and longest <= 60


class Sampler:
    """Plans over one schema, each with the kind of question that it answers."""

    def __init__(self, schema: Schema, connection: duckdb.DuckDBPyConnection, seed: int) -> None:
        self.schema = schema
        self.connection = connection
        self.random = random.Random(f"{seed} {[table.name for table in schema.tables]}")
        self.tables = [columns for columns in (columns_of(schema, table) for table in schema.tables) if table_is_askable(columns)]

    def plans(self, count: int) -> Iterator[tuple[str, Plan]]:
        """Up to `count` different plans that give rows."""
        seen: set[Plan] = set()
        for _ in range(count * TRIES if self.tables else 0):
            kind = self.random.choices(KINDS, [weight for _, weight in WEIGHTED])[0]
            plan = self.draw(kind)
            if plan is not None and plan not in seen and self.gives_rows(plan):
                seen.add(plan)
                yield kind, plan
            if len(seen) == count:
                return

    def draw(self, kind: str) -> Plan | None:
        """A plan of a kind; nothing where the table has no columns for it."""
        columns = self.random.choice(self.tables)
        try:
            return DRAWN[kind](self, columns)
        except (IndexError, ValueError, StopIteration):
            return None

    def gives_rows(self, plan: Plan) -> bool:
        """Whether a plan runs, gives rows, and not too many; a lone empty cell is no answer."""
        try:
            rows = self.connection.execute(compile_plan(plan, self.schema).sql("duckdb")).fetchmany(MOST_ROWS + 1)
        except (duckdb.Error, Inexpressible):
            return False
        if not 0 < len(rows) <= MOST_ROWS or all(cell is None for row in rows for cell in row):
            return False
        return len(rows) > 1 or not (len(rows[0]) == 1 and rows[0][0] == 0 and self.random.random() < 0.7)

    # ------------------------------------------------------------------------------------------------ pieces
    def one(self, options: Sequence[ColumnName]) -> ColumnName:
        """One of some columns. Raises IndexError where there is none."""
        return self.random.choice(options)

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def measure(self, columns: Columns) -> Term:
        """Something to be told of a set of rows."""
        roll = self.random.random()
        if roll < 0.3 or not columns.measures:
            return op("rows")
        if roll < 0.36 and (columns.labels or columns.dimensions):
            return op("distinct", self.one(columns.labels or columns.dimensions))
        name = self.one(columns.measures)
        weights = (0, 70, 12, 10, 6) if averaged(name) else (58, 26, 7, 4, 3)
        return op(self.random.choices(("sum", "avg", "max", "min", "median"), weights)[0], name)

    def amount(self, columns: Columns) -> Term:
        """A measure whose parts add up: a count or a sum."""
        summed = [name for name in columns.measures if not averaged(name)]
        return op("sum", self.one(summed)) if summed and self.chance(0.6) else op("rows")

    def group(self, columns: Columns) -> Term:
        return self.one(columns.dimensions)

    def grain(self, columns: Columns) -> Term:
        """A period of a date column, or a column of years."""
        if columns.years and (not columns.times or self.chance(0.5)):
            return self.one(columns.years)
        time = self.one(columns.times)
        return op(self.random.choices(("month", "year", "quarter", "week", "day"), (45, 25, 12, 8, 10))[0], time)

    def filters(self, columns: Columns, most: int = 2, beside: Sequence[Term] = ()) -> Term | None:
        """None to `most` conditions on rows, each on another column, and on none of those `beside`."""
        count = self.random.choices(range(most + 1), (45, 42, 13)[: most + 1])[0]
        found: list[Term] = []
        for _ in range(count):
            condition = self.condition(columns)
            if condition is not None and _subject(condition) not in {*beside, *map(_subject, found)}:
                found.append(condition)
        return _all_of(found)

    def few(self, columns: Columns, group: Term) -> int:
        """How many at the top: fewer than there are. Raises ValueError where there are hardly any."""
        there = columns.by_name[group].distinct if isinstance(group, ColumnName) else 10
        options = [number for number in FEW if number < there]
        if not options:
            raise ValueError(group)
        return self.random.choice(options)

    def condition(self, columns: Columns) -> Term | None:
        """One condition that some rows pass."""
        kinds = ("cell", "number", "period", "not", "cells", "missing", "text", "flag", "year")
        draw = {
            "cell": self._cell, "number": self._number, "period": self._period, "not": self._other_cell, "cells": self._cells,
            "missing": self._missing, "text": self._text, "flag": self._flag, "year": self._year,
        }[self.random.choices(kinds, (46, 16, 12, 4, 6, 3, 4, 4, 8))[0]]  # fmt: skip
        try:
            return draw(columns)
        except (IndexError, ValueError):
            return None

    def _value(self, columns: Columns, name: ColumnName) -> Cell:
        values = [value for value, _ in columns.by_name[name].frequent if value not in (None, "")]
        return self.random.choice(values)

    def _cell(self, columns: Columns) -> Term:
        name = self.one((*columns.dimensions, *columns.dimensions, *columns.labels))
        return op("eq", name, Literal(self._value(columns, name)))

    def _other_cell(self, columns: Columns) -> Term:
        name = self.one(columns.dimensions)
        return op("ne", name, Literal(self._value(columns, name)))

    def _cells(self, columns: Columns) -> Term:
        name = self.one(columns.dimensions)
        values = self.random.sample([value for value, _ in columns.by_name[name].frequent if value not in (None, "")], 2)
        return op("or", *(op("eq", name, Literal(value)) for value in values))

    def _number(self, columns: Columns) -> Term:
        name = self.one(columns.measures)
        low, middle = self._quantiles(name)
        comparison = self.random.choices(("gt", "ge", "lt", "le", "between"), (40, 20, 22, 8, 10))[0]
        if comparison == "between":
            if low == middle:
                raise ValueError(name)
            return op("between", name, Literal(low), Literal(middle))
        return op(comparison, name, Literal(self.random.choice((low, middle))))

    def _quantiles(self, name: ColumnName) -> tuple[int | float, int | float]:
        """Two round numbers inside the range of a column."""
        places = sorted(self.random.choices((0.1, 0.25, 0.5, 0.6, 0.75, 0.9), k=2))
        query = f"SELECT {', '.join(f'quantile_cont({_quoted(name.column)}, {p})::DOUBLE' for p in places)} FROM {_quoted(name.table)}"
        found = self.connection.execute(query).fetchone() or (0.0, 0.0)
        low, high = (_round(float(value or 0), self.random) for value in found)
        return low, high

    def _period(self, columns: Columns) -> Term:
        name = self.one(columns.times)
        return op("during", name, self.days(columns.by_name[name]))

    def _year(self, columns: Columns) -> Term:
        name = self.one(columns.years)
        column = columns.by_name[name]
        first, last = int(str(column.minimum)), int(str(column.maximum))
        year = self.random.randint(first, last)
        shape = self.random.choices(("eq", "ge", "gt", "lt", "between"), (60, 10, 12, 8, 10))[0]
        if shape == "between":
            return op("between", name, Literal(min(year, last - 1)), Literal(self.random.randint(min(year, last - 1) + 1, last)))
        return op(shape, name, Literal(year))

    def days(self, column: Column) -> Days:
        """A period within the range of a date column: a year, a month, a quarter, some years, or a day."""
        first, last = date.fromisoformat(str(column.minimum)[:10]), date.fromisoformat(str(column.maximum)[:10])
        day = date.fromordinal(self.random.randint(first.toordinal(), last.toordinal()))
        shapes = ("year", "month", "quarter", "years", "half", "day") if first.year != last.year else ("month", "quarter", "day", "week")
        shape = self.random.choice(shapes)
        if shape == "year":
            return Days(f"{day.year}-01-01", f"{day.year + 1}-01-01")
        if shape == "years":
            later = self.random.randint(day.year, last.year)
            return Days(f"{day.year}-01-01", f"{later + 1}-01-01")
        if shape == "day":
            return Days(day.isoformat(), date.fromordinal(day.toordinal() + 1).isoformat())
        if shape == "week":
            return Days(day.isoformat(), date.fromordinal(day.toordinal() + 7).isoformat())
        months = {"month": 1, "quarter": 3, "half": 6}[shape]
        start = (day.month - 1) // months * months + 1
        after = start + months
        return Days(f"{day.year}-{start:02d}-01", f"{day.year + (after > 12)}-{(after - 1) % 12 + 1:02d}-01")

    def _missing(self, columns: Columns) -> Term:
        gaps = [name for name, column in columns.by_name.items() if column.missing and name.table == columns.table.name]
        return op(self.random.choices(("missing", "present"), (3, 1))[0], self.one(gaps))

    def _text(self, columns: Columns) -> Term:
        name = self.one(columns.labels or columns.dimensions)
        words = [word for word in str(self._value(columns, name)).split() if len(word) > 3 and word.isalpha()]
        return op(self.random.choices(("contains", "starts"), (3, 1))[0], name, Literal(self.random.choice(words)))

    def _flag(self, columns: Columns) -> Term:
        return op("eq", self.one(columns.flags), Literal(self.chance(0.75)))

    def order(self, term: Term, descending: float = 0.78) -> Order:
        return Order(term, self.chance(descending))

    # ------------------------------------------------------------------------------------------------ kinds
    def single(self, columns: Columns) -> Plan:
        measures = [self.measure(columns)]
        if columns.measures and self.chance(0.18):
            measures = [op(name, self.one(columns.measures)) for name in self.random.sample(("avg", "min", "max", "sum"), 2)]
        return Select(tuple(measures), where=self.filters(columns), tables=(columns.table.name,) if measures == [op("rows")] else ())

    def grouped(self, columns: Columns) -> Plan:
        measures = [self.measure(columns)]
        if self.chance(0.2):
            measures.append(self.measure(columns))
        order = (self.order(measures[0]),) if self.chance(0.25) else ()
        group = self.group(columns)
        return Select((group, *dict.fromkeys(measures)), where=self.filters(columns, 1, [group]), order=order)

    def grouped_twice(self, columns: Columns) -> Plan:
        one, other = self.random.sample(columns.dimensions, 2)
        return Select((one, other, self.measure(columns)), where=self.filters(columns, 1, [one, other]))

    def top_groups(self, columns: Columns) -> Plan:
        measure, group = self.measure(columns), self.group(columns)
        outputs = (group, measure) if self.chance(0.55) else (group,)
        where = self.filters(columns, 1, [group])
        return Select(outputs, where=where, order=(self.order(measure),), limit=self.few(columns, group))

    def top_rows(self, columns: Columns) -> Plan:
        by, label = self.one(columns.measures), self.one(columns.labels)
        outputs = (label, by) if self.chance(0.5) else (label,)
        return Select(outputs, where=self.filters(columns, 1), order=(self.order(by),), limit=self.random.choice(FEW))

    def listed(self, columns: Columns) -> Plan:
        label = self.one(columns.labels or columns.dimensions)
        others = [name for name in columns.by_name if name.table == columns.table.name and name != label]
        more = self.random.sample(others, min(len(others), self.random.choices((0, 1, 2, 3), (50, 28, 15, 7))[0]))
        where = self.filters(columns)
        if where is None:
            where = self.condition(columns)
        order = (self.order(self.one(columns.measures), 0.6),) if columns.measures and self.chance(0.15) else ()
        return Select((label, *more), distinct=not columns.labels and not order, where=where, order=order)

    def looked_up(self, columns: Columns) -> Plan:
        label = self.one(columns.labels)
        others = [name for name in columns.by_name if name.table == columns.table.name and name != label]
        return Select((self.one(others),), where=op("eq", label, Literal(self._value(columns, label))))

    def trend(self, columns: Columns) -> Plan:
        grain, measures = self.grain(columns), [self.measure(columns)]
        split = (self.one(columns.dimensions),) if columns.dimensions and self.chance(0.2) else ()
        return Select((grain, *split, *measures), where=self.filters(columns, 1, split), order=(Order(grain),))

    def peak(self, columns: Columns) -> Plan:
        grain, measure = self.grain(columns), self.measure(columns)
        outputs = (grain, measure) if self.chance(0.5) else (grain,)
        return Select(outputs, where=self.filters(columns, 1), order=(self.order(measure),), limit=1)

    def in_period(self, columns: Columns) -> Plan:
        period = self._period(columns) if columns.times and self.chance(0.7) else self._year(columns)
        group = (self.group(columns),) if columns.dimensions and self.chance(0.4) else ()
        more = self.filters(columns, 1, [*group, _subject(period) or period])
        return Select((*group, self.measure(columns)), where=_all_of([period, *filter(None, [more])]))

    def recurring(self, columns: Columns) -> Plan:
        part = op(self.random.choice(("month_of_year", "weekday", "quarter_of_year", "weekday", "month_of_year")), self.one(columns.times))
        measure = self.measure(columns)
        if self.chance(0.35):
            return Select((part,) if self.chance(0.4) else (part, measure), order=(self.order(measure),), limit=1)
        return Select((part, measure), where=self.filters(columns, 1), order=(Order(part),))

    def shared(self, columns: Columns) -> Plan:
        measure = self.amount(columns)
        if self.chance(0.4):
            condition = self.condition(columns) if self.chance(0.4) else self._cell(columns)
            if condition is None:
                raise ValueError(measure)
            where = self.filters(columns, 1, [_subject(condition) or condition]) if self.chance(0.3) else None
            return Select((op("portion", measure, condition),), where=where)
        group = self.group(columns)
        outputs = (group, op("share", measure)) if self.chance(0.7) else (group, measure, op("share", measure))
        return Select(outputs, where=self.filters(columns, 1, [group]))

    def share_of_group(self, columns: Columns) -> Plan:
        measure = self.amount(columns)
        if self.chance(0.5):
            condition = self._cell(columns)
            group = next(name for name in columns.dimensions if name != _subject(condition))
            return Select((group, op("portion", measure, condition)))
        one, other = self.random.sample(columns.dimensions, 2)
        return Select((one, other, op("share_within", measure, one)))

    def moved(self, columns: Columns) -> Plan:
        grain, measure = self.grain(columns), self.measure(columns)
        kind = self.random.choices(("change", "growth", "growth_year", "running", "moving"), (25, 35, 12, 18, 10))[0]
        if kind == "growth_year" and not (isinstance(grain, Operation) and grain.name in ("month", "quarter")):
            kind = "growth"
        measure = self.amount(columns) if kind == "running" else measure
        moved = op(kind, measure, Literal(self.random.choice((3, 3, 7, 12, 30)))) if kind == "moving" else op(kind, measure)
        outputs = (grain, moved) if self.chance(0.35) else (grain, measure, moved)
        return Select(outputs, where=self.filters(columns, 1), order=(Order(grain),))

    def side_by_side(self, columns: Columns) -> Plan:
        name = self.one([name for name in columns.dimensions if columns.by_name[name].distinct > 2])
        one, other = self.random.sample([value for value, _ in columns.by_name[name].frequent if value not in (None, "")], 2)
        tests = [op("eq", name, Literal(value)) for value in (one, other)]
        measure = self.measure(columns)
        if self.chance(0.7):
            return Select((name, measure), where=op("or", *tests))
        return Select((op("sub", *(op("only", measure, test) for test in tests)),))

    def having(self, columns: Columns) -> Plan:
        group, measure = self.group(columns), self.measure(columns)
        compiled = compile_plan(Select((group, measure)), self.schema).sql("duckdb")
        sizes = sorted(row[1] for row in self.connection.execute(compiled).fetchall() if isinstance(row[1], int | float))
        bound = _round(float(sizes[int(len(sizes) * self.random.choice((0.3, 0.5, 0.7)))]), self.random)
        test = op(self.random.choices(("gt", "ge", "lt"), (6, 3, 2))[0], measure, Literal(bound))
        outputs = (group, measure) if self.chance(0.5) else (group,)
        return Select(outputs, having=test, where=self.filters(columns, 1) if self.chance(0.3) else None)

    def count_of_groups(self, columns: Columns) -> Plan:
        name = self.one((*columns.dimensions, *columns.labels))
        if self.chance(0.5):
            return Select((op("distinct", name),), where=self.filters(columns, 1))
        return Select((name,), distinct=True, where=self.filters(columns, 1))

    def top_of_each(self, columns: Columns) -> Plan:
        group = self.group(columns)
        limit = self.random.choice((1, 1, 2, 3))
        if columns.labels and columns.measures and self.chance(0.55):
            by = self.one(columns.measures)
            return Select((group, self.one(columns.labels), by), order=(self.order(by),), limit=limit, per=(group,))
        other = self.one([name for name in columns.dimensions if name != group])
        measure = self.measure(columns)
        return Select((group, other, measure), order=(self.order(measure),), limit=limit, per=(group,))

    def calculated(self, columns: Columns) -> Plan:
        one, other = self.random.sample(columns.measures, 2)
        kind = self.random.choices(("div", "sub", "add", "mul"), (50, 20, 15, 15))[0]
        term = op(kind, op("sum", one), op("sum", other)) if kind != "mul" else op("sum", op("mul", one, other))
        group = (self.group(columns),) if columns.dimensions and self.chance(0.5) else ()
        order = (Order(term, True),) if group and self.chance(0.4) else ()
        limit = self.few(columns, group[0]) if order and self.chance(0.6) else None
        return Select((*group, term), where=self.filters(columns, 1, group), order=order, limit=limit)

    def statistical(self, columns: Columns) -> Plan:
        roll = self.random.random()
        if roll < 0.4:
            return Select((op("corr", *self.random.sample(columns.measures, 2)),), where=self.filters(columns, 1))
        name = self.one(columns.measures)
        if roll < 0.7:
            group = (self.group(columns),) if columns.dimensions and self.chance(0.4) else ()
            term = (
                op("quantile", name, Literal(self.random.choice((0.9, 0.95, 0.75, 0.25, 0.1)))) if self.chance(0.5) else op("stddev", name)
            )
            return Select((*group, term))
        low, high = float(str(columns.by_name[name].minimum)), float(str(columns.by_name[name].maximum))
        width = _round((high - low) / self.random.choice((5, 8, 10, 20)), self.random)
        if not width or width <= 0:
            raise ValueError(name)
        bins = op("bin", name, Literal(width))
        return Select((bins, op("rows")), order=(Order(bins),))

    def above_average(self, columns: Columns) -> Plan:
        name = self.one(columns.measures)
        test = op(self.random.choice(("gt", "gt", "lt")), name, Select((op("avg", name),)))
        shown: Term = op("rows") if not columns.labels or self.chance(0.4) else self.one(columns.labels)
        return Select((shown,), where=test)

    def latest(self, columns: Columns) -> Plan:
        time = self.one((*columns.times, *columns.years))
        kind = self.random.choices(("latest", "earliest"), (4, 1))[0]
        if columns.labels and self.chance(0.4):
            return Select((self.one(columns.labels),), order=(Order(time, kind == "latest"),), limit=self.random.choice((1, 1, 3, 5)))
        where = op(kind, time)
        group = (self.group(columns),) if columns.dimensions and self.chance(0.3) else ()
        return Select((*group, self.measure(columns)), where=where)

    def dates(self, columns: Columns) -> Plan:
        time = self.one((*columns.times, *columns.years))
        name = self.random.choice(("min", "max"))
        return Select((op(name, time),), where=self.filters(columns, 1))

    def never(self, columns: Columns) -> Plan:
        """Rows of a parent that have no, or some, rows of a child."""
        joins = [join for join in self.schema.joins if join.parent_table == columns.table.name and join.table != columns.table.name]
        join = self.random.choice(joins)
        key = ColumnName(join.parent_table, join.parent_column)
        label = self.one(columns.labels)
        inner = Select((ColumnName(join.table, join.column),))
        shown: tuple[Term, ...] = (op("rows"),) if self.chance(0.3) else (label,)
        return Select(shown, where=op(self.random.choices(("not_in", "in"), (4, 1))[0], key, inner), tables=(columns.table.name,))

    def both(self, columns: Columns) -> Plan:
        """What occurs with one cell and with another, or with one but not the other."""
        name, shown = self.random.sample((*columns.dimensions, *columns.labels), 2)
        one, other = self.random.sample([value for value, _ in columns.by_name[name].frequent if value not in (None, "")], 2)
        sides = [Select((shown,), where=op("eq", name, Literal(value))) for value in (one, other)]
        return Combined(self.random.choice(("intersect", "intersect", "except")), sides[0], sides[1])

    def children(self, columns: Columns) -> Plan:
        """How many rows of a child each row of a parent has, or the sum of a figure of theirs."""
        join = self.random.choice([join for join in self.schema.joins if join.table == columns.table.name])
        parent = columns_of(self.schema, self.schema.table(join.parent_table) or columns.table)
        label = self.one(parent.labels)
        measure = self.measure(columns)
        if measure != op("rows") or self.chance(0.9):
            order = (self.order(measure),)
            limit = self.random.choice(FEW)
            outputs: tuple[Term, ...] = (label, measure) if self.chance(0.6) else (label,)
            return Select(outputs, order=order, limit=limit, where=self.filters(columns, 1), tables=(columns.table.name,))
        return Select((label, measure), tables=(columns.table.name,))

    # ------------------------------------------------------------------------------------------------ follow-ups
    def follow(self, plan: Plan) -> tuple[str, Plan] | None:
        """A question that goes on from a plan: how it changes it, and the plan that comes of it."""
        if not isinstance(plan, Select) or plan.per:
            return None
        named = next((term.table for term in walk(plan) if isinstance(term, ColumnName)), plan.tables[0] if plan.tables else "")
        columns = next((one for one in self.tables if one.table.name == named), None)
        for _ in range(TRIES if columns else 0):
            kind = self.random.choice(tuple(CHANGES))
            try:
                changed = CHANGES[kind](self, plan, columns)
            except (IndexError, KeyError, ValueError, StopIteration):
                continue
            if changed != plan and self.gives_rows(changed):
                return kind, changed
        return None

    def _narrow(self, plan: Select, columns: Columns) -> Select:
        condition = self.condition(columns)
        used = {_subject(part) for part in walk(plan.where) if isinstance(part, Operation)} if plan.where else set[Term | None]()
        if condition is None or _subject(condition) in {*used, *plan.outputs}:
            raise ValueError(plan)
        return with_where(plan, condition)

    def _swap_cell(self, plan: Select, columns: Columns) -> Select:
        where = plan.where
        if not isinstance(where, Operation) or where.name != "eq" or not isinstance(where.arguments[0], ColumnName):
            raise ValueError(plan)
        return replace(plan, where=op("eq", where.arguments[0], Literal(self._value(columns, where.arguments[0]))))

    def _widen(self, plan: Select, columns: Columns) -> Select:
        if plan.where is None:
            raise ValueError(plan)
        return replace(plan, where=None)

    def _regroup(self, plan: Select, columns: Columns) -> Select:
        place = next(at for at, term in enumerate(plan.outputs) if isinstance(term, ColumnName) and term in columns.dimensions)
        if not any(isinstance(term, Operation) for term in plan.outputs):
            raise ValueError(plan)
        other = self.group(columns)
        if other in plan.outputs:
            raise ValueError(plan)
        return replace(plan, outputs=tuple(other if at == place else term for at, term in enumerate(plan.outputs)))

    def _drill(self, plan: Select, columns: Columns) -> Select:
        group = self.grain(columns) if self.chance(0.35) else self.group(columns)
        measured = [term for term in plan.outputs if aggregates(term)]
        if group in plan.outputs or not measured or plan.limit is not None or len(plan.outputs) > 2:
            raise ValueError(plan)
        kept = tuple(term for term in plan.outputs if not aggregates(term))
        return replace(plan, outputs=(*kept, group, *measured))

    def _remeasure(self, plan: Select, columns: Columns) -> Select:
        before = next(term for term in plan.outputs if isinstance(term, Operation) and term.name in ("rows", "sum", "avg", "max", "min"))
        other = self.measure(columns)
        outputs = tuple(other if term == before else term for term in plan.outputs)
        order = tuple(replace(one, term=other) if one.term == before else one for one in plan.order)
        return replace(plan, outputs=outputs, order=order)

    def _recount(self, plan: Select, columns: Columns) -> Select:
        if plan.limit is None:
            measure = next(term for term in plan.outputs if aggregates(term))
            if not any(isinstance(term, ColumnName) for term in plan.outputs) or plan.order:
                raise ValueError(plan)
            return replace(plan, order=(self.order(measure),), limit=self.random.choice((1, 3, 5)))
        return replace(plan, limit=self.random.choice((1, 3, 5, 10)))

    def _turn(self, plan: Select, columns: Columns) -> Select:
        if plan.limit is None:
            raise ValueError(plan)
        return replace(plan, order=tuple(replace(one, descending=not one.descending) for one in plan.order))

    def _into_shares(self, plan: Select, columns: Columns) -> Select:
        measure = next(term for term in plan.outputs if isinstance(term, Operation) and term.name in ("rows", "sum"))
        if len(plan.outputs) != 2 or plan.limit is not None:
            raise ValueError(plan)
        time = plan.outputs[0]
        along = isinstance(time, Operation) or time in columns.years
        kind = self.random.choice(("growth", "change", "running")) if along else "share"
        return replace(plan, outputs=(time, op(kind, measure)))


def averaged(name: ColumnName) -> bool:
    """Whether nobody adds a column's figures up, as far as its header tells."""
    return bool(NEVER_SUMMED & set(header_words(name.column)))


NEVER_SUMMED = frozenset(
    ("age", "rate", "pct", "percent", "percentage", "score", "rating", "index", "ratio", "price", "temperature", "temp", "avg", "mean",
     "median", "share", "prop", "proportion", "height", "lat", "lon", "latitude", "longitude", "rank", "grade", "level", "bmi", "ph", "id",
     "size", "speed", "mpg", "year", "month", "day", "week", "season", "episode", "visit", "density", "depth", "width", "length", "hour",
     "时长", "年龄", "单价", "评分", "比例", "率", "温度", "身高", "体重", "得分", "分数")
)  # fmt: skip
"""Words of headers whose figures are averaged."""


def table_is_askable(columns: Columns) -> bool:
    """Whether a table has something to count or measure by something."""
    return columns.table.rows >= 4 and bool(columns.measures or columns.dimensions or columns.labels)


def _subject(condition: Term) -> Term | None:
    """The column that a condition is about."""
    if not isinstance(condition, Operation):
        return None
    first = condition.arguments[0]
    return _subject(first) if isinstance(first, Operation) else first


def _all_of(conditions: Sequence[Term]) -> Term | None:
    joined: Term | None = None
    for condition in reversed(conditions):
        joined = condition if joined is None else op("and", condition, joined)
    return joined


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _round(value: float, chance: random.Random) -> int | float:
    """A number as people say it: one or two digits that count."""
    digits = chance.choice((1, 2, 2))
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() else rounded


WEIGHTED: tuple[tuple[str, float], ...] = (
    ("single", 12), ("grouped", 14), ("grouped_twice", 3), ("top_groups", 10), ("top_rows", 9), ("listed", 8), ("looked_up", 4),
    ("trend", 8), ("peak", 3), ("in_period", 7), ("recurring", 3), ("shared", 6), ("share_of_group", 2), ("moved", 6),
    ("side_by_side", 3), ("having", 4), ("count_of_groups", 4), ("top_of_each", 4), ("calculated", 3), ("statistical", 3),
    ("above_average", 2.5), ("latest", 3), ("dates", 1.5), ("never", 2), ("both", 1.5), ("children", 3),
)  # fmt: skip
"""Kinds of questions and how often they are drawn."""
KINDS = tuple(kind for kind, _ in WEIGHTED)
DRAWN: dict[str, Callable[[Sampler, Columns], Plan]] = {kind: getattr(Sampler, kind) for kind in KINDS}


CHANGES: dict[str, Callable[[Sampler, Select, Columns], Select]] = {
    "narrow": Sampler._narrow, "swap a cell": Sampler._swap_cell, "widen": Sampler._widen, "regroup": Sampler._regroup,
    "drill": Sampler._drill, "another figure": Sampler._remeasure, "how many": Sampler._recount, "the other end": Sampler._turn,
    "as shares or changes": Sampler._into_shares,
}  # fmt: skip
"""Ways in which a question goes on from the one before."""


def with_where(plan: Select, condition: Term) -> Select:
    """A query with one more condition."""
    return replace(plan, where=condition if plan.where is None else op("and", plan.where, condition))
