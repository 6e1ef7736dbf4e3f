"""The clauses of a SELECT in words: what it shows, by what it groups, which rows it keeps, how it joins and sorts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import expressions as exp

from analyst.columns.roles import kind_of
from analyst.reading.periodwords import periods
from analyst.reading.phrase_book import AND, B, filled, joined, same
from analyst.reading.phrases import all_of, condition, phrase
from analyst.sql.sources import (
    DEEPEST,
    aggregates,
    column_of,
    conjuncts,
    defined,
    group_keys,
    inner_select,
    joins_of,
    named_projection,
    outer_select,
    places,
    resolved,
)
from analyst.terms import Bilingual, Schema

SHOWN = 8  # columns of a listing that are named; of a wide one the first are enough


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one question's SQL, each in words."""

    measures: tuple[Bilingual, ...] = ()
    shown: tuple[Bilingual, ...] = ()
    """Plain columns of a listing; empty where rows are summed up."""
    tables: tuple[Bilingual, ...] = ()
    joins: tuple[Bilingual, ...] = ()
    filters: tuple[Bilingual, ...] = ()
    periods: tuple[Bilingual, ...] = ()
    grouping: tuple[Bilingual, ...] = ()
    having: tuple[Bilingual, ...] = ()
    ordering: Bilingual | None = None
    limit: Bilingual | None = None
    distinct: bool = False


def chain(tree: exp.Expr) -> list[exp.Select]:
    """The outer SELECT, the one it reads, and so on inwards, as long as each reads nothing else."""
    select = outer_select(tree)
    found: list[exp.Select] = []
    while select is not None and len(found) < DEEPEST and all(select is not one for one in found):
        found.append(select)
        sources = list(places(select))
        select = inner_select(sources[0]) if len(sources) == 1 else None
    return found


def clauses_of(select: exp.Select, schema: Schema) -> Clauses:
    """The clauses of one SELECT alone."""
    summed = aggregates(select)
    keys = group_keys(select)
    projections = [projection.unalias() for projection in select.expressions]
    computed = [
        node for node in projections if node not in keys and node.find(exp.AggFunc, exp.Window) and not isinstance(node, exp.Subquery)
    ]
    hidden = summed and bool(computed)  # beside a measure, what rows are grouped by is told by the grouping
    plain = [node for node in projections if node not in computed and not (hidden and (node in keys or isinstance(node, exp.Column)))]
    where = select.args.get("where")
    said, others = periods(conjuncts(where.this if where else None), schema)
    having = [part for name in ("having", "qualify") if select.args.get(name) for part in conjuncts(select.args[name].this)]
    return Clauses(
        measures=tuple(phrase(node, schema) for node in computed),
        shown=tuple(phrase(node, schema) for node in plain),
        tables=tuple(place_words(place) for place in places(select)),
        joins=tuple(join_words(select, schema)),
        filters=tuple(condition(node, schema) for node in others),
        periods=tuple(said),
        grouping=tuple(phrase(key, schema) for key in keys),
        having=tuple(condition(node, schema) for node in having),
        ordering=_ordering(select, select, schema),
        limit=_limit(select),
        distinct=bool(select.args.get("distinct")),
    )


def clauses_of_all(tree: exp.Expr, schema: Schema) -> Clauses:
    """The clauses of the outer SELECT, with the filters and groups of those it reads where it has none of its own."""
    links = chain(tree)
    if not links:
        return Clauses()
    each = [clauses_of(select, schema) for select in links]
    outer = each[0]
    grouped = next((clauses for clauses, select in zip(each, links, strict=True) if aggregates(select)), outer)
    star = any(projection.is_star for projection in links[0].expressions)
    showing = next((c for c, s in zip(each, links, strict=True) if not any(p.is_star for p in s.expressions)), outer) if star else outer
    through = [phrase(node, schema) for node in links[0].expressions if not star and len(links) > 1 and _is_summed(node, schema, links)]
    ordered = next((clauses.ordering for clauses in each if clauses.ordering), None) or _ordering(tree, links[0], schema)
    return Clauses(
        measures=tuple(through) or showing.measures,
        shown=() if through else showing.shown,
        tables=each[-1].tables,
        joins=tuple(join for clauses in each for join in clauses.joins),
        filters=tuple(one for clauses in reversed(each) for one in clauses.filters),
        periods=tuple(one for clauses in reversed(each) for one in clauses.periods),
        grouping=outer.grouping or grouped.grouping,
        having=tuple(one for clauses in reversed(each) for one in clauses.having),
        ordering=ordered,
        limit=next((clauses.limit for clauses in each if clauses.limit), None) or _limit(tree),
        distinct=outer.distinct,
    )


def _is_summed(node: exp.Expr, schema: Schema, links: list[exp.Select]) -> bool:
    """Whether a plain name of the outer SELECT stands for an aggregate of an inner one."""
    inner: exp.Expr | None = node.unalias()
    for select in links[1:]:
        inner = named_projection(select, inner.name) if isinstance(inner, exp.Column) else inner
        inner = inner.unalias() if inner is not None else None
    return inner is not None and inner.find(exp.AggFunc, exp.Window) is not None


def place_words(place: exp.Expr) -> Bilingual:
    """A table by its name, an inner step by what it is."""
    if isinstance(place, exp.Table):
        return same(place.name or f"`{place.sql()}`")
    return B(f"the inner step {place.alias}".strip(), f"内层步骤{place.alias}")


def join_words(select: exp.Select, schema: Schema) -> Iterator[Bilingual]:
    """Each join: what is joined to what, on which columns, and which rows stay without a match."""
    sources = list(places(select))
    for place, join in zip(sources[1:], joins_of(select), strict=False):
        on = _join_condition(join, schema)
        side = join.args.get("side", "") or ""
        first, second = place_words(sources[0]), place_words(place)
        if on is None:
            yield filled(B("every row of {} is paired with every row of {}", "{}的每一行与{}的每一行组合"), first, second)
            continue
        words = filled(B("{} joined to {} on {}", "{}与{}按{}关联"), first, second, on)
        kept = {"LEFT": [first], "RIGHT": [second], "FULL": [first, second]}.get(side.upper(), [])
        stays = filled(B(", keeping rows of {} without a match", "，保留{}中没有匹配的行"), joined(kept, AND))
        yield B(words.en + stays.en, words.zh + stays.zh) if kept else words


def _join_condition(join: exp.Join, schema: Schema) -> Bilingual | None:
    if join.args.get("using"):
        return joined([same(name.name) for name in join.args["using"]])
    on = join.args.get("on")
    if on is None:
        return None
    return joined([_equality(part, schema) for part in conjuncts(on)], AND)


def _equality(node: exp.Expr, schema: Schema) -> Bilingual:
    left, right = node.this, node.args.get("expression")
    if isinstance(node, exp.EQ) and isinstance(left, exp.Column) and isinstance(right, exp.Column):
        if left.name.casefold() == right.name.casefold():
            return same(left.name)
        return same(f"{_qualified(left, schema)} = {_qualified(right, schema)}")
    return condition(node, schema)


def _qualified(reference: exp.Column, schema: Schema) -> str:
    found = column_of(reference, schema)
    return f"{found[0].name}.{found[1].name}" if found else reference.sql()


def _ordering(tree: exp.Expr, select: exp.Select, schema: Schema) -> Bilingual | None:
    order = tree.args.get("order")
    if order is None:
        return None
    return joined([_direction(part, select, schema) for part in order.expressions])


LONG = 55  # characters; a figure that takes more is not said twice


def _direction(part: exp.Expr, select: exp.Select, schema: Schema) -> Bilingual:
    key = resolved(part.this, select)
    words, down = phrase(key, schema), bool(part.args.get("desc"))
    if len(words.en) > LONG and key in [shown.unalias() for shown in select.expressions] and key.find(exp.AggFunc, exp.Window):
        words = B("that figure", "该数字")
    match _sort_of(key, schema):
        case "time":
            how = B("newest first", "从新到旧") if down else B("oldest first", "从旧到新")
        case "text":
            how = B("Z to A", "倒序") if down else B("A to Z", "升序")
        case _:
            how = B("highest first", "从高到低") if down else B("lowest first", "从低到高")
    return filled(B("by {}, {}", "按{}{}"), words, how)


def _sort_of(key: exp.Expr, schema: Schema) -> str:
    key = key.this if isinstance(key, exp.Cast | exp.TryCast) else key
    found = column_of(key, schema)
    inner = defined(key, key.parent_select) if isinstance(key, exp.Column) and isinstance(key.parent_select, exp.Select) else None
    if found is None and inner is not None:
        return _sort_of(inner.unalias(), schema)
    if found:
        kind = kind_of(found[1].type)
        return "time" if kind in ("date", "time") or found[1].role == "time" else "text" if kind in ("text", "other") else "number"
    return "time" if isinstance(key, exp.TimestampTrunc | exp.DateTrunc | exp.TimeToStr | exp.Year | exp.Date) else "number"


def _limit(tree: exp.Expr) -> Bilingual | None:
    limit, offset = tree.args.get("limit"), tree.args.get("offset")
    if limit is None:
        return None
    count = limit.expression if isinstance(limit, exp.Limit) else limit.args.get("count")
    number = count.sql() if count is not None else limit.sql()
    rows = B("only the first row", "只取第一行") if number == "1" else B(f"only the first {number} rows", f"只取前{number}行")
    if offset is None:
        return rows
    skipped = offset.expression.sql()
    if number == "1" and skipped.isdigit():
        return B(f"only the {ordinal(int(skipped) + 1)} row", f"只取第{int(skipped) + 1}行")
    return B(f"{rows.en} after the first {skipped}", f"跳过前{skipped}行，{rows.zh}")


def ordinal(number: int) -> str:
    """A rank as it is written: 2nd, 11th, 23rd."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def filters_in_words(clauses: Clauses, schema: Schema) -> Bilingual:
    """Periods and filters in one phrase."""
    return joined([*clauses.periods, *clauses.filters], AND)


def inner_queries(tree: exp.Expr) -> list[exp.Select]:
    """The SELECTs inside conditions and projections, which no chain reaches; those inside them are their own affair."""
    links = chain(tree)
    return [
        select
        for select in tree.find_all(exp.Select)
        if all(select is not link for link in links) and any(select.parent_select is link for link in links)
    ]


__all__ = [
    "Clauses",
    "all_of",
    "chain",
    "clauses_of",
    "clauses_of_all",
    "filters_in_words",
    "inner_queries",
    "join_words",
    "place_words",
]
