"""From SQL back to a plan: what the algebra can say of a sqlglot tree; the rest stays SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlglot import expressions as exp
from sqlglot import parse_one
from sqlglot.errors import SqlglotError

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
from analyst.terms import Schema

COMBINED: Mapping[type[exp.Expr], str] = {exp.Union: "union", exp.Intersect: "intersect", exp.Except: "except"}
CALCULATED: Mapping[type[exp.Expr], str] = {exp.Add: "add", exp.Sub: "sub", exp.Mul: "mul", exp.Div: "div"}
COMPARED: Mapping[type[exp.Expr], str] = {
    exp.EQ: "eq", exp.NEQ: "ne", exp.GT: "gt", exp.GTE: "ge", exp.LT: "lt", exp.LTE: "le"
}  # fmt: skip
TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
AGGREGATED: Mapping[type[exp.Expr], str] = {
    exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median", exp.Stddev: "stddev",
    exp.StddevSamp: "stddev", exp.Length: "length", exp.Abs: "abs",
}  # fmt: skip
PART_OF_TIME: Mapping[str, str] = {
    "YEAR": "year", "MONTH": "month_of_year", "QUARTER": "quarter_of_year", "DAY": "day_of_month", "HOUR": "hour_of_day",
    "DAYNAME": "weekday", "WEEKDAY": "weekday", "DAYOFMONTH": "day_of_month",
}  # fmt: skip
FORMATTED = {"%Y": "year", "%m": "month_of_year", "%Y-%m": "month", "%A": "weekday", "%H": "hour_of_day"}
WRITTEN_SHORT = frozenset(("share", "share_within", "change", "growth", "growth_year", "running", "moving", "portion", "only"))
GRAIN_UNITS = frozenset(("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR"))


def recover_plan(sql: str, schema: Schema, dialect: str = "duckdb") -> Plan:
    """The plan that a query stands for. Raises Inexpressible where the algebra cannot say a part of it."""
    try:
        tree = parse_one(sql, dialect=dialect)
    except (SqlglotError, RecursionError) as error:
        raise Inexpressible("SQL that cannot be parsed") from error
    return _query(tree, schema)


def _query(tree: exp.Expr, schema: Schema) -> Plan:
    while isinstance(tree, exp.Subquery | exp.Paren):
        tree = tree.this
    kind = COMBINED.get(type(tree))
    if kind:
        if tree.args.get("order") or tree.args.get("limit"):
            raise Inexpressible("a set operation that is ordered or cut")
        kind += "_all" if kind == "union" and not tree.args.get("distinct") else ""
        return Combined(kind, _query(tree.this, schema), _query(tree.expression, schema))
    if not isinstance(tree, exp.Select):
        raise Inexpressible(type(tree).__name__)
    return _Reader.of(tree, schema).select()


@dataclass(slots=True)
class _Reader:
    """One SELECT on its way back."""

    tree: exp.Select
    schema: Schema
    scope: dict[str, str]
    """Name used in this query -> table."""
    aliases: dict[str, exp.Expr] = field(default_factory=dict)
    inside: bool = False

    @classmethod
    def of(cls, tree: exp.Select, schema: Schema) -> _Reader:
        for clause in ("with_", "with", "offset", "windows", "sample"):
            if tree.args.get(clause):
                raise Inexpressible(clause.strip("_"))
        source = tree.args.get("from_") or tree.args.get("from")
        if not source:
            raise Inexpressible("no table")
        joins = tree.args.get("joins") or []
        for join in joins:
            if (join.args.get("side") or "").upper() in ("FULL",) or (join.args.get("kind") or "").upper() in ("SEMI", "ANTI"):
                raise Inexpressible("another join")
        scope: dict[str, str] = {}
        for table in (source.this, *(join.this for join in joins)):
            known = schema.table(table.name) if isinstance(table, exp.Table) else None
            if known is None or not isinstance(table, exp.Table):
                raise Inexpressible("a derived table")
            if known.name in scope.values():
                raise Inexpressible("a table joined to itself")
            scope[(table.alias or table.name).casefold()] = known.name
        aliases = {item.alias.casefold(): item.this for item in tree.expressions if isinstance(item, exp.Alias)}
        return cls(tree, schema, scope, aliases)

    # ------------------------------------------------------------------------------------------------ clauses
    def select(self) -> Select:
        tree = self.tree
        outputs = tuple(self._output(item) for item in tree.expressions)
        where = self.condition(tree.args["where"].this) if tree.args.get("where") else None
        having = self.condition(tree.args["having"].this) if tree.args.get("having") else None
        order = tuple(self._orders(tree.args.get("order"), outputs))
        groups = self._groups(outputs)
        distinct = self._distinct()
        told = (*outputs, *(one.term for one in order), *((having,) if having else ()))
        if groups and not any(map(aggregates, told)) and set(groups) <= set(outputs):
            distinct, groups = True, ()
        extra = tuple(group for group in groups if group not in outputs)
        select = Select(outputs, distinct, where, extra, having, order, self._limit(), ())
        select = self._qualified(select)
        return self._with_tables(select)

    def _output(self, item: exp.Expr) -> Term:
        if isinstance(item, exp.Star):
            if item.args.get("except_") or item.args.get("except"):
                raise Inexpressible("all columns but some")
            return Operation("star")
        return self.term(item)

    def _distinct(self) -> bool:
        distinct = self.tree.args.get("distinct")
        if distinct and distinct.args.get("on"):
            raise Inexpressible("distinct on")
        return bool(distinct)

    def _groups(self, outputs: Sequence[Term]) -> tuple[Term, ...]:
        group = self.tree.args.get("group")
        if not group:
            return ()
        if group.args.get("all"):
            return tuple(term for term in outputs if not aggregates(term))
        if any(group.args.get(kind) for kind in ("cube", "rollup", "grouping_sets", "totals")):
            raise Inexpressible("grouping sets")
        return tuple(dict.fromkeys(self._placed(item, outputs) for item in group.expressions))

    def _orders(self, clause: exp.Expr | None, outputs: Sequence[Term]) -> list[Order]:
        if clause is None:
            return []
        return [Order(self._placed(item.this, outputs), bool(item.args.get("desc"))) for item in clause.expressions]

    def _placed(self, item: exp.Expr, outputs: Sequence[Term]) -> Term:
        """A term of GROUP BY or ORDER BY, which may be the place of an output."""
        if isinstance(item, exp.Literal) and item.is_int and 0 < int(item.name) <= len(outputs):
            return outputs[int(item.name) - 1]
        return self.term(item)

    def _limit(self) -> int | None:
        limit = self.tree.args.get("limit")
        if not limit:
            return None
        count = limit.expression if isinstance(limit, exp.Limit) else limit.args.get("count")
        if not isinstance(count, exp.Literal) or not count.is_int:
            raise Inexpressible("a limit that is no number")
        return int(count.name)

    def _qualified(self, select: Select) -> Select:
        """QUALIFY row_number() OVER (PARTITION BY … ORDER BY …) <= n is the limit of each group."""
        qualify = self.tree.args.get("qualify")
        if not qualify:
            return select
        test = qualify.this
        window = test.this if isinstance(test, exp.LTE | exp.EQ) else None
        if not isinstance(window, exp.Window) or not isinstance(window.this, exp.RowNumber | exp.Rank | exp.DenseRank):
            raise Inexpressible("qualify")
        if not isinstance(test.expression, exp.Literal) or select.limit is not None:
            raise Inexpressible("qualify")
        per = tuple(self.term(part) for part in window.args.get("partition_by") or [])
        order = tuple(self._orders(window.args.get("order"), select.outputs))
        if not per or (isinstance(test, exp.EQ) and test.expression.name != "1"):
            raise Inexpressible("qualify")
        return replace(select, per=per, order=order, limit=int(test.expression.name))

    def _with_tables(self, select: Select) -> Select:
        """The tables that take part though neither a column nor a way between such columns speaks of them."""
        named = tables_of(select)
        reached = {*named, *(table for table, _ in join_steps(named, self.schema))} if named else set()
        return replace(select, tables=tuple(table for table in self.scope.values() if table not in reached))

    # ------------------------------------------------------------------------------------------------ terms
    def term(self, node: exp.Expr) -> Term:
        if isinstance(node, exp.Paren | exp.Alias):
            return self.term(node.this)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal | exp.Boolean | exp.Neg):
            return _literal(node)
        if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation):
            return _query(node, self.schema)
        if isinstance(node, exp.Window):
            return self._window(node)
        if type(node) in CALCULATED:
            return self._calculated(node)
        if type(node) in AGGREGATED:
            if isinstance(node.this, exp.Distinct):
                raise Inexpressible("an aggregate of distinct values")
            return Operation(AGGREGATED[type(node)], (self.term(node.this),))
        read = _TERMS.get(type(node))
        if read is None:
            raise Inexpressible(type(node).__name__)
        return read(self, node)

    def _column(self, node: exp.Column) -> Term:
        name = node.name.casefold()
        if isinstance(node.this, exp.Star):
            raise Inexpressible("all columns of one table")
        if node.table:
            candidates = [table for alias, table in self.scope.items() if node.table.casefold() in (alias, table.casefold())]
        else:
            candidates = list(dict.fromkeys(self.scope.values()))
        for table_name in candidates:
            table = self.schema.table(table_name)
            column = table.column(name) if table else None
            if column:
                return ColumnName(table_name, column.name)
        if not node.table and name in self.aliases and not self.inside:
            return replace(self, inside=True).term(self.aliases[name])
        raise Inexpressible("a column of a query around it" if node.table else f"the column {node.name}")

    def _calculated(self, node: exp.Expr) -> Term:
        for shape in (_portion, _change, _bin):
            found = shape(self, node)
            if found is not None:
                return found
        return Operation(CALCULATED[type(node)], (self.term(node.this), self.term(_bare(node.expression))))

    def _window(self, node: exp.Window) -> Term:
        """Running sums and moving averages; shares and changes are read with the arithmetic around them."""
        if isinstance(node.this, exp.Sum) and node.args.get("order") and not node.args.get("spec"):
            return Operation("running", (self.term(node.this.this),))
        spec = node.args.get("spec")
        if isinstance(node.this, exp.Avg) and spec and isinstance(spec.args.get("start"), exp.Literal | int | str):
            start = spec.args["start"]
            width = int(start.name if isinstance(start, exp.Literal) else start) + 1
            return Operation("moving", (self.term(node.this.this), Literal(width)))
        raise Inexpressible("a window")

    # ------------------------------------------------------------------------------------------------ conditions
    def condition(self, node: exp.Expr) -> Term:
        if isinstance(node, exp.Paren):
            return self.condition(node.this)
        if isinstance(node, exp.And):
            left, right = self.condition(node.this), self.condition(node.expression)
            return _range(left, right) or Operation("and", (left, right))
        if isinstance(node, exp.Or):
            return Operation("or", (self.condition(node.this), self.condition(node.expression)))
        if isinstance(node, exp.Not):
            return self._negated(node.this)
        if type(node) in COMPARED:
            return self._compared(node)
        read = _CONDITIONS.get(type(node))
        if read is None:
            term = self.term(node)
            if isinstance(term, ColumnName):
                return Operation("eq", (term, Literal(True)))
            raise Inexpressible(f"the condition {type(node).__name__}")
        return read(self, node)

    def _negated(self, node: exp.Expr) -> Term:
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return Operation("present", (self.term(node.this),))
        if isinstance(node, exp.In) and node.args.get("query") is not None:
            return Operation("not_in", (self.term(node.this), _without_null_guard(_query(node.args["query"], self.schema))))
        if isinstance(node, exp.In):
            return _joined("and", [Operation("ne", (self.term(node.this), self.term(item))) for item in node.expressions])
        return Operation("not", (self.condition(node),))

    def _compared(self, node: exp.Expr) -> Term:
        name, left, right = COMPARED[type(node)], node.this, node.expression
        if isinstance(left, exp.Literal):
            name, left, right = TURNED.get(name, name), right, left
        extreme = self._extreme(name, left, right)
        if extreme is not None:
            return extreme
        term, other = self.term(left), self.term(right)
        return self._in_year(name, term, other) or Operation(name, (term, other))

    def _in_year(self, name: str, term: Term, other: Term) -> Term | None:
        """year(day) = 2024 is a period."""
        if not (isinstance(term, Operation) and term.name == "year" and isinstance(other, Literal) and name == "eq"):
            return None
        year = str(other.value)
        if self.kind(term.arguments[0]) != "date" or not (year.isdigit() and len(year) == 4):
            return None
        return Operation("during", (term.arguments[0], Days(f"{year}-01-01", f"{int(year) + 1}-01-01")))

    def _extreme(self, name: str, left: exp.Expr, right: exp.Expr) -> Term | None:
        """column = (SELECT max(column) FROM its table) is the latest."""
        inner = right.this if isinstance(right, exp.Subquery) else right
        if name != "eq" or not isinstance(inner, exp.Select) or len(inner.expressions) != 1 or inner.args.get("where"):
            return None
        aggregate = inner.expressions[0].unalias()
        if not isinstance(aggregate, exp.Max | exp.Min) or inner.args.get("joins"):
            return None
        mine, theirs = self.term(left), _query(inner, self.schema)
        same = isinstance(theirs, Select) and theirs.outputs[0] == Operation(AGGREGATED[type(aggregate)], (mine,))
        return Operation("latest" if isinstance(aggregate, exp.Max) else "earliest", (mine,)) if same else None

    def kind(self, term: Term) -> str:
        """The kind of a column's values; other for other terms."""
        table = self.schema.table(term.table) if isinstance(term, ColumnName) else None
        column = table.column(term.column) if table and isinstance(term, ColumnName) else None
        return kind_of(column.type) if column else "other"


def _bare(node: exp.Expr) -> exp.Expr:
    """A divisor without the guard against zero."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node.this if isinstance(node, exp.Nullif) else node


def _literal(node: exp.Expr) -> Literal:
    if isinstance(node, exp.Neg):
        inner = _literal(node.this) if isinstance(node.this, exp.Literal) else None
        if inner is None or not isinstance(inner.value, int | float):
            raise Inexpressible("a negated term")
        return Literal(-inner.value)
    if isinstance(node, exp.Boolean):
        return Literal(bool(node.this))
    if not isinstance(node, exp.Literal):
        raise Inexpressible(type(node).__name__)
    if node.is_string:
        return Literal(node.name)
    return Literal(int(node.name) if node.is_int else float(node.name))


def _joined(kind: str, conditions: Sequence[Term]) -> Term:
    """Conditions under one and or or, the first outermost."""
    if not conditions:
        raise Inexpressible("an empty list")
    return conditions[0] if len(conditions) == 1 else Operation(kind, (conditions[0], _joined(kind, conditions[1:])))


def _without_null_guard(plan: Plan) -> Plan:
    """The rows of NOT IN without the condition that keeps NULL out, which compiling puts there."""
    if not isinstance(plan, Select) or plan.where is None:
        return plan
    guard = Operation("present", plan.outputs)
    if plan.where == guard:
        return replace(plan, where=None)
    if isinstance(plan.where, Operation) and plan.where.name == "and" and plan.where.arguments[1] == guard:
        return replace(plan, where=plan.where.arguments[0])
    return plan


def _range(left: Term, right: Term) -> Term | None:
    """x >= day AND x < day, or up to and with a day, is a period."""
    if not (isinstance(left, Operation) and isinstance(right, Operation) and left.name == "ge" and right.name in ("lt", "le")):
        return None
    (term, start), (other, end) = left.arguments, right.arguments
    first, last = _day(start), _day(end)
    if term != other or first is None or last is None:
        return None
    return Operation("during", (term, Days(first.isoformat(), (last + timedelta(days=right.name == "le")).isoformat())))


def _day(term: Term) -> date | None:
    if not isinstance(term, Literal) or not isinstance(term.value, str):
        return None
    try:
        return date.fromisoformat(term.value[:10])
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ shapes of arithmetic
def _hundredfold(node: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """Part and whole of 100.0 * part / whole."""
    if not isinstance(node, exp.Div):
        return None
    product = node.this.this if isinstance(node.this, exp.Paren) else node.this
    if not isinstance(product, exp.Mul):
        return None
    for factor, part in ((product.this, product.expression), (product.expression, product.this)):
        if isinstance(factor, exp.Literal) and not factor.is_string and float(factor.name) == 100:
            return part, _bare(node.expression)
    return None


def _portion(reader: _Reader, node: exp.Expr) -> Term | None:
    """Percentages: of the whole, of a group, of the rows that pass a condition, and against the period before."""
    found = _hundredfold(node)
    if found is None:
        return None
    part, whole = found
    while isinstance(part, exp.Paren):
        part = part.this
    if isinstance(whole, exp.Window) and isinstance(whole.this, exp.Sum) and not whole.args.get("order"):
        measure = reader.term(part)
        within = tuple(reader.term(term) for term in whole.args.get("partition_by") or [])
        if reader.term(whole.this.this) == measure and len(within) <= 1:
            return Operation("share_within" if within else "share", (measure, *within))
    if isinstance(part, exp.Filter) and reader.term(part.this) == reader.term(whole):
        return Operation("portion", (reader.term(whole), reader.condition(part.expression.this)))
    if isinstance(part, exp.Sub) and isinstance(whole, exp.Window) and isinstance(whole.this, exp.Lag):
        steps = whole.this.args.get("offset")
        single = steps is None or steps.name == "1"
        return Operation("growth" if single else "growth_year", (reader.term(part.this),))
    return None


def _change(reader: _Reader, node: exp.Expr) -> Term | None:
    """measure - lag(measure) OVER (…)."""
    if isinstance(node, exp.Sub) and isinstance(node.expression, exp.Window) and isinstance(node.expression.this, exp.Lag):
        return Operation("change", (reader.term(node.this),))
    return None


def _bin(reader: _Reader, node: exp.Expr) -> Term | None:
    """floor(x / width) * width."""
    if not isinstance(node, exp.Mul) or not isinstance(node.this, exp.Floor):
        return None
    ratio = node.this.this.this if isinstance(node.this.this, exp.Paren) else node.this.this
    if not isinstance(ratio, exp.Div) or ratio.expression != node.expression:
        return None
    return Operation("bin", (reader.term(ratio.this), reader.term(node.expression)))


# ------------------------------------------------------------------------------------------------ single nodes
def _count(reader: _Reader, node: exp.Expr) -> Term:
    inner = node.this
    if isinstance(inner, exp.Distinct):
        if len(inner.expressions) != 1:
            raise Inexpressible("distinct pairs")
        return Operation("distinct", (reader.term(inner.expressions[0]),))
    if isinstance(inner, exp.Star) or (isinstance(inner, exp.Literal) and not inner.is_string):
        return Operation("rows")
    return Operation("count", (reader.term(inner),))


def _filtered(reader: _Reader, node: exp.Expr) -> Term:
    return Operation("only", (reader.term(node.this), reader.condition(node.expression.this)))


def _case(reader: _Reader, node: exp.Expr) -> Term:
    if node.this is not None or len(node.args["ifs"]) != 1:
        raise Inexpressible("several cases")
    only = node.args["ifs"][0]
    otherwise = node.args.get("default")
    default = reader.term(otherwise) if otherwise is not None and not isinstance(otherwise, exp.Null) else Literal(0)
    return Operation("if", (reader.condition(only.this), reader.term(only.args["true"]), default))


def _truncated(reader: _Reader, node: exp.Expr) -> Term:
    unit = node.args["unit"].name.upper().strip("'")
    unit = "WEEK" if unit.startswith("WEEK") else unit
    if unit not in GRAIN_UNITS or unit == "YEAR":
        raise Inexpressible(f"cut to {unit.lower()}")
    return Operation(unit.lower(), (reader.term(node.this),))


def _cast(reader: _Reader, node: exp.Expr) -> Term:
    return reader.term(node.this)


def _part(name: str) -> Callable[[_Reader, exp.Expr], Term]:
    return lambda reader, node: Operation(name, (reader.term(node.this),))


def _extract(reader: _Reader, node: exp.Expr) -> Term:
    name = PART_OF_TIME.get(node.name.upper())
    if not name:
        raise Inexpressible(f"extract {node.name.lower()}")
    return Operation(name, (reader.term(node.expression),))


def _formatted(reader: _Reader, node: exp.Expr) -> Term:
    pattern = node.args.get("format")
    name = FORMATTED.get(pattern.name) if pattern is not None else None
    if not name:
        raise Inexpressible("a format of moments")
    return Operation(name, (reader.term(node.this),))


def _two(name: str) -> Callable[[_Reader, exp.Expr], Term]:
    return lambda reader, node: Operation(name, (reader.term(node.this), reader.term(node.expression)))


def _quantile(reader: _Reader, node: exp.Expr) -> Term:
    return Operation("quantile", (reader.term(node.this), reader.term(node.args.get("quantile") or node.expression)))


def _named(reader: _Reader, node: exp.Expr) -> Term:
    """A function by its name; the algebra's own names for what SQL says at length, such as share(sum(x)), stand for themselves."""
    own = node.name.lower()
    if own in WRITTEN_SHORT:
        measure, *others = node.expressions
        read = reader.condition if own in ("portion", "only") else reader.term
        return Operation(own, (reader.term(measure), *(read(other) for other in others)))
    name = PART_OF_TIME.get(node.name.upper())
    if not name or len(node.expressions) != 1:
        raise Inexpressible(f"the function {node.name.lower()}")
    return Operation(name, (reader.term(node.expressions[0]),))


_TERMS: Mapping[type[exp.Expr], Callable[[_Reader, exp.Expr], Term]] = {
    exp.Count: _count,
    exp.Filter: _filtered,
    exp.Case: _case,
    exp.TimestampTrunc: _truncated,
    exp.DateTrunc: _truncated,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Round: _cast,
    exp.TsOrDsToDate: _cast,
    exp.Date: _cast,
    exp.Year: _part("year"),
    exp.Month: _part("month_of_year"),
    exp.Quarter: _part("quarter_of_year"),
    exp.Day: _part("day_of_month"),
    exp.DayOfMonth: _part("day_of_month"),
    exp.Hour: _part("hour_of_day"),
    exp.Dayname: _part("weekday"),
    exp.Extract: _extract,
    exp.TimeToStr: _formatted,
    exp.Corr: _two("corr"),
    exp.ArgMax: _two("at_max"),
    exp.ArgMin: _two("at_min"),
    exp.Quantile: _quantile,
    exp.PercentileCont: _quantile,
    exp.Anonymous: _named,
}


def _is(reader: _Reader, node: exp.Expr) -> Term:
    if not isinstance(node.expression, exp.Null):
        raise Inexpressible("is")
    return Operation("missing", (reader.term(node.this),))


def _between(reader: _Reader, node: exp.Expr) -> Term:
    term, low, high = reader.term(node.this), reader.term(node.args["low"]), reader.term(node.args["high"])
    first, last = _day(low), _day(high)
    if first and last and reader.kind(term) == "date":
        return Operation("during", (term, Days(first.isoformat(), (last + timedelta(days=1)).isoformat())))
    return Operation("between", (term, low, high))


def _in(reader: _Reader, node: exp.Expr) -> Term:
    if node.args.get("query") is not None:
        return Operation("in", (reader.term(node.this), _query(node.args["query"], reader.schema)))
    term = reader.term(node.this)
    return _joined("or", [Operation("eq", (term, reader.term(item))) for item in node.expressions])


def _like(reader: _Reader, node: exp.Expr) -> Term:
    if not isinstance(node.expression, exp.Literal):
        raise Inexpressible("like what is no text")
    pattern = node.expression.name
    text = pattern.strip("%")
    if "%" in text or "_" in text:
        raise Inexpressible("a pattern with gaps")
    before, after = pattern.startswith("%"), pattern.endswith("%")
    name = "contains" if before and after else "ends" if before else "starts" if after else "eq"
    return Operation(name, (reader.term(node.this), Literal(text)))


_CONDITIONS: Mapping[type[exp.Expr], Callable[[_Reader, exp.Expr], Term]] = {
    exp.Is: _is,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.ILike: _like,
}


def columns_of(plan: Term) -> tuple[ColumnName, ...]:
    """Every column that a plan names, once, in order."""
    return tuple(dict.fromkeys(term for term in walk(plan) if isinstance(term, ColumnName)))
