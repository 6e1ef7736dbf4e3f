"""SQL expressions and conditions as words, in both languages; what has no words is shown as its SQL, never left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sqlglot import expressions as exp

from analyst.reading.arithmetic import Comparison, change_between, comparison_of
from analyst.reading.phrase_book import (
    AGGREGATES,
    AND,
    COMPARED,
    COMPARISONS,
    EARLIEST,
    EXTRACTED,
    FORMATS,
    IN_PERCENT,
    IN_TIME,
    LATEST,
    MIRRORED,
    ONE_ARGUMENT,
    OPERATORS,
    OR,
    OVER_ALL,
    TEXT_TESTS,
    TRUNCATED,
    B,
    filled,
    joined,
    same,
)
from analyst.sql.room import WHOLE, Room
from analyst.sql.sources import column_of, conjuncts, defined, named_projection, places
from analyst.terms import Bilingual, Schema, Table

UNITS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年", "hour": "小时"}
WINDOW_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.Ntile, exp.CumeDist)
DATE = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?)?")


# ------------------------------------------------------------------------------------------------ expressions
def phrase(node: exp.Expr, schema: Schema, room: Room = WHOLE) -> Bilingual:
    """What an expression stands for, such as 'sum of Sales' or 'month of Order Date'."""
    node = node.unalias()

    def of(child: exp.Expr) -> Bilingual:
        return phrase(child, schema, room)

    match node:
        case exp.Column():
            return _column(node, schema, room)
        case exp.Sub() | exp.Add() if isinstance(node.expression, exp.Interval):
            return _shifted(node, of)
        case exp.Literal() | exp.Null() | exp.Boolean() | exp.CurrentDate():
            return value(node)
        case exp.Star():
            return B("all columns", "所有列")
        case exp.Count():
            return _count(node, of)
        case exp.Filter():
            return filled(B("{} where {}", "满足“{1}”的{0}"), of(node.this), _rows_of(node.expression.this, schema))
        case exp.Sum() | exp.Avg() if isinstance(node.this, exp.Case):
            return _conditional(node, schema, of)
        case exp.Case() if node.this is None:
            return _groups(node, schema, of)
        case exp.PercentileCont() | exp.PercentileDisc() | exp.Quantile() if isinstance(
            node.args.get("quantile", node.expression), exp.Literal
        ):
            level = f"{float(node.args.get('quantile', node.expression).name) * 100:g}"
            return filled(B(f"{level}th percentile of {{}}", f"{{}}的第{level}百分位数"), of(node.this))
        case exp.ArgMax() | exp.ArgMin():
            most = B("{} of the row with the highest {}", "{1}最大的那行的{0}") if isinstance(node, exp.ArgMax) else B(
                "{} of the row with the lowest {}", "{1}最小的那行的{0}"
            )  # fmt: skip
            return filled(most, of(node.this), of(node.expression))
        case exp.Window():
            return _window(node, of)
        case exp.Sub() | exp.Div() | exp.Mul() | exp.Round() if (compared := comparison_of(node)) is not None:
            return _compared(compared, of)
        case exp.Mul() if (figures := change_between(node)) is not None:
            return filled(B("percent change from {} to {}", "从{}到{}的变化（%）"), *map(of, figures))
        case exp.Paren():
            return filled(B("({})", "（{}）"), of(node.this)) if type(node.this) in OPERATORS else of(node.this)
        case exp.Cast() | exp.TryCast():
            return value(node) if isinstance(node.this, exp.Literal) else of(node.this)
        case exp.Nullif():
            return of(node.this)
        case exp.Coalesce(this=exp.Filter()) if node.expressions == [exp.Literal.number(0)]:
            return of(node.this)  # of no rows nobody expects another sum
        case exp.Coalesce() if len(node.expressions) == 1:
            return filled(B("{} (where missing: {})", "{}（缺失时取{}）"), of(node.this), of(node.expressions[0]))
        case exp.TimestampTrunc() | exp.DateTrunc():
            return _by_name(TRUNCATED, str(node.args["unit"].name), node, of)
        case exp.Extract():
            pattern = EXTRACTED.get(node.this.name.casefold())
            return filled(pattern, of(node.expression)) if pattern else _as_sql(node, schema)
        case exp.TimeToStr():
            return _by_name(FORMATS, node.args["format"].name, node, of)
        case exp.Subquery() | exp.Select():
            return _scalar(node, schema)
        case exp.Min() | exp.Max() if tells_when(node.this, schema):
            return filled(EARLIEST if isinstance(node, exp.Min) else LATEST, of(node.this))
        case _ if type(node) in OPERATORS:
            return filled(same(f"{{}} {OPERATORS[type(node)]} {{}}"), of(node.this), of(node.expression))
        case _ if type(node) in AGGREGATES and node.this is not None:
            inner = condition(node.this, schema) if isinstance(node, exp.CountIf) else _argument(node.this, of)
            return filled(AGGREGATES[type(node)], inner)
        case _ if type(node) in ONE_ARGUMENT and node.this is not None:
            return filled(ONE_ARGUMENT[type(node)], of(node.this))
    return condition(node, schema) if isinstance(node, exp.Predicate | exp.Connector) else _as_sql(node, schema)


def _rows_of(test: exp.Expr, schema: Schema) -> Bilingual:
    """The rows that a figure is limited to; whole months and years by their names."""
    from analyst.reading.periodwords import periods  # noqa: PLC0415 - it speaks of conditions in these words

    said, others = periods(conjuncts(test), schema)
    return joined([*said, *(condition(one, schema) for one in others)], AND)


def value(node: exp.Expr) -> Bilingual:
    """A literal as people write it."""
    inner = node.this if isinstance(node, exp.Cast) else node
    match inner:
        case exp.Literal() if inner.is_string:
            return same(inner.name) if inner.name.strip() else B("the empty text", "空文本")
        case exp.Literal():
            number = float(inner.name)
            return same(f"{number:,.10g}" if abs(number) >= 10_000 and number.is_integer() and number < 1e10 else inner.name)
        case exp.Null():
            return B("missing", "缺失")
        case exp.Boolean():
            return B("true", "是") if inner.this else B("false", "否")
        case exp.CurrentDate():
            return B("today", "今天")
    return same(inner.sql("duckdb"))


def _as_sql(node: exp.Expr, schema: Schema) -> Bilingual:
    return same(f"`{node.sql(schema.dialect)}`")


def _shifted(node: exp.Expr, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    """A day some time before or after another."""
    interval = node.expression
    count, unit = interval.this.name if interval.this is not None else "", interval.text("unit").casefold().rstrip("s")
    if unit not in UNITS:
        return same(f"`{node.sql('duckdb')}`")
    length = B(f"{count} {unit}{'' if count == '1' else 's'}", f"{count}{UNITS[unit]}")
    pattern = B("{1} before {0}", "{0}之前{1}") if isinstance(node, exp.Sub) else B("{1} after {0}", "{0}之后{1}")
    return filled(pattern, of(node.this), length)


def _column(reference: exp.Column, schema: Schema, room: Room) -> Bilingual:
    """A column by its name in the schema; a name given by an inner step by what it stands for."""
    if isinstance(reference.this, exp.Star):
        return same(f"{reference.table}.*")
    found = column_of(reference, schema)
    if found:
        twice = sum(bool(table.column(reference.name)) for table in _read_by(reference, schema)) > 1
        return same(f"{found[0].name}.{found[1].name}" if twice else found[1].name)
    select = reference.parent_select
    if isinstance(select, exp.Select) and room.steps:
        inner = defined(reference, select) or (None if reference.table else named_projection(select, reference.name))
        left = room.within(inner) if inner is not None and inner.unalias() is not reference else None
        if inner is not None and left is not None:
            return phrase(inner, schema, left)
    return same(reference.name)


def _read_by(reference: exp.Column, schema: Schema) -> list[Table]:
    select = reference.parent_select
    names = {place.name.casefold() for place in places(select) if isinstance(place, exp.Table)} if isinstance(select, exp.Select) else set()
    return [table for table in schema.tables if table.name.casefold() in names]


def _count(node: exp.Count, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    counted = node.this
    if counted is None or isinstance(counted, exp.Star | exp.Literal):
        return B("number of rows", "行数")
    if isinstance(counted, exp.Distinct):
        return filled(B("number of different {}", "不同{}的个数"), joined([of(part) for part in counted.expressions]))
    if isinstance(counted, exp.Case):
        return filled(B("number of rows where {}", "满足“{}”的行数"), of(counted.args["ifs"][0].this))
    return filled(B("number of rows with a {}", "{}不为空的行数"), of(counted))


def _argument(node: exp.Expr, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    if isinstance(node, exp.Distinct):
        return filled(B("different {}", "不同的{}"), joined([of(part) for part in node.expressions]))
    return of(node)


def _conditional(node: exp.Expr, schema: Schema, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    """sum(CASE WHEN condition THEN x END): the aggregate over the rows that meet the condition."""
    case = node.this
    branches, default = case.args.get("ifs") or [], case.args.get("default")
    plain = len(branches) == 1 and case.this is None
    zero = default is None or isinstance(default, exp.Null) or (isinstance(default, exp.Literal) and default.name in ("0", "0.0"))
    if not plain or not zero or (isinstance(node, exp.Avg) and default is not None and not isinstance(default, exp.Null)):
        return filled(AGGREGATES[type(node)], _as_sql(case, schema))
    then = branches[0].args["true"]
    where = condition(branches[0].this, schema)
    if isinstance(node, exp.Sum) and isinstance(then, exp.Literal) and then.name == "1":
        return filled(B("number of rows where {}", "满足“{}”的行数"), where)
    return filled(B("{} where {}", "满足“{1}”的{0}"), filled(AGGREGATES[type(node)], of(then)), where)


def _groups(case: exp.Case, schema: Schema, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    """CASE WHEN condition THEN name …: each name with the condition behind it, since a name alone can promise another one."""
    pair = B("{}: {}", "{}：{}")
    named = [filled(pair, of(branch.args["true"]), condition(branch.this, schema)) for branch in case.args["ifs"]]
    default = case.args.get("default")
    if default is not None and not isinstance(default, exp.Null):
        named.append(filled(pair, of(default), B("otherwise", "其余")))
    return filled(B("groups ({})", "分组（{}）"), joined(named))


def _by_name(patterns: Mapping[str, Bilingual], name: str, node: exp.Expr, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    pattern = patterns.get(name) or patterns.get(name.casefold())
    return filled(pattern, of(node.this)) if pattern else same(f"`{node.sql('duckdb')}`")


def _window(node: exp.Window, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    """Ranks, running totals, the row before, and totals kept beside each row."""
    function, order = node.this, node.args.get("order")
    within = [of(part) for part in node.args.get("partition_by") or ()]
    by = joined([_ordered(part, of) for part in order.expressions]) if order is not None else OVER_ALL
    if isinstance(function, exp.IgnoreNulls):
        function = function.this
    match function:
        case _ if isinstance(function, WINDOW_RANKS):
            words = filled(B("rank by {}", "按{}的排名"), by)
        case exp.Lag():
            words = filled(B("{} of the row before, by {}", "按{1}排列的上一行的{0}"), of(function.this), by)
        case exp.Lead():
            words = filled(B("{} of the row after, by {}", "按{1}排列的下一行的{0}"), of(function.this), by)
        case _ if order is None:
            words = filled(B("{} over all rows", "全部行的{}"), of(function)) if not within else of(function)
        case _ if node.args.get("spec") is not None and "PRECEDING" in node.sql() and "UNBOUNDED" not in node.sql():
            words = filled(B("moving {}, by {}", "按{1}移动的{0}"), of(function), by)
        case _:
            words = filled(B("running {}, by {}", "按{1}累计的{0}"), of(function), by)
    return filled(B("{} within each {}", "各{1}内{0}"), words, joined(within)) if within else words


def _ordered(part: exp.Expr, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    inner = of(part.this)
    return filled(B("{} from high to low", "{}从高到低"), inner) if part.args.get("desc") else inner


def _compared(found: Comparison, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    """A share or growth, within its partition and by its order."""
    order = found.window.args.get("order")
    by = joined([_ordered(part, of) for part in order.expressions]) if order is not None else OVER_ALL
    words = filled(COMPARED[found.kind], of(found.measure), *([by] if found.kind != "share" else []))
    within = [of(part) for part in found.window.args.get("partition_by") or ()]
    words = filled(B("{} within each {}", "各{1}内{0}"), words, joined(within)) if within else words
    return filled(IN_PERCENT, words) if found.in_percent else words


def _scalar(node: exp.Expr, schema: Schema) -> Bilingual:
    """A subquery that gives one value: what it shows, of which rows."""
    select = node.this if isinstance(node, exp.Subquery) else node
    if not isinstance(select, exp.Select) or len(select.expressions) != 1:
        return _as_sql(node, schema)
    shown = filled(B("the {}", "{}"), phrase(select.expressions[0], schema))
    rows = rows_meant(select, schema)
    return filled(B("{} ({})", "{}（{}）"), shown, rows) if rows.en else shown


def rows_meant(select: exp.Select, schema: Schema) -> Bilingual:
    """Which rows an inner SELECT reads: its tables, where the outer one does not read them, and its conditions."""
    outer = select.parent_select
    names = [place.alias_or_name if not isinstance(place, exp.Table) else place.name for place in places(select)]
    known = {place.name for place in places(outer) if isinstance(place, exp.Table)} if isinstance(outer, exp.Select) else set()
    tables = [B(f"from {', '.join(names)}", f"来自{'、'.join(names)}")] if set(names) - known else []
    where = [filled(B("where {}", "条件：{}"), all_of(select.args["where"].this, schema))] if select.args.get("where") else []
    group = select.args.get("group")
    by = [filled(B("by {}", "按{}"), joined([phrase(part, schema) for part in group.expressions]))] if group and group.expressions else []
    having = [filled(B("with {}", "且{}"), all_of(select.args["having"].this, schema))] if select.args.get("having") else []
    return joined([*tables, *where, *by, *having], B(" ", "，"))


# ------------------------------------------------------------------------------------------------ conditions
def all_of(node: exp.Expr, schema: Schema) -> Bilingual:
    """Conditions joined by AND."""
    return joined([condition(part, schema) for part in conjuncts(node)], AND)


def condition(node: exp.Expr, schema: Schema) -> Bilingual:
    """What a condition asks of a row, such as 'Region is West'."""

    def of(child: exp.Expr) -> Bilingual:
        return phrase(child, schema)

    match node:
        case exp.Paren():
            return condition(node.this, schema)
        case exp.And():
            return all_of(node, schema)
        case exp.Or():
            return filled(B("({})", "（{}）"), joined([condition(part, schema) for part in node.flatten()], OR))
        case exp.Not():
            return _negated(node.this, schema)
        case exp.Is() if isinstance(node.expression, exp.Null):
            return filled(B("{} is missing", "{}缺失"), of(node.this))
        case exp.Is():
            return filled(COMPARISONS[exp.EQ], of(node.this), of(node.expression))
        case exp.Between():
            pattern = (
                B("{} is from {} to {}", "{}从{}到{}") if is_date(node.args["low"]) else B("{} is between {} and {}", "{}在{}和{}之间")
            )
            return filled(pattern, of(node.this), of(node.args["low"]), of(node.args["high"]))
        case exp.In():
            return _membership(node, schema, B("{} is {}", "{}为{}"), B("{} is one of {}", "{}为{}之一"), B("{} is among {}", "{}属于{}"))
        case exp.Like() | exp.ILike():
            return _like(node, schema, of)
        case exp.Exists():
            inner = node.this if isinstance(node.this, exp.Select) else node.this.this
            return filled(B("there is a row {}", "存在一行{}"), rows_meant(inner, schema))
        case exp.Column():
            return filled(B("{} is true", "{}为是"), of(node))
        case exp.Boolean():
            return value(node)
        case _ if type(node) in TEXT_TESTS:
            return filled(TEXT_TESTS[type(node)], of(node.this), of(node.expression))
        case exp.EQ() if is_of_peers(node):
            return filled(B("{} is the same", "{}相同"), of(node.expression))
        case _ if type(node) in COMPARISONS:
            return _comparison(node, of, tells_when(node.this, schema))
    return _as_sql(node, schema)


def is_of_peers(node: exp.EQ) -> bool:
    """Whether an inner SELECT keeps to the rows that are like the outer one: peer.city = staff.city, where peer is staff again."""
    left, right, select = node.this, node.expression, node.parent_select
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column) and left.name == right.name and isinstance(select, exp.Select)):
        return False
    return any(place.alias == left.table and place.name == right.table for place in places(select) if isinstance(place, exp.Table))


def tells_when(node: exp.Expr | None, schema: Schema) -> bool:
    """Whether an expression is a column of days or moments."""
    found = column_of(node, schema) if isinstance(node, exp.Column) else None
    return found is not None and found[1].type.upper().startswith(("DATE", "TIMESTAMP"))


def _comparison(node: exp.Expr, of: Callable[[exp.Expr], Bilingual], in_time: bool) -> Bilingual:
    left, right, kind = node.this, node.expression, type(node)
    if isinstance(left, exp.Column) and isinstance(right, exp.Column) and left.table and right.table and left.name == right.name:
        sign = "=" if kind is exp.EQ else node.key
        return same(f"{left.table}.{left.name} {sign} {right.table}.{right.name}")
    if isinstance(left, exp.Literal) and not isinstance(right, exp.Literal):
        left, right, kind = right, left, MIRRORED.get(kind, kind)
    pattern = IN_TIME.get(kind) if in_time or is_date(right) else None
    return filled(pattern or COMPARISONS[kind], of(left), of(right))


def _negated(node: exp.Expr, schema: Schema) -> Bilingual:
    match node:
        case exp.Paren():
            return _negated(node.this, schema)
        case exp.Is() if isinstance(node.expression, exp.Null):
            return filled(B("{} is not missing", "{}不为空"), phrase(node.this, schema))
        case exp.In():
            return _membership(
                node,
                schema,
                B("{} is not {}", "{}不为{}"),
                B("{} is none of {}", "{}不是{}中的任何一个"),
                B("{} is not among {}", "{}不属于{}"),
            )
        case exp.Column():
            return filled(B("{} is false", "{}为否"), phrase(node, schema))
        case exp.Exists():
            inner = node.this if isinstance(node.this, exp.Select) else node.this.this
            return filled(B("there is no row {}", "不存在这样的行：{}"), rows_meant(inner, schema))
    return filled(B("not: {}", "并非“{}”"), condition(node, schema))


def _membership(node: exp.In, schema: Schema, one: Bilingual, several: Bilingual, inner: Bilingual) -> Bilingual:
    left = phrase(node.this, schema)
    subquery = node.args.get("query")
    if subquery is not None:
        select = subquery.this if isinstance(subquery, exp.Subquery) else subquery
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            return filled(inner, left, _as_sql(subquery, schema))
        shown = filled(B("the {} {}", "{}（{}）"), phrase(select.expressions[0], schema), rows_meant(select, schema))
        return filled(inner, left, B(shown.en.strip(), shown.zh.replace("（）", "")))
    values = [phrase(part, schema) for part in node.expressions]
    return filled(one if len(values) == 1 else several, left, joined(values))


def _like(node: exp.Expr, schema: Schema, of: Callable[[exp.Expr], Bilingual]) -> Bilingual:
    if not isinstance(node.expression, exp.Literal):
        return filled(B("{} is like {}", "{}形如{}"), of(node.this), of(node.expression))
    pattern = node.expression.name
    bare = same(pattern.strip("%"))
    if "_" in bare.en or "%" in bare.en or not bare.en:
        return filled(B("{} is like {}", "{}形如{}"), of(node.this), same(pattern))
    match pattern.startswith("%"), pattern.endswith("%"):
        case True, True:
            return filled(TEXT_TESTS[exp.Contains], of(node.this), bare)
        case False, True:
            return filled(TEXT_TESTS[exp.StartsWith], of(node.this), bare)
        case True, False:
            return filled(TEXT_TESTS[exp.EndsWith], of(node.this), bare)
    return filled(COMPARISONS[exp.EQ], of(node.this), bare)


def is_date(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Cast) else node
    return isinstance(inner, exp.CurrentDate) or (isinstance(inner, exp.Literal) and inner.is_string and bool(DATE.fullmatch(inner.name)))
