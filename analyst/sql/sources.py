"""Where the names in a SELECT point: the schema's table and column, or the expression of an inner step."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import expressions as exp

from analyst.terms import Column, Query, Schema, Table

DEEPEST = 12  # inner steps followed; deeper nesting is read no further


def parse(query: Query) -> exp.Expr:
    """The tree of a checked query."""
    return sqlglot.parse_one(query.sql, read=query.dialect)


def outer_select(tree: exp.Expr) -> exp.Select | None:
    """The SELECT whose rows are the answer; of a set operation the first."""
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    return tree if isinstance(tree, exp.Select) else None


def places(select: exp.Select) -> Iterator[exp.Expr]:
    """What FROM and JOIN read: tables and subqueries."""
    source = select.args.get("from_")
    if source is not None:
        yield source.this
        yield from (join.this for join in source.this.args.get("joins") or ())
    yield from (join.this for join in select.args.get("joins") or ())


def joins_of(select: exp.Select) -> list[exp.Join]:
    """The joins of a SELECT, in order."""
    source = select.args.get("from_")
    own = (source.this.args.get("joins") or []) if source is not None else []
    return [*own, *(select.args.get("joins") or [])]


def inner_select(place: exp.Expr) -> exp.Select | None:
    """The SELECT of a subquery, or of the WITH step that a table name stands for; None for a table of the schema."""
    if isinstance(place, exp.Subquery):
        return outer_select(place.this)
    if not isinstance(place, exp.Table):
        return None
    step = step_of(place)
    return outer_select(step.this) if step is not None else None


def step_of(table: exp.Table) -> exp.CTE | None:
    """The WITH step that a table name stands for."""
    node: exp.Expr | None = table
    while node is not None:
        steps = node.args.get("with_")
        for step in steps.expressions if steps is not None else ():
            if step.alias.casefold() == table.name.casefold() and table.find_ancestor(exp.CTE) is not step:
                return step  # type: ignore[no-any-return]
        node = node.parent
    return None


def table_of(place: exp.Expr, schema: Schema) -> Table | None:
    """The schema's table that a place reads; None for a subquery or a step."""
    if not isinstance(place, exp.Table) or step_of(place) is not None:
        return None
    return schema.table(place.name)


def tables_of(select: exp.Select, schema: Schema) -> dict[str, Table]:
    """Alias in lower case -> table of the schema, for what FROM and JOIN read directly."""
    found = ((place.alias_or_name.casefold(), table_of(place, schema)) for place in places(select))
    return {alias: table for alias, table in found if table is not None}


def column_of(reference: exp.Expr, schema: Schema, depth: int = 0) -> tuple[Table, Column] | None:
    """The schema's column that a reference means, through renaming by inner steps; None where it is an expression or unknown."""
    if not isinstance(reference, exp.Column) or depth > DEEPEST:
        return None
    select = reference.parent_select
    while isinstance(select, exp.Select):
        for alias, table in tables_of(select, schema).items():
            column = table.column(reference.name)
            if column and reference.table.casefold() in ("", alias):
                return table, column
        inner = defined(reference, select)
        if inner is not None:
            return column_of(inner.unalias(), schema, depth + 1)
        select = select.parent_select
    return None


def defined(reference: exp.Column, select: exp.Select) -> exp.Expr | None:
    """The projection of an inner step that a reference means; None if it means a table's column."""
    for place in places(select):
        inner = inner_select(place)
        if inner is None or reference.table.casefold() not in ("", place.alias_or_name.casefold()):
            continue
        projection = named_projection(inner, reference.name)
        if projection is not None:
            return projection
    return None


def named_projection(select: exp.Select, name: str) -> exp.Expr | None:
    """The projection of that name; a plain column has its own."""
    return next((projection for projection in select.expressions if projection.alias_or_name.casefold() == name.casefold()), None)


def own_aggregates(node: exp.Expr) -> list[exp.AggFunc]:
    """Aggregates over groups in an expression: neither inside windows nor inside subqueries."""
    return [found for found in node.find_all(exp.AggFunc) if not found.find_ancestor(exp.Window) and _same_level(found, node)]


def aggregates(select: exp.Select) -> bool:
    """Whether a SELECT sums rows up."""
    return bool(select.args.get("group")) or any(own_aggregates(projection) for projection in select.expressions)


def _same_level(node: exp.Expr, top: exp.Expr) -> bool:
    """Whether no SELECT stands between the two."""
    current: exp.Expr | None = node
    while current is not None and current is not top:
        if isinstance(current, exp.Query) and current is not top:
            return False
        current = current.parent
    return True


def conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    """The conditions joined by AND, in order."""
    if condition is None:
        return []
    if isinstance(condition, exp.And):
        return [*conjuncts(condition.this), *conjuncts(condition.expression)]
    if isinstance(condition, exp.Paren) and isinstance(condition.this, exp.And):
        return conjuncts(condition.this)
    return [condition]


def group_keys(select: exp.Select) -> list[exp.Expr]:
    """What rows are grouped by; positions, aliases and ALL are resolved."""
    group = select.args.get("group")
    if group is None:
        return []
    if group.args.get("all"):
        return [projection.unalias() for projection in select.expressions if not projection.find(exp.AggFunc)]
    keys = [resolved(key, select) for key in group.expressions]
    for name in ("rollup", "cube", "grouping_sets"):
        keys += [part for extra in group.args.get(name) or [] if isinstance(extra, exp.Expr) for part in extra.expressions]
    return keys


def resolved(key: exp.Expr, select: exp.Select) -> exp.Expr:
    """A position or alias as the expression it stands for."""
    if isinstance(key, exp.Literal) and not key.is_string and key.name.isdigit() and 0 < int(key.name) <= len(select.expressions):
        chosen: exp.Expr = select.expressions[int(key.name) - 1]
        return chosen.unalias()
    projection = named_projection(select, key.name) if isinstance(key, exp.Column) and not key.table else None
    if isinstance(projection, exp.Alias) and (not isinstance(projection.this, exp.Column) or projection.this.name != key.name):
        return projection.unalias()
    return key
