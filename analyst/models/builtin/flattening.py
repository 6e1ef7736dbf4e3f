"""Queries put together from two others, as one query with a test, so that a follow-up can change it."""

from __future__ import annotations

from sqlglot import expressions as exp

from analyst.terms import Schema


def flattened(tree: exp.Expr, schema: Schema) -> exp.Select | None:
    """Rows of one query that are, or are not, in another, as the first query with that test; None where it cannot be said so."""
    if not isinstance(tree, exp.SetOperation):
        return tree if isinstance(tree, exp.Select) else None
    left = flattened(tree.left.unnest(), schema)
    right = tree.right.unnest()
    if left is None or not isinstance(right, exp.Select) or any(left.args.get(part) for part in ("group", "limit", "having")):
        return None
    return either(left, right) if isinstance(tree, exp.Union) else compared(tree, left, right, schema)


def compared(tree: exp.SetOperation, left: exp.Select, right: exp.Select, schema: Schema) -> exp.Select | None:
    """INTERSECT as IN, EXCEPT as NOT IN, by the one column that tells the rows apart, else by all that are shown."""
    pair = keys(left, right, schema)
    if pair is None:
        return None
    inner = right.copy()
    inner.set("expressions", pair[1])
    key = pair[0][0] if len(pair[0]) == 1 else exp.Tuple(expressions=pair[0])
    test: exp.Expr = exp.In(this=key, query=inner.subquery())
    return left.where(exp.not_(test) if isinstance(tree, exp.Except) else test, copy=True).distinct(copy=True)


def keys(left: exp.Select, right: exp.Select, schema: Schema) -> tuple[list[exp.Expr], list[exp.Expr]] | None:
    """The columns of both sides by which rows are compared."""
    ours, theirs = ([shown.unalias() for shown in side.expressions] for side in (left, right))
    if any(shown.is_star for shown in (*ours, *theirs)):
        found = [first_key(side, schema) for side in (left, right)]
        return ([found[0]], [found[1]]) if found[0] is not None and found[1] is not None else None
    if len(ours) != len(theirs) or not all(isinstance(shown, exp.Column) for shown in (*ours, *theirs)):
        return None
    alone = next((at for at, shown in enumerate(ours) if is_key(shown, left, schema)), None)
    at = slice(None) if alone is None else slice(alone, alone + 1)
    return [shown.copy() for shown in ours[at]], [shown.copy() for shown in theirs[at]]


def first_key(side: exp.Select, schema: Schema) -> exp.Expr | None:
    """The column that tells the rows of a query's first table apart."""
    source = side.args.get("from_") or side.args.get("from")
    table = source.this if source is not None else None
    known = schema.table(table.name) if isinstance(table, exp.Table) else None
    key = next((key[0] for key in known.keys if len(key) == 1), None) if known else None
    return exp.column(key, table=table.alias_or_name, quoted=True) if key and table is not None else None


def is_key(shown: exp.Expr, side: exp.Select, schema: Schema) -> bool:
    """Whether a column alone tells the rows of its table apart."""
    for table in side.find_all(exp.Table):
        known = schema.table(table.name)
        if known and (not shown.text("table") or shown.text("table").casefold() == table.alias_or_name.casefold()):
            return any(len(key) == 1 and key[0].casefold() == shown.name.casefold() for key in known.keys)
    return False


def either(left: exp.Select, right: exp.Select) -> exp.Select | None:
    """UNION of rows of the same tables as one query with OR."""
    parts = ("from_", "joins", "expressions")
    same = all(str(left.args.get(part)) == str(right.args.get(part)) for part in parts)
    tests = [side.args.get("where") for side in (left, right)]
    if not same or not all(tests) or any(right.args.get(part) for part in ("group", "limit", "having")):
        return None
    both = left.copy()
    both.set("where", exp.Where(this=exp.or_(*(test.this.copy() for test in tests if test))))
    return both.distinct()
