"""The SQL of an earlier turn as a tree whose names are settled, whoever wrote it, and the parts that a follow-up changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from analyst.models.builtin.build import ident, quoted
from analyst.models.builtin.flattening import flattened
from analyst.models.builtin.joining import Unjoinable, path
from analyst.models.builtin.plan import Field
from analyst.terms import Schema

LONGEST = 8_000  # characters; what is longer was not asked in a sentence
TYPED = ("BIGINT", "INT", "DOUBLE", "DECIMAL", "HUGEINT", "FLOAT", "REAL", "DATE", "TIMESTAMP")
"""Types of columns that need no cleaning any more."""
CLEANERS = ("REPLACE", "STRPTIME", "TRY_STRPTIME", "STRFTIME", "TRIM", "REGEXP_REPLACE")


@dataclass(slots=True)
class Previous:
    """An earlier query that can be changed."""

    select: exp.Select
    schema: Schema
    names: dict[str, str]
    """Table of the schema -> what it is called in the query; of a table that occurs twice, the first."""

    @property
    def tables(self) -> list[str]:
        """Its tables, the first one first."""
        return list(self.names)

    def copy(self) -> Previous:
        """One that can be changed without this one changing."""
        return Previous(self.select.copy(), self.schema, dict(self.names))

    # ------------------------------------------------------------------ looking
    @property
    def group(self) -> list[exp.Expr]:
        """What it groups by."""
        clause = self.select.args.get("group")
        return list(clause.expressions) if clause else []

    @property
    def figures(self) -> list[exp.Expr]:
        """Its outputs that are computed over groups of rows, without their names."""
        return [shown.unalias() for shown in self.select.expressions if is_figure(shown)]

    @property
    def plain(self) -> list[exp.Expr]:
        """Its outputs that are not."""
        return [shown for shown in self.select.expressions if not is_figure(shown)]

    @property
    def tests(self) -> list[exp.Expr]:
        """The tests on rows, all of which must hold."""
        clause = self.select.args.get("where")
        return list(conjuncts(clause.this)) if clause else []

    @property
    def bare(self) -> bool:
        """Whether it shows nothing but figures of all rows."""
        return bool(self.figures) and not self.plain and not self.group

    @property
    def aggregated(self) -> bool:
        """Whether it shows or sorts by figures of groups, or of all rows."""
        return bool(self.group or self.figures)

    @property
    def starred(self) -> bool:
        """Whether it shows all columns."""
        return any(shown.is_star for shown in self.select.expressions)

    def field(self, column: exp.Expr | None) -> Field | None:
        """The schema's column that a column of the query is; None if it is none."""
        if not isinstance(column, exp.Column):
            return None
        for table, called in self.names.items():
            known = self.schema.table(table)
            found = known.column(column.name) if known else None
            if found and (not column.table or column.table.casefold() == called.casefold()):
                return Field(table, found.name)
        return None

    def field_of(self, part: exp.Expr) -> Field | None:
        """The one column that a part reads; None if it reads none or several."""
        fields = {self.field(column) for column in part.find_all(exp.Column)}
        return next(iter(fields)) if len(fields) == 1 else None

    # ------------------------------------------------------------------ changing
    def settle(self, part: exp.Expr) -> exp.Expr:
        """A part written with the schema's table names, in the query's own; joins tables it lacks. Raises Unjoinable."""
        root = exp.Paren(this=part.copy())
        for column in list(root.find_all(exp.Column)):
            if column.find_ancestor(exp.Select) is None and column.table:
                self.reach(column.table)
                column.set("table", ident(self.names[column.table]))
        settled: exp.Expr = root.this
        return settled

    def reach(self, table: str) -> None:
        """Join a table where the query lacks it. Raises Unjoinable."""
        if table in self.names:
            return
        for added, join in path(self.tables, table, self.schema, ()):
            self.names[added] = added
            left, right = (
                exp.column(name, table=self.names[of], quoted=True)
                for of, name in ((join.table, join.column), (join.parent_table, join.parent_column))
            )
            self.select = self.select.join(exp.to_table(quoted(added)), on=exp.EQ(this=left, expression=right))

    def show(self, *outputs: exp.Expr) -> None:
        """Show these outputs and no others."""
        self.select.set("expressions", list(outputs))

    def keep_tests(self, tests: list[exp.Expr]) -> None:
        """Test rows by these and no others."""
        self.select.set("where", exp.Where(this=exp.and_(*tests)) if tests else None)

    def group_by(self, parts: list[exp.Expr]) -> None:
        """Group by these and nothing else."""
        self.select.set("group", exp.Group(expressions=[part.copy() for part in parts]) if parts else None)

    def order_by(self, part: exp.Expr | None, descending: bool = False) -> None:
        """Sort by this and nothing else."""
        ordered = exp.Ordered(this=part.copy(), desc=descending, nulls_first=False) if part is not None else None
        self.select.set("order", exp.Order(expressions=[ordered]) if ordered else None)

    def cut(self, rows: int | None) -> None:
        """Give so many rows at most; None for all."""
        self.select.set("limit", exp.Limit(expression=exp.Literal.number(rows)) if rows else None)
        self.select.set("offset", None)

    def sql(self) -> str:
        """The query in DuckDB's words."""
        return self.select.sql(dialect="duckdb")


def reparse(sql: str, schema: Schema) -> Previous | None:
    """An earlier query as it can be changed; None where it is none over these tables."""
    tree = parsed(sql)
    if isinstance(tree, exp.SetOperation):
        tree = flattened(tree, schema) or exp.select("*").from_(tree.subquery("earlier"))
    if not isinstance(tree, exp.Select):
        return None
    for select in tree.find_all(exp.Select):
        settle_texts(select, schema)
    names = tables_of(tree, schema)
    previous = Previous(tree, schema, names)
    simplify_cleaned(previous)
    settle_places(tree)
    settle_names(tree)
    for column in list(own(tree, exp.Column)):
        qualify(column, previous)
    settle_groups(previous)
    return previous


def parsed(sql: str) -> exp.Expr | None:
    """SQL as a tree, in DuckDB's dialect or SQLite's; None if it is neither."""
    for dialect in ("duckdb", "sqlite"):
        try:
            return sqlglot.parse_one(sql.rstrip("; \n")[:LONGEST], dialect=dialect)
        except (SqlglotError, RecursionError):
            continue
    return None


def own(tree: exp.Expr, *kinds: type[exp.Expr]) -> Iterator[exp.Expr]:
    """Nodes of the query itself, not of queries inside it."""
    return (node for node in tree.find_all(*kinds) if node.find_ancestor(exp.Select) is tree)


def tables_of(tree: exp.Select, schema: Schema) -> dict[str, str]:
    """The schema's tables in FROM and JOIN, with what they are called there."""
    names: dict[str, str] = {}
    for table in own(tree, exp.Table):
        known = schema.table(table.name)
        if known:
            table.set("this", ident(known.name))
            names.setdefault(known.name, table.alias_or_name)
    return names


def settle_texts(select: exp.Select, schema: Schema) -> None:
    """Texts that SQLite took in double quotation marks become texts."""
    known = {column.name.casefold() for table in schema.tables for column in table.columns}
    named = {node.alias.casefold() for node in select.root().find_all(exp.Alias, exp.TableAlias) if node.alias}
    for column in own(select, exp.Column):
        name = column.this
        if (
            isinstance(column, exp.Column)
            and isinstance(name, exp.Identifier)
            and name.quoted
            and not column.table
            and name.name.casefold() not in known | named
        ):
            column.replace(exp.Literal.string(name.name))


def settle_places(tree: exp.Select) -> None:
    """`GROUP BY 1` and `ORDER BY 2` become the outputs they stand for."""
    outputs = tree.expressions
    for clause in ("group", "order"):
        for item in tree.args[clause].expressions if tree.args.get(clause) else ():
            place = item.this if isinstance(item, exp.Ordered) else item
            if isinstance(place, exp.Literal) and place.is_int and 0 < int(place.name) <= len(outputs):
                place.replace(outputs[int(place.name) - 1].unalias().copy())


def settle_names(tree: exp.Select) -> None:
    """Names of outputs in GROUP BY, ORDER BY and HAVING become the outputs."""
    named = {shown.alias.casefold(): shown.unalias() for shown in tree.expressions if isinstance(shown, exp.Alias)}
    for clause in ("group", "order", "having", "where"):
        if not tree.args.get(clause):
            continue
        for column in list(tree.args[clause].find_all(exp.Column)):
            meant = named.get(column.name.casefold())
            if meant is not None and not column.table and column.find_ancestor(exp.Select) is tree:
                column.replace(meant.copy())


def settle_groups(previous: Previous) -> None:
    """Columns shown beside groups join the groups: SQLite lets them stand outside, where they mean the same if a key is grouped by."""
    group = previous.group
    if not group:
        return
    known = {part.sql(dialect="duckdb") for part in group}
    for shown in previous.plain:
        part = shown.unalias()
        if not part.is_star and part.sql(dialect="duckdb") not in known and part.find(exp.Column):
            known.add(part.sql(dialect="duckdb"))
            group.append(part)
    previous.group_by(group)


def qualify(column: exp.Expr, previous: Previous) -> None:
    """A column gets the name of its table, and the case the schema writes it in."""
    field = previous.field(column)
    if field and not isinstance(column.this, exp.Star):
        column.set("this", ident(field.column))
        if not column.args.get("table"):
            column.set("table", ident(previous.names[field.table]))


def simplify_cleaned(previous: Previous) -> None:
    """Texts cleaned to numbers or dates are plain columns where the column has its type by now; `like '2017%'` is a year."""
    for node in list(own(previous.select, exp.Cast, exp.TryCast, exp.Replace, exp.StrToTime, exp.Like)):
        field = previous.field_of(node)
        column = field and previous.schema.table(field.table).column(field.column)  # type: ignore[union-attr]
        if not field or not column or not column.type.upper().startswith(TYPED):
            continue
        plain = exp.column(field.column, table=previous.names[field.table], quoted=True)
        if isinstance(node, exp.Like):
            text = node.expression.name
            if column.type.upper().startswith(("DATE", "TIMESTAMP")) and text[:4].isdigit() and text[4:] == "%":
                node.replace(exp.EQ(this=exp.Anonymous(this="YEAR", expressions=[plain]), expression=exp.Literal.number(int(text[:4]))))
        elif only_cleaned(node):
            node.replace(plain)


def only_cleaned(node: exp.Expr) -> bool:
    """Whether a part does nothing but clean one column's text and give it a type."""
    inner = node
    cleaned = False
    while not isinstance(inner, exp.Column):
        if not isinstance(inner, exp.Cast | exp.TryCast | exp.Replace | exp.StrToTime | exp.Paren):
            return False
        cleaned = cleaned or isinstance(inner, exp.Replace | exp.StrToTime)
        inner = inner.this
    return cleaned


def is_figure(part: exp.Expr) -> bool:
    """Whether a part is computed over groups of rows."""
    return any(node.find_ancestor(exp.Select) is part.find_ancestor(exp.Select) for node in part.find_all(exp.AggFunc)) or any(
        isinstance(node, exp.Anonymous)
        and node.name.upper() in ("SUM", "AVG", "MIN", "MAX", "MEDIAN", "COUNT", "QUANTILE_CONT", "STDDEV", "CORR", "ARG_MAX", "ARG_MIN")
        for node in part.find_all(exp.Anonymous)
    )


def conjuncts(part: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an AND."""
    if isinstance(part, exp.And):
        yield from conjuncts(part.left)
        yield from conjuncts(part.right)
    elif isinstance(part, exp.Paren) and isinstance(part.this, exp.And):
        yield from conjuncts(part.this)
    else:
        yield part


__all__ = ["Previous", "Unjoinable", "is_figure", "reparse"]
