"""From a plan to a sqlglot tree in DuckDB's dialect: names quoted, tables joined, groups found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import expressions as exp

from analyst.columns.roles import kind_of
from analyst.plan.algebra import (
    ColumnName,
    Combined,
    Days,
    Inexpressible,
    Literal,
    Operation,
    Order,
    Plan,
    Select,
    Term,
    aggregates,
    tables_of,
    walk,
)
from analyst.plan.joins import join_steps
from analyst.plan.labels import labels
from analyst.terms import Join, Language, Schema

TIME_ORDERED = frozenset(("year", "quarter", "month", "week", "day", "hour", "quarter_of_year", "month_of_year", "hour_of_day"))
"""Operators whose values stand in the order of time."""
FIRST_YEAR, LAST_YEAR = 1500, 2200
"""A whole number between them can be a year."""


def compile_plan(plan: Plan, schema: Schema, language: Language | None = None) -> exp.Query:
    """The query that a plan asks for; with a language, what is calculated gets a name in it.

    Raises Inexpressible where tables cannot be joined or a part makes no sense.
    """
    if isinstance(plan, Combined):
        return _combined(plan, schema)
    query = _Compiler(plan, schema).query()
    if language:
        query.set("expressions", _named(query.expressions, labels(plan.outputs, language)))
    return query


def _named(outputs: Sequence[exp.Expr], names: Sequence[str]) -> list[exp.Expr]:
    """The outputs of a query with aliases; a column keeps its own name where no other output has it."""
    keep = (exp.Column, exp.Star)
    own = [output.name if isinstance(output, keep) else "" for output in outputs]
    return [
        output if isinstance(output, keep) and own.count(output.name) == 1 else exp.alias_(output, name, quoted=True)
        for output, name in zip(outputs, names, strict=True)
    ]


def _combined(plan: Combined, schema: Schema) -> exp.Query:
    left, right = (_bare(compile_plan(side, schema)) for side in (plan.left, plan.right))
    kind = {"intersect": exp.Intersect, "except": exp.Except}.get(plan.kind, exp.Union)
    return kind(this=left, expression=right, distinct=plan.kind != "union_all")


def _bare(query: exp.Query) -> exp.Query:
    """A query that can stand in a set operation: one that is ordered or cut becomes a subquery."""
    if query.args.get("limit") or query.args.get("order"):
        return exp.select("*").from_(query.subquery("part"))
    return query


@dataclass(slots=True)
class _Compiler:
    """One query on its way."""

    select: Select
    schema: Schema
    aliases: dict[str, str] = field(default_factory=dict)

    def query(self) -> exp.Select:
        select = self.select
        tables = tables_of(select)
        if not tables:
            raise Inexpressible("no table takes part")
        query = self._from(tables)
        outputs = [self.term(output) for output in select.outputs]
        query = query.select(*outputs)
        if select.distinct:
            query = query.distinct()
        if select.where is not None:
            query = query.where(self.term(select.where))
        groups = self._groups()
        if groups:
            query = query.group_by(*(self.term(group) for group in groups))
        if select.having is not None:
            query = query.having(self.term(select.having))
        return self._cut(query)

    def _from(self, tables: Sequence[str]) -> exp.Select:
        query = exp.Select().from_(_table(tables[0]))
        for table, join in join_steps(tables, self.schema):
            query = query.join(_table(table), on=_joined(join))
        return query

    def _groups(self) -> tuple[Term, ...]:
        """What an aggregating query groups by: outputs and sort keys without an aggregate, and the groups not shown."""
        select = self.select
        told = (*select.outputs, *(order.term for order in select.order), *((select.having,) if select.having else ()))
        if not select.groups and not any(map(aggregates, told)):
            return ()
        shown = [term for term in (*select.outputs, *select.groups, *select.per) if _groups_rows(term)]
        ordered = [order.term for order in select.order if _groups_rows(order.term)]
        return tuple(dict.fromkeys((*shown, *ordered)))

    def _cut(self, query: exp.Select) -> exp.Select:
        select = self.select
        if select.per and select.limit is not None:
            rank = exp.Window(
                this=exp.RowNumber(),
                partition_by=[self.term(term) for term in select.per],
                order=exp.Order(expressions=[self._ordered(order) for order in select.order]),
            )
            query.set("qualify", exp.Qualify(this=exp.LTE(this=rank, expression=exp.Literal.number(select.limit))))
            per = [exp.Ordered(this=self.term(term), nulls_first=False) for term in select.per if term in select.outputs]
            return query.order_by(*per, *(self._ordered(order) for order in select.order))
        if select.order:
            query = query.order_by(*(self._ordered(order) for order in select.order))
        return query.limit(select.limit) if select.limit is not None else query

    def _ordered(self, order: Order) -> exp.Ordered:
        return exp.Ordered(this=self.term(order.term), desc=order.descending, nulls_first=False)

    # ------------------------------------------------------------------------------------------------ terms
    def term(self, term: Term) -> exp.Expr:
        """The expression of one term of this query."""
        if isinstance(term, ColumnName):
            return exp.column(term.column, table=term.table, quoted=True)
        if isinstance(term, Literal):
            return exp.convert(term.value)
        if isinstance(term, Days):
            raise Inexpressible("a period that nothing is compared with")
        if isinstance(term, Select | Combined):
            return exp.paren(compile_plan(term, self.schema)) if isinstance(term, Combined) else compile_plan(term, self.schema).subquery()
        return self._operation(term)

    def _operation(self, term: Operation) -> exp.Expr:
        special = _SPECIAL.get(term.name)
        if special:
            return special(self, term.arguments)
        simple = _SIMPLE.get(term.name)
        if simple is None:
            raise Inexpressible(term.name)
        return simple(*(self.term(argument) for argument in term.arguments))

    def type_of(self, term: Term) -> str:
        """The kind of a term's values, as `kind_of` names kinds of columns; other where it is not known."""
        if isinstance(term, ColumnName):
            table = self.schema.table(term.table)
            column = table.column(term.column) if table else None
            return kind_of(column.type) if column else "other"
        if isinstance(term, Operation) and term.name in ("quarter", "month", "week", "day"):
            return "date"
        if isinstance(term, Operation) and term.name in ("min", "max", "only", "at_max", "at_min"):
            return self.type_of(term.arguments[0])
        if isinstance(term, Operation):
            return "text" if term.name == "weekday" else "number"
        return "other"

    def moment(self, term: Term) -> exp.Expr:
        """A term as a moment: text that holds dates is cast."""
        expression = self.term(term)
        return exp.TryCast(this=expression, to=exp.DataType.build("TIMESTAMP")) if self.type_of(term) == "text" else expression

    def comparison(self, kind: type[exp.Expr], arguments: tuple[Term, ...]) -> exp.Expr:
        """Two terms compared; a literal takes the type of what it is compared with."""
        left, right = arguments
        return kind(this=self.term(left), expression=self.like(left, right))

    def like(self, term: Term, literal: Term) -> exp.Expr:
        """A literal as a value of the term's type."""
        if isinstance(literal, Days):
            literal = Literal(literal.start)
        if not isinstance(literal, Literal):
            return self.term(literal)
        value, kind = literal.value, self.type_of(term)
        if kind == "text" and not isinstance(value, str):
            return exp.Literal.string(_plain(value))
        if kind in ("number", "integer") and isinstance(value, str):
            return _as_number(value)
        if kind == "date" and isinstance(value, int | float) and FIRST_YEAR < value < LAST_YEAR:
            return exp.Literal.string(f"{int(value)}-01-01")
        return exp.convert(value)

    def time_group(self) -> Term:
        """The group of this query along which time runs. Raises Inexpressible where there is none."""
        groups = [term for term in (*self.select.outputs, *self.select.groups) if _groups_rows(term)]
        for term in groups:
            if isinstance(term, Operation) and term.name in TIME_ORDERED:
                return term
        for term in groups:
            if self.type_of(term) == "date" or _is_year(term, self.schema):
                return term
        raise Inexpressible("nothing tells what came before")

    def along_time(self, function: exp.Expr, frame: exp.WindowSpec | None = None) -> exp.Expr:
        """A window over the rows in the order of time, apart for each of the other groups."""
        time = self.time_group()
        others = [self.term(term) for term in (*self.select.outputs, *self.select.groups) if _groups_rows(term) and term != time]
        order = exp.Order(expressions=[exp.Ordered(this=self.term(time), nulls_first=False)])
        return exp.Window(this=function, partition_by=others, order=order, spec=frame)


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def _joined(join: Join) -> exp.Expr:
    return exp.EQ(
        this=exp.column(join.column, table=join.table, quoted=True),
        expression=exp.column(join.parent_column, table=join.parent_table, quoted=True),
    )


def _groups_rows(term: Term) -> bool:
    """Whether a term of an aggregating query is one of its groups."""
    if isinstance(term, Literal | Select | Combined) or aggregates(term):
        return False
    return any(isinstance(part, ColumnName) for part in walk(term))


def _is_year(term: Term, schema: Schema) -> bool:
    """Whether a column holds years as whole numbers."""
    if not isinstance(term, ColumnName):
        return False
    table = schema.table(term.table)
    column = table.column(term.column) if table else None
    ends = (column.minimum, column.maximum) if column and kind_of(column.type) == "integer" else ()
    return bool(ends) and all(isinstance(end, int) and FIRST_YEAR < end < LAST_YEAR for end in ends)


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _as_number(text: str) -> exp.Expr:
    try:
        float(text)
    except ValueError:
        return exp.Literal.string(text)
    return exp.Literal.number(text)


# ------------------------------------------------------------------------------------------------ operators
Arguments = tuple[Term, ...]


def _truncated(unit: str) -> Callable[[_Compiler, Arguments], exp.Expr]:
    def build(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
        if unit == "year" and compiler.type_of(arguments[0]) in ("number", "integer"):
            return compiler.term(arguments[0])
        cut = exp.TimestampTrunc(this=compiler.moment(arguments[0]), unit=exp.var(unit.upper()))
        return cut if unit == "hour" else exp.cast(cut, "DATE")

    return build


def _part(name: str) -> Callable[[_Compiler, Arguments], exp.Expr]:
    def build(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
        if name == "year" and compiler.type_of(arguments[0]) in ("number", "integer"):
            return compiler.term(arguments[0])
        return exp.func(name, compiler.moment(arguments[0]), dialect="duckdb")

    return build


def _comparison(kind: type[exp.Expr]) -> Callable[[_Compiler, Arguments], exp.Expr]:
    return lambda compiler, arguments: compiler.comparison(kind, arguments)


def _between(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    term, low, high = arguments
    return exp.Between(this=compiler.term(term), low=compiler.like(term, low), high=compiler.like(term, high))


def _pattern(before: str, after: str) -> Callable[[_Compiler, Arguments], exp.Expr]:
    def build(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
        term, text = arguments
        if not isinstance(text, Literal):
            raise Inexpressible("a pattern that is no text")
        subject = compiler.term(term)
        if compiler.type_of(term) not in ("text", "other"):
            subject = exp.cast(subject, "VARCHAR")
        return exp.ILike(this=subject, expression=exp.Literal.string(f"{before}{_plain(text.value)}{after}"))

    return build


def _during(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    """A term within a period: days by their range, years as numbers by the years it touches."""
    term, period = arguments
    if not isinstance(period, Days):
        return compiler.comparison(exp.EQ, (term, period))
    if compiler.type_of(term) in ("number", "integer"):
        first, last = date.fromisoformat(period.start).year, _last_day(period).year
        if first == last:
            return exp.EQ(this=compiler.term(term), expression=exp.Literal.number(first))
        return exp.Between(this=compiler.term(term), low=exp.Literal.number(first), high=exp.Literal.number(last))
    moment = compiler.moment(term)
    after = exp.GTE(this=moment, expression=exp.Literal.string(period.start))
    return exp.and_(after, exp.LT(this=moment.copy(), expression=exp.Literal.string(period.end)))


def _last_day(period: Days) -> date:
    return date.fromordinal(date.fromisoformat(period.end).toordinal() - 1)


def _extreme(function: type[exp.AggFunc]) -> Callable[[_Compiler, Arguments], exp.Expr]:
    """A column at its greatest or least value over all rows of its table."""

    def build(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
        (term,) = arguments
        tables = tuple(dict.fromkeys(part.table for part in walk(term) if isinstance(part, ColumnName)))
        if len(tables) != 1:
            raise Inexpressible("the extreme of several tables")
        inner = exp.Select().select(function(this=compiler.term(term))).from_(_table(tables[0]))
        return exp.EQ(this=compiler.term(term), expression=inner.subquery())

    return build


def _member(negated: bool) -> Callable[[_Compiler, Arguments], exp.Expr]:
    def build(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
        term, query = arguments
        if not isinstance(query, Select | Combined):
            raise Inexpressible("in what is no query")
        inner = compile_plan(query, compiler.schema)
        if negated and isinstance(query, Select) and isinstance(inner, exp.Select) and isinstance(query.outputs[0], ColumnName):
            inner = inner.where(exp.Not(this=exp.Is(this=compiler.term(query.outputs[0]), expression=exp.Null())))
        found = exp.In(this=compiler.term(term), query=inner.subquery())
        return exp.Not(this=found) if negated else found

    return build


def _only(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    """A measure over the rows that pass a condition; in arithmetic each part is filtered."""
    measure, condition = arguments
    if isinstance(measure, Operation) and measure.name in ("add", "sub", "mul", "div"):
        parts = tuple(Operation("only", (part, condition)) if aggregates(part) else part for part in measure.arguments)
        return compiler.term(Operation(measure.name, parts))
    return exp.Filter(this=compiler.term(measure), expression=exp.Where(this=compiler.term(condition)))


def _percent(part: exp.Expr, whole: exp.Expr) -> exp.Expr:
    return exp.Div(
        this=exp.Mul(this=exp.Literal.number("100.0"), expression=part), expression=exp.func("NULLIF", whole, exp.Literal.number(0))
    )


def _portion(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    return _percent(_only(compiler, arguments), compiler.term(arguments[0]))


def _share(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    measure = compiler.term(arguments[0])
    within = [compiler.term(term) for term in arguments[1:]]
    return _percent(measure, exp.Window(this=exp.Sum(this=measure.copy()), partition_by=within))


def _before(compiler: _Compiler, measure: exp.Expr) -> exp.Expr:
    return compiler.along_time(exp.Lag(this=measure))


def _change(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    measure = compiler.term(arguments[0])
    return exp.Sub(this=measure, expression=_before(compiler, measure.copy()))


def _growth(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    before = _before(compiler, compiler.term(arguments[0]))
    return _percent(exp.paren(_change(compiler, arguments)), before)


YEAR_STEPS = {"month": 12, "quarter": 4, "week": 52, "year": 1, "day": 365}


def _growth_year(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    """Against the same period a year before."""
    time = compiler.time_group()
    steps = YEAR_STEPS.get(time.name, 1) if isinstance(time, Operation) else 1
    measure = compiler.term(arguments[0])
    before = compiler.along_time(exp.Lag(this=measure.copy(), offset=exp.Literal.number(steps)))
    return _percent(exp.paren(exp.Sub(this=measure, expression=before)), before.copy())


def _running(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    return compiler.along_time(exp.Sum(this=compiler.term(arguments[0])))


def _moving(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    measure, width = arguments
    if not isinstance(width, Literal) or not isinstance(width.value, int | float) or width.value < 2:
        raise Inexpressible("a moving average over less than two rows")
    frame = exp.WindowSpec(kind="ROWS", start=exp.Literal.number(int(width.value) - 1), start_side="PRECEDING", end="CURRENT ROW")
    return compiler.along_time(exp.Avg(this=compiler.term(measure)), frame)


def _bin(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    term, width = (compiler.term(argument) for argument in arguments)
    return exp.Mul(this=exp.Floor(this=exp.paren(exp.Div(this=term, expression=width))), expression=width.copy())


def _days_between(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    start, end = (exp.cast(compiler.moment(argument), "DATE") for argument in arguments)
    return exp.paren(exp.Sub(this=end, expression=start))


def _if(compiler: _Compiler, arguments: Arguments) -> exp.Expr:
    condition, then, otherwise = (compiler.term(argument) for argument in arguments)
    return exp.Case().when(condition, then).else_(otherwise)


_SPECIAL: dict[str, Callable[[_Compiler, Arguments], exp.Expr]] = {
    "year": _part("year"),
    **{unit: _truncated(unit) for unit in ("quarter", "month", "week", "day", "hour")},
    "quarter_of_year": _part("quarter"),
    "month_of_year": _part("month"),
    "day_of_month": _part("day"),
    "weekday": _part("dayname"),
    "hour_of_day": _part("hour"),
    "bin": _bin,
    "days_between": _days_between,
    "if": _if,
    "eq": _comparison(exp.EQ),
    "ne": _comparison(exp.NEQ),
    "gt": _comparison(exp.GT),
    "ge": _comparison(exp.GTE),
    "lt": _comparison(exp.LT),
    "le": _comparison(exp.LTE),
    "between": _between,
    "contains": _pattern("%", "%"),
    "starts": _pattern("", "%"),
    "ends": _pattern("%", ""),
    "during": _during,
    "latest": _extreme(exp.Max),
    "earliest": _extreme(exp.Min),
    "in": _member(negated=False),
    "not_in": _member(negated=True),
    "only": _only,
    "portion": _portion,
    "share": _share,
    "share_within": _share,
    "change": _change,
    "growth": _growth,
    "growth_year": _growth_year,
    "running": _running,
    "moving": _moving,
}


def _arithmetic(kind: type[exp.Binary]) -> Callable[..., exp.Expr]:
    return lambda left, right: exp.paren(kind(this=left, expression=right))


_SIMPLE: dict[str, Callable[..., exp.Expr]] = {
    "star": exp.Star,
    "rows": lambda: exp.Count(this=exp.Star()),
    "count": lambda term: exp.Count(this=term),
    "distinct": lambda term: exp.Count(this=exp.Distinct(expressions=[term])),
    "sum": lambda term: exp.Sum(this=term),
    "avg": lambda term: exp.Avg(this=term),
    "min": lambda term: exp.Min(this=term),
    "max": lambda term: exp.Max(this=term),
    "median": lambda term: exp.Median(this=term),
    "stddev": lambda term: exp.Stddev(this=term),
    "quantile": lambda term, place: exp.PercentileCont(this=term, expression=place),
    "corr": lambda one, other: exp.Corr(this=one, expression=other),
    "at_max": lambda term, key: exp.ArgMax(this=term, expression=key),
    "at_min": lambda term, key: exp.ArgMin(this=term, expression=key),
    "length": lambda term: exp.Length(this=term),
    "abs": lambda term: exp.Abs(this=term),
    "add": _arithmetic(exp.Add),
    "sub": _arithmetic(exp.Sub),
    "mul": _arithmetic(exp.Mul),
    "div": lambda left, right: exp.paren(exp.Div(this=left, expression=exp.func("NULLIF", right, exp.Literal.number(0)))),
    "and": exp.and_,
    "or": exp.or_,
    "not": lambda condition: exp.Not(this=exp.paren(condition)),
    "missing": lambda term: exp.Is(this=term, expression=exp.Null()),
    "present": lambda term: exp.Not(this=exp.Is(this=term, expression=exp.Null())),
}
