"""How a question was read, told from the SQL itself, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from sqlglot import expressions as exp

from analyst.reading.clauses import Clauses, chain, clauses_of, clauses_of_all, inner_queries
from analyst.reading.counting import count_rows
from analyst.reading.phrase_book import AND, B, filled, joined, same
from analyst.sql.sources import parse
from analyst.terms import Bilingual, Query, Reading, Schema
from connectors.base import Connector, Limits

NAMED = 3  # differences that a clickable label names
SET_OPERATIONS = {
    exp.Union: B("together with", "合并"),
    exp.Intersect: B("only those that are also among", "只保留同时出现在以下结果中的行："),
    exp.Except: B("without", "去掉"),
}


def read(query: Query, schema: Schema, connector: Connector, limits: Limits, cancelled: Event) -> Reading:
    """Measures, groups, filters, period, order and joins in words, and the rows scanned, left and left out. Raises QueryCancelled."""
    tree = parse(query)
    clauses = clauses_of_all(tree, schema)
    counted = count_rows(query, schema, connector, limits, cancelled)
    order = [clauses.ordering] if clauses.ordering else []
    limit = [clauses.limit] if clauses.limit else []
    return Reading(
        summary=_capitalised(summary(tree, schema)),
        measures=tuple(map(_capitalised, clauses.measures or clauses.shown)),
        grouping=clauses.grouping,
        filters=clauses.filters if not clauses.periods else (*clauses.periods[1:], *clauses.filters),
        period=clauses.periods[0] if clauses.periods else None,
        ordering=_capitalised(joined([*order, *limit], B("; ", "，"))) if order or limit else None,
        rows_scanned=counted.scanned,
        rows_matched=counted.matched,
        missing_left_out=counted.missing,
        joins=tuple(map(_capitalised, clauses.joins)),
        steps=tuple(map(_capitalised, _steps(tree, clauses, schema))),
    )


def summary(tree: exp.Expr, schema: Schema) -> Bilingual:
    """The whole in one sentence without a full stop."""
    if isinstance(tree, exp.Subquery):
        return summary(tree.this, schema)
    if isinstance(tree, exp.SetOperation):
        link = SET_OPERATIONS[next(kind for kind in SET_OPERATIONS if isinstance(tree, kind))]
        first, second = summary(tree.this, schema), summary(tree.expression, schema)
        return B(f"{first.en}; {link.en}: {second.en}", f"{first.zh}；{link.zh}：{second.zh}")
    return _sentence(clauses_of_all(tree, schema))


def _sentence(clauses: Clauses) -> Bilingual:
    what = joined(clauses.measures or clauses.shown) if clauses.measures or clauses.shown else B("one row for each group", "每组一行")
    if not clauses.measures and clauses.tables:
        what = filled(B("{} of {}", "{1}的{0}"), what, joined(clauses.tables[:1]))
    if clauses.distinct:
        what = filled(B("different {}", "不重复的{}"), what)
    conditions = [*clauses.periods, *clauses.filters, *clauses.having]
    en = [what.en]
    repeated = set(clauses.grouping) <= set(clauses.shown) and not clauses.measures
    en += [f"by {joined(clauses.grouping, AND).en}"] if clauses.grouping and not repeated else []
    en += [f"where {joined(conditions, AND).en}"] if conditions else []
    zh = f"按{joined(clauses.grouping).zh}统计{what.zh}" if clauses.grouping and not repeated else what.zh
    zh += f"，条件：{joined(conditions, AND).zh}" if conditions else ""
    tail = [words for words in (clauses.ordering, clauses.limit) if words]
    return B("; ".join((" ".join(en), *(words.en for words in tail))), "，".join((zh, *(words.zh for words in tail))))


def _steps(tree: exp.Expr, clauses: Clauses, schema: Schema) -> Iterator[Bilingual]:
    """Conditions on groups, the queries inside the query, set operations."""
    for having in clauses.having:
        yield (
            filled(B("only groups where {}", "只保留满足“{}”的分组"), having)
            if clauses.grouping
            else filled(B("only rows where {}", "只保留满足“{}”的行"), having)
        )
    links = chain(tree)
    for number, select in enumerate(reversed(links[1:]), start=1):
        yield filled(B(f"step {number}: {{}}", f"第{number}步：{{}}"), _sentence(clauses_of(select, schema)))
    for select in inner_queries(tree):
        if isinstance(select.find_ancestor(exp.From, exp.Join, exp.CTE, exp.Where, exp.Select), exp.From | exp.Join | exp.CTE):
            yield filled(B("inner step: {}", "内层步骤：{}"), _sentence(clauses_of(select, schema)))


def explain(query: Query, schema: Schema) -> tuple[Bilingual, ...]:
    """The clauses of the SQL one by one, in the order in which a database works them off."""
    return tuple(map(_capitalised, _explained(parse(query), schema)))


def _explained(tree: exp.Expr, schema: Schema) -> Iterator[Bilingual]:
    steps = tree.args.get("with_")
    for step in steps.expressions if steps is not None else ():
        for line in _explained(step.this, schema):
            yield filled(B("step {}: {}", "步骤 {}：{}"), same(step.alias), line)
    if isinstance(tree, exp.Subquery):
        yield from _explained(tree.this, schema)
    elif isinstance(tree, exp.SetOperation):
        yield from _explained(tree.this, schema)
        link = SET_OPERATIONS[next(kind for kind in SET_OPERATIONS if isinstance(tree, kind))]
        kept = B(" (duplicates stay)", "（保留重复行）") if isinstance(tree, exp.Union) and not tree.args.get("distinct") else B("", "")
        yield B(f"{link.en} the rows of a second query{kept.en}:", f"{link.zh}第二个查询的行{kept.zh}：")
        yield from _explained(tree.expression, schema)
        yield from _ending(clauses_of_all(tree, schema))
    elif isinstance(tree, exp.Select):
        yield from _clause_lines(tree, schema)


def _clause_lines(select: exp.Select, schema: Schema) -> Iterator[Bilingual]:
    for place in select.args["from_"].find_all(exp.Subquery) if select.args.get("from_") else ():
        if place.parent_select is select and isinstance(place.this, exp.Select):
            for line in _explained(place.this, schema):
                yield filled(B("inner step {}: {}", "内层步骤 {}：{}"), same(place.alias), line)
    clauses = clauses_of(select, schema)
    if clauses.tables:
        yield filled(B("read {}", "读取 {}"), clauses.tables[0])
    yield from clauses.joins
    for words in (*clauses.periods, *clauses.filters):
        yield filled(B("keep rows where {}", "只保留满足“{}”的行"), words)
    if clauses.grouping:
        yield filled(B("group by {}", "按 {} 分组"), joined(clauses.grouping))
    for words in clauses.having:
        yield filled(B("keep only those where {}", "只保留满足“{}”的结果"), words)
    shown = [*(() if clauses.grouping else clauses.shown), *clauses.measures]
    if shown:
        yield filled(B("show {}", "显示 {}"), joined(shown))
    if clauses.distinct:
        yield B("show each row once", "去掉重复行")
    yield from _ending(clauses)


def _ending(clauses: Clauses) -> Iterator[Bilingual]:
    if clauses.ordering:
        yield filled(B("sort {}", "{}排序"), clauses.ordering)
    if clauses.limit:
        yield clauses.limit


def name_choice(query: Query, other: Query, schema: Schema) -> Bilingual:
    """A short label for a reading: what sets it apart from the other; of order, tables and joins only where nothing else does."""
    mine, theirs = (clauses_of_all(parse(one), schema) for one in (query, other))
    for told in (_traits, _ends, _sources):
        own = [trait for trait in told(mine) if trait not in told(theirs)]
        if own:
            return _capitalised(joined(own[:NAMED]))
        lacking = [trait for trait in told(theirs) if trait not in told(mine)]
        if lacking:
            return filled(B("Without: {}", "不含：{}"), joined(lacking[:NAMED]))
    return _capitalised(summary(parse(query), schema))


def _traits(clauses: Clauses) -> list[Bilingual]:
    """What a reading can differ in, the most telling first."""
    grouping = [filled(B("by {}", "按{}"), joined(clauses.grouping))] if clauses.grouping and clauses.grouping != clauses.shown else []
    return [*clauses.measures, *clauses.shown, *grouping, *clauses.periods, *clauses.filters, *clauses.having]


def _ends(clauses: Clauses) -> list[Bilingual]:
    """In which order rows stand, how many there are, and whether each is there once."""
    once = [B("repeated rows once", "重复行只列一次")] if clauses.distinct else []
    return [words for words in (clauses.ordering, clauses.limit) if words] + once


def _sources(clauses: Clauses) -> list[Bilingual]:
    """Where its rows come from."""
    tables = [filled(B("from {}", "来自{}"), joined(clauses.tables))] if clauses.tables else []
    return [*tables, *clauses.joins]


def _capitalised(words: Bilingual) -> Bilingual:
    """The English begins with a capital, unless it begins with a name in backticks."""
    return B(words.en[:1].upper() + words.en[1:], words.zh)
