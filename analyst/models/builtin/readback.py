"""From SQL back to a Plan, so that a follow-up can change one thing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import expressions as exp
from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from analyst.models.builtin.plan import Condition, Either, Expression, Field, Grain, Measure, Opaque, Order, Output, Plan, Test
from analyst.terms import Cell, Schema

SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Like: "like",
    exp.ILike: "like",
}
AGGREGATES: dict[type[exp.Expr], str] = {exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median"}


class Unreadable(Exception):
    """The SQL holds what a plan has no place for."""


@dataclass(slots=True)
class Readback:
    """Reads one SELECT over one schema."""

    schema: Schema
    aliases: dict[str, str]
    outputs: dict[str, Output]

    def table(self, node: exp.Table) -> str:
        """The schema's table of a FROM part. Raises Unreadable."""
        found = self.schema.table(node.name)
        if found is None:
            raise Unreadable(node.sql())
        return found.name

    def field(self, node: exp.Column) -> Field:
        """The schema's column of a name. Raises Unreadable."""
        tables = (
            [self.aliases[node.table.casefold()]] if node.table.casefold() in self.aliases else list(dict.fromkeys(self.aliases.values()))
        )
        for name in tables:
            table = self.schema.table(name)
            column = table.column(node.name) if table else None
            if column:
                return Field(name, column.name)
        raise Unreadable(node.sql())

    def output(self, node: exp.Expr) -> Output:
        """One item of SELECT or ORDER BY."""
        node = node.unalias()
        if isinstance(node, exp.Column) and not node.table and node.name.casefold() in self.outputs:
            return self.outputs[node.name.casefold()]
        if isinstance(node, exp.Count):
            inner = node.this
            if isinstance(inner, exp.Star):
                return Measure("count")
            if isinstance(inner, exp.Distinct) and len(inner.expressions) == 1:
                return Measure("count_distinct", self.expression(inner.expressions[0]))
            return Measure("count", self.expression(inner))
        if type(node) in AGGREGATES and not isinstance(node.this, exp.Distinct):
            return Measure(AGGREGATES[type(node)], self.expression(node.this))  # type: ignore[arg-type]
        if isinstance(node, exp.Anonymous) and node.name.lower() in ("sum", "avg", "min", "max", "median") and len(node.expressions) == 1:
            return Measure(node.name.lower(), self.expression(node.expressions[0]))  # type: ignore[arg-type]
        return self.expression(node)

    def expression(self, node: exp.Expr) -> Expression:
        """An expression over one row; what has no word stays as it is, with full table names."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if isinstance(node, exp.Column):
            return self.field(node)
        inner = node.this if isinstance(node, exp.Cast) else node
        if isinstance(inner, (exp.DateTrunc, exp.TimestampTrunc)) and isinstance(inner.this, exp.Column):
            unit = str(inner.args["unit"].name if inner.args.get("unit") else "").lower()
            if unit in ("day", "week", "month", "quarter", "year"):
                return Grain(self.field(inner.this), unit)  # type: ignore[arg-type]
        for kind, unit in ((exp.Year, "year"), (exp.Month, "monthofyear"), (exp.Hour, "hour")):
            if isinstance(inner, kind) and isinstance(inner.this, exp.Column):
                return Grain(self.field(inner.this), unit)  # type: ignore[arg-type]
        return self.opaque(node)

    def opaque(self, node: exp.Expr) -> Opaque:
        """An expression taken over with its tables written out."""
        copy = node.copy()
        tables = []
        for column in copy.find_all(exp.Column):
            if column.find_ancestor(exp.Subquery) is None or column.table.casefold() in self.aliases:
                try:
                    found = self.field(column)
                except Unreadable:
                    continue
                column.replace(exp.column(found.column, table=found.table, quoted=True))
                if column is copy:
                    copy = exp.column(found.column, table=found.table, quoted=True)
                tables.append(found.table)
        return Opaque(copy.sql(dialect="duckdb"), tuple(dict.fromkeys(tables)))

    def tests(self, node: exp.Expr | None) -> Iterator[Test]:
        """The conditions that are joined by AND."""
        if node is None:
            return
        if isinstance(node, exp.And):
            yield from self.tests(node.left)
            yield from self.tests(node.right)
        elif isinstance(node, exp.Paren):
            yield from self.tests(node.this)
        elif isinstance(node, exp.Or):
            options = [test for side in (node.left, node.right) for test in self.tests(side)]
            flat = [option for test in options for option in (test.options if isinstance(test, Either) else (test,))]
            yield (
                Either(tuple(flat))
                if all(isinstance(part, exp.Or) or not part.find(exp.And) for part in (node.left, node.right))
                else Condition(self.opaque(exp.paren(node)), "true")
            )
        else:
            yield self.test(node)

    def test(self, node: exp.Expr) -> Condition:
        """One condition."""
        no = isinstance(node, exp.Not)
        bare = node.this if no else node
        if type(bare) in SIGNS:
            values = self.values([bare.expression])
            if values is not None:
                sign = {"like": "not like"}.get(SIGNS[type(bare)], "") if no else SIGNS[type(bare)]
                if sign:
                    return Condition(self.output(bare.this), sign, values)  # type: ignore[arg-type]
        if isinstance(bare, exp.In) and not bare.args.get("query"):
            values = self.values(bare.expressions)
            if values is not None:
                return Condition(self.output(bare.this), "not in" if no else "in", values)
        if isinstance(bare, exp.Between) and not no:
            values = self.values([bare.args["low"], bare.args["high"]])
            if values is not None:
                return Condition(self.output(bare.this), "between", values)
        return Condition(self.opaque(node), "true")

    def values(self, nodes: list[exp.Expr]) -> tuple[Cell, ...] | None:
        """Literal cells; None if one is no literal."""
        found: list[Cell] = []
        for node in nodes:
            inner = node.this if isinstance(node, exp.Cast) else node
            if isinstance(inner, exp.Neg) and isinstance(inner.this, exp.Literal):
                found.append(-number(inner.this.this))
            elif isinstance(inner, exp.Literal):
                found.append(inner.this if inner.is_string else number(inner.this))
            elif isinstance(inner, exp.Column) and not inner.table and inner.this.args.get("quoted") and not self.known(inner):
                found.append(inner.name)
            else:
                return None
        return tuple(found)

    def known(self, node: exp.Column) -> bool:
        """Whether a name is a column rather than a text in double quotes."""
        try:
            self.field(node)
        except Unreadable:
            return False
        return True


def number(text: str) -> int | float:
    """A literal's number."""
    return float(text) if any(sign in text for sign in ".eE") else int(text)


def read_back(sql: str, schema: Schema) -> Plan | None:
    """The plan of an earlier query; None where it cannot be read."""
    try:
        tree = parse_one(sql.rstrip("; "), dialect="duckdb")
        return read_query(tree, schema)
    except (SqlglotError, Unreadable):
        return None


def read_query(tree: exp.Expr, schema: Schema) -> Plan:
    """A SELECT, or two of them combined. Raises Unreadable."""
    for kind, name in ((exp.Intersect, "intersect"), (exp.Except, "except"), (exp.Union, "union")):
        if isinstance(tree, kind):
            return replace(read_query(tree.left, schema), combine=(name, read_query(tree.right, schema)))  # type: ignore[arg-type]
    if isinstance(tree, exp.Subquery):
        return read_query(tree.this, schema)
    if not isinstance(tree, exp.Select):
        raise Unreadable(tree.sql())
    return read_select(tree, schema)


def read_select(tree: exp.Select, schema: Schema) -> Plan:
    """One SELECT. Raises Unreadable."""
    source = tree.args.get("from_") or tree.args.get("from")
    if source is None:
        raise Unreadable("no FROM")
    nodes = [source.this, *(join.this for join in tree.args.get("joins") or ())]
    if len(nodes) == 1 and isinstance(nodes[0], exp.Subquery) and not nodes[0].this.find(exp.Window):
        return read_query(nodes[0].this, schema)
    reader = Readback(schema, {}, {})
    for node in nodes:
        if not isinstance(node, exp.Table):
            raise Unreadable(node.sql())
        name = reader.table(node)
        if name in reader.aliases.values():
            raise Unreadable("self join")
        reader.aliases[node.alias_or_name.casefold()] = name
    everything = ""
    select: list[Output] = []
    for item in tree.expressions:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            everything = (
                reader.aliases.get(item.table.casefold(), "") if isinstance(item, exp.Column) else next(iter(reader.aliases.values()))
            )
            continue
        output = reader.output(item)
        select.append(output)
        if item.alias:
            reader.outputs[item.alias.casefold()] = output
    return assembled(tree, reader, select, everything)


def assembled(tree: exp.Select, reader: Readback, select: list[Output], everything: str) -> Plan:
    """The parts of a SELECT as a plan."""

    def place(node: exp.Expr) -> Output:
        return select[int(node.this) - 1] if isinstance(node, exp.Literal) and not node.is_string else reader.output(node)

    group = tuple(
        item for node in (tree.args["group"].expressions if tree.args.get("group") else ()) if not isinstance(item := place(node), Measure)
    )
    orders = tuple(
        Order(place(node.this), bool(node.args.get("desc"))) for node in (tree.args["order"].expressions if tree.args.get("order") else ())
    )
    limit, offset = tree.args.get("limit"), tree.args.get("offset")
    where, having = tree.args.get("where"), tree.args.get("having")
    return Plan(
        select=tuple(select),
        where=tuple(reader.tests(where.this if where else None)),
        group=group,  # type: ignore[arg-type]
        having=tuple(reader.tests(having.this if having else None)),
        order=orders,
        limit=int(limit.expression.this) if limit and isinstance(limit.expression, exp.Literal) else None,
        skip=int(offset.expression.this) if offset and isinstance(offset.expression, exp.Literal) else 0,
        distinct=bool(tree.args.get("distinct")),
        tables=tuple(dict.fromkeys(reader.aliases.values())),
        everything=everything,
    )
