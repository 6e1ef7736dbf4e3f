"""Reads what is computed: counts, sums, averages and their kin, and which columns are just shown."""

from __future__ import annotations

import re

from analyst.models.builtin.comparing import default_measure
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import UNITS, unit_held
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.plan import Aggregate, Arithmetic, Elapsed, Expression, Field, Measure
from analyst.models.builtin.whom import counted_once, is_kind_only, names_thing
from analyst.words.tokens import is_chinese, stem

ROWS = frozenset((
    "order", "purchase", "transaction", "sale", "record", "case", "entry", "booking", "invoice", "event", "deal", "订单",
    "记录", "交易", "单", "笔",
))  # fmt: skip
"""Words for single rows, whatever the headers are."""


WITHIN = re.compile(
    r"(?P<share>\d{2})\s*[%％]的[一-鿿]{1,6}?(?:能|可以|会)?在?(?:多少|几)(?P<unit>分钟|小时|天|秒)(?:以|之)?内"
    r"|\bwithin how many (?P<units>seconds|minutes|hours|days)\b.*?\b(?P<part>\d{2})\s*(?:%|percent)",
    re.I,
)
"""'90%的订单能在多少分钟之内送到': the time under which so many of the rows lie."""


def read_within(draft: Draft) -> None:
    """The length of time under which a share of the rows lies."""
    found = WITHIN.search(draft.text)
    if found is None:
        return
    unit = UNITS.get((found["unit"] or found["units"]).lower().rstrip("s"))
    numbers = [field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_measure(field)]
    fields = [field for field in numbers if unit and unit_held(field) == unit]
    if len(fields) != 1:
        return
    draft.measures.append(Measure("quantile", fields[0], at=int(found["share"] or found["part"]) / 100))
    draft.use(*overlapping(draft.mentions, *found.span()))


def read_quantiles(draft: Draft) -> None:
    """'The 90th percentile of X', 'X的90分位'."""
    read_within(draft)
    for at, mention in enumerate(draft.mentions):
        if at not in draft.used and (share := re.fullmatch(r"p(\d\d)", mention.text.lower())) and (field := nearest_number(draft, at)):
            draft.measures.append(Measure("quantile", field, at=int(share[1]) / 100))
            draft.use(at)
        if at in draft.used or mention.kind != "number":
            continue
        after = draft.text[mention.end : mention.end + 14].lower().lstrip()
        if after.startswith(("percentile", "th percentile", "st percentile", "分位", "百分位", "th quantile")):
            field = nearest_number(draft, at)
            if field:
                draft.measures.append(Measure("quantile", field, at=float(mention.number) / 100))
            draft.use(
                at,
                *(
                    place
                    for place in range(at + 1, min(at + 5, len(draft.mentions)))
                    if draft.mentions[place].kind in ("word", "quantile") and not draft.mentions[place].columns
                ),
            )


def nearest_number(draft: Draft, at: int) -> Expression | None:
    """The number column nearest to a place, else the main measure."""
    places = sorted(
        (
            place
            for place in range(len(draft.mentions))
            if place not in draft.used and draft.is_column(place) and draft.options(place, "number")
        ),
        key=lambda place: abs(place - at),
    )
    if not places:
        return default_measure(draft)
    draft.use(places[0])
    return draft.column(places[0], "number")


def read_aggregates(draft: Draft) -> None:
    """'Average age', 'min and max price', '平均工资', '销售额合计'."""
    for at in list(draft.free("agg")):
        if at in draft.used:
            continue
        mention = draft.mentions[at]
        if mention.kind == "column" and not (at + 1 < len(draft.mentions) and draft.is_column(at + 1)):
            continue
        aggregate = mention.asks("agg") or "sum"
        if aggregate == "sum" and draft.asks(at + 1, "howmuch"):
            draft.use(at)  # 一共收了多少钱
            continue
        target = aggregate_target(draft, at)
        if target is None:
            following = draft.next_to(at, 1, 2, lambda place: bool(draft.asks(place, "count")) and place not in draft.used)
            if following is not None or draft.asks(at + 1, "count") or draft.asks(at - 1, "count"):
                draft.use(at)
                continue
        if target is not None and aggregate in ("avg", "median", "max", "min") and (worth := amount_of_rows(draft, target)):
            draft.measures.append(Measure(aggregate, worth))  # type: ignore[arg-type]
            draft.use(at, target)
            continue
        if target is not None and draft.mentions[target].kind == "table" and not draft.options(target, "sum"):
            each = aggregate == "avg" and draft.next_to(target, 1, 0, lambda place: draft.mentions[place].text.lower() == "per") is not None
            if each:
                draft.flags["averages each"] = str(target)
            if aggregate == "sum" or each:
                draft.use(at, target)
                table = draft.table(target) or ""
                draft.measures.append(Measure("count", next(iter(draft.catalog.identifiers(table)), None) if each else None))
                draft.tables.append(table)
            continue
        of = of_target(draft, target) or (money_from(draft, at) if target is None and aggregate == "sum" else None)
        if of is None:
            draft.use(at)
            draft.flags.setdefault("aggregate", aggregate)
            continue
        draft.measures.append(Measure(aggregate, of))  # type: ignore[arg-type]
        draft.use(at, *([target] if target is not None else []))
        for place in range(at + 1, target if target is not None and target > at else at):
            further = draft.asks(place, "agg")
            if further and not draft.is_column(place):
                draft.measures.append(Measure(further, of))  # type: ignore[arg-type]
                draft.use(place)
        more_targets(draft, aggregate, target)
        if target is not None and target < at:
            earlier_targets(draft, aggregate, target)


def money_from(draft: Draft, at: int) -> Expression | None:
    """What 'total from Leeds donors in 2025' adds up: the money, where nothing else is named."""
    after = draft.mentions[at + 1].text.lower() if at + 1 < len(draft.mentions) else ""
    figures = any(draft.mentions[place].kind in ("count", "money") for place in range(len(draft.mentions)))
    return draft.catalog.money(draft.all_tables) if after in ("from", "for") and not figures and not draft.measures else None


def amount_of_rows(draft: Draft, target: int) -> Expression | None:
    """The money of a table whose rows are averaged where no figure is named: 'the average gift', 'median order by channel'."""
    table = draft.table(target) if draft.mentions[target].kind == "table" and not draft.options(target, "sum") else None
    figures = any(
        draft.mentions[place].kind == "money" or (draft.mentions[place].kind == "column" and draft.options(place, "number"))
        for place in range(len(draft.mentions))
        if place not in draft.used
    )
    following = draft.mentions[target + 1].text.lower() if target + 1 < len(draft.mentions) else ""
    if table is None or figures or following in ("per", "each", "count", "number") or draft.mentions[target].text.lower().endswith("s"):
        return None
    return draft.catalog.money([table])


def read_headers_with_aggregates(draft: Draft) -> None:
    """'Total payments' may be a header and still ask for a sum."""
    if draft.measures:
        return
    for at, mention in enumerate(draft.mentions):
        first = mention.text.split()[0].lower() if mention.kind == "column" and " " in mention.text else ""
        aggregate = {
            "average": "avg",
            "avg": "avg",
            "total": "sum",
            "mean": "avg",
            "maximum": "max",
            "max": "max",
            "minimum": "min",
            "min": "min",
        }.get(first)
        if (
            aggregate
            and at not in draft.used
            and not any(other.asks("list") and other.text.lower() in ("list", "show") for other in draft.mentions)
        ):
            field = draft.column(at, "number")
            if field and draft.catalog.is_measure(field):
                draft.measures.append(Measure(aggregate, field))  # type: ignore[arg-type]
                draft.use(at)


def aggregate_target(draft: Draft, at: int) -> int | None:
    """The place of what is aggregated: right of the word (over 'and max'), in Chinese also left of it."""

    def wanted(place: int) -> bool:
        return (draft.nameable(place) and bool(draft.options(place, "sum") or draft.mentions[place].kind == "table")) or bool(
            draft.asks(place, "money") or draft.asks(place, "worth")
        )

    def passable(place: int) -> bool:
        return (
            draft.is_filler(place)
            or bool(draft.asks(place, "agg") or draft.asks(place, "and") or draft.asks(place, "grain") or draft.asks(place, "distinct"))
            or draft.mentions[place].text in (",", "，", "、")
            or draft.mentions[place].kind in ("grain",)
        )

    here, steps = at + 1, 0
    if (
        draft.mentions[at].text.lower() == "total"
        and at + 1 < len(draft.mentions)
        and draft.mentions[at + 1].text.lower() in ("from", "for")
    ):
        return None  # 'total from Leeds donors' adds up money
    while here < len(draft.mentions) and steps < 6:
        if here not in draft.used and wanted(here) and draft.mentions[here].kind in ("column", "table", "money", "worth", "group"):
            skipped = (
                draft.mentions[here].kind == "table"
                and here + 1 < len(draft.mentions)
                and draft.mentions[here + 1].kind == "column"
                and bool(draft.options(here + 1, "number"))
            )
            marks = here == at + 1 and draft.mentions[here].text == "分" and bool(draft.options(here, "number"))
            if (draft.mentions[here].kind != "group" or marks) and not skipped:
                return here
            here += 1
            continue
        if not passable(here) and not (draft.mentions[here].kind == "value" and here in draft.used):
            break
        here += 1
        steps += 1
    if any(is_chinese(character) for character in draft.mentions[at].text):
        return draft.next_to(at, -1, 2, lambda place: place not in draft.used and wanted(place))
    return None


def of_target(draft: Draft, target: int | None) -> Expression | None:
    """What a place stands for as something to compute over."""
    if target is None:
        return None
    if draft.asks(target, "worth"):
        return draft.catalog.worth(draft.all_tables)
    if draft.mentions[target].kind == "money" or (draft.asks(target, "money") and not draft.options(target, "number")):
        return draft.catalog.money(draft.all_tables)
    return amount_or(draft, target)


def amount_or(draft: Draft, target: int) -> Expression | None:
    """The number column of a place; where only a price answers to a word of money, price times quantity may be meant."""
    field = draft.column(target, "sum")
    if field is None:
        return None
    money = draft.catalog.money([field.table])
    if isinstance(money, Arithmetic) and draft.asks(target, "money"):
        return money
    return field


def earlier_targets(draft: Draft, aggregate: str, target: int) -> None:
    """Columns named before the one beside the word: '药费和检查费的总和'."""
    here = target
    while here > 1 and (draft.asks(here - 1, "and") or draft.mentions[here - 1].text in ("、", "，")) and here - 2 not in draft.used:
        field = draft.column(here - 2, "number") if draft.mentions[here - 2].kind == "column" else None
        if field is None or not draft.catalog.is_measure(field):
            return
        draft.measures.insert(len(draft.measures) - 1, Measure(aggregate, field))  # type: ignore[arg-type]
        here -= 2
        draft.use(here)


def more_targets(draft: Draft, aggregate: str, target: int | None) -> None:
    """Further columns under the same word: 'average age and weight'."""
    here = target
    while here is not None:
        joint = draft.next_to(here, 1, 0, lambda place: bool(draft.asks(place, "and")) or draft.mentions[place].text in (",", "，", "、"))
        if joint is None:
            return
        after = joint + 1
        if after < len(draft.mentions) and draft.mentions[after].text in ("and",):
            after += 1
        if (
            after >= len(draft.mentions)
            or after in draft.used
            or draft.mentions[after].kind != "column"
            or not draft.options(after, "number")
        ):
            return
        field = draft.column(after, "number")
        if field is None or not draft.catalog.is_measure(field):
            return
        draft.measures.append(Measure(aggregate, field))  # type: ignore[arg-type]
        draft.use(after)
        here = after


def read_counts(draft: Draft) -> None:
    """'How many X', 'number of X', '多少个X'."""
    for at in list(draft.free("howmuch")):
        if draft.mentions[at].text == "多少" and at + 1 < len(draft.mentions) and names_thing(draft, at + 1):
            draft.measures.append(count_of(draft, at + 1, False))
            draft.use(at, at + 1)
    for at in list(draft.free("count")):
        mention = draft.mentions[at]
        if at in draft.used or mention.kind in ("column", "value"):
            continue
        if mention.text in ("数量", "总数", "个数") and any(
            draft.mentions[place].kind == "column"
            and any("quantity" in draft.catalog.concepts(field) for field, _ in draft.options(place, "number")[:1])
            for place in range(len(draft.mentions))
            if place not in draft.used
        ):
            draft.use(at)
            continue
        if mention.text.endswith("天") and (days := days_of(draft)):
            draft.measures.append(days)
            draft.use(at)
            continue
        pieces = (
            draft.language == "zh" and mention.text.endswith(PIECE_ZH) and not (at + 1 < len(draft.mentions) and draft.is_column(at + 1))
        )
        if pieces and (made := made_quantity(draft)):
            draft.measures.append(Measure("sum", made))
            draft.use(at)
            continue
        if mention.text in ("数量", "总数") and (sold := sold_quantity(draft)):
            draft.measures.append(Measure("sum", sold))
            draft.use(at)
            continue
        if mention.text.lower() in ("quantity of", "the quantity of") and (quantity := next(iter(quantities(draft)), None)):
            draft.measures.append(Measure("sum", quantity))
            draft.use(at)
            continue
        if (days := separate_days(draft, at)) is not None:
            draft.measures.append(days)
            continue
        target, distinct = counted(draft, at)
        if target is None and (child := child_of_value(draft, at)):
            draft.tables.append(child)
        measure = count_of(draft, target, distinct)
        if measure == Measure("count") and (once := counted_once(draft, mention.text)):
            measure = Measure("count_distinct", once)
        draft.use(at, *([target] if target is not None else []))
        if measure not in draft.measures:
            draft.measures.append(measure)
        if distinct and target is not None:
            count_further(draft, target)


def separate_days(draft: Draft, at: int) -> Measure | None:
    """'On how many separate days': the different days of what is spoken of, and not a date of birth that 'days' is a little like."""
    near = range(at + 1, min(at + 4, len(draft.mentions)))
    place = next((place for place in near if draft.mentions[place].text.lower() in ("days", "dates")), None)
    if place is None or not any(draft.asks(here, "distinct") for here in range(at, place)) or not draft.mentions[place].columns:
        return None
    if draft.mentions[place].columns[0].score >= WEAK_LINK:
        return None
    days = days_of(draft)
    draft.use(*(range(at, place + 1) if days else ()))
    return days


WEAK_LINK = 0.6  # of a link with a column


def count_further(draft: Draft, target: int) -> None:
    """Further columns whose different cells are counted: 'the numbers of different ranks and towns'."""
    joint = target + 1
    while draft.asks(joint, "and") and joint + 1 not in draft.used and draft.nameable(joint + 1) and draft.is_column(joint + 1):
        field = draft.column(joint + 1, "dimension")
        if field is None or draft.catalog.is_measure(field) or any(mention.asks("group") for mention in draft.mentions):
            return
        draft.measures.append(Measure("count_distinct", draft.named_of(field) or field))
        draft.use(joint, joint + 1)
        joint += 2


PIECE_ZH = ("台", "件", "只", "箱", "吨", "瓶", "盒", "双")
"""Ends of words that count pieces of goods rather than papers about them."""


def made_quantity(draft: Draft) -> Field | None:
    """The only column of what was made or sold of goods, where pieces are counted: '每个月完工了多少台'."""
    for concept in ("output", "quantity"):
        found = draft.catalog.named(concept, draft.all_tables, number=True)
        if found:
            return found[0]
    return None


def quantities(draft: Draft) -> list[Field]:
    """The columns of quantities: of the tables in play, else of any."""
    catalog = draft.catalog
    return catalog.named("quantity", draft.all_tables, number=True) or catalog.named(
        "quantity", [table.name for table in catalog.schema.tables], number=True
    )


def days_of(draft: Draft) -> Measure | None:
    """The number of different days, where a day can have several rows."""
    dates = [field for field in draft.dates() if draft.catalog.is_date(field)]
    return Measure("count_distinct", dates[0]) if dates and not draft.catalog.settles(dates[0].table, [dates[0].column]) else None


def sold_quantity(draft: Draft) -> Field | None:
    """The column of quantities sold, where the question speaks of selling."""
    if not any(word in draft.text for word in ("成交", "卖出", "售出", "销售")):
        return None
    found = draft.catalog.named("quantity", draft.all_tables, number=True)
    return found[0] if found else None


def counted(draft: Draft, at: int) -> tuple[int | None, bool]:
    """The place of what is counted, and whether only different ones count."""
    distinct = False
    for place in range(at + 1, min(len(draft.mentions), at + 5)):
        if draft.asks(place, "distinct") and not draft.is_column(place):
            distinct = True
            draft.use(place)
        elif draft.asks(place, "rowword") and not draft.is_column(place):
            draft.use(place)
            return None, distinct
        elif draft.is_column(place) and place not in draft.used:
            if not distinct and modifies(draft, place):
                draft.use(place)
                continue
            return place, distinct
        elif not draft.is_filler(place) and draft.mentions[place].kind not in ("value", "list"):
            break
    if draft.language == "zh":
        once = bool(draft.asks(at - 1, "distinct"))  # 学员去重有几个
        left = draft.next_to(at - once, -1, 2, lambda place: draft.is_column(place) and place not in draft.used)
        if left is not None:
            return left, distinct or once or bool(draft.asks(left - 1, "distinct"))
    return None, distinct


def modifies(draft: Draft, at: int) -> bool:
    """Whether a column only says of what kind the rows are that are named right after it: 'number of class bookings'."""
    after = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
    if draft.language != "en" or after is None or after.kind != "table" or draft.mentions[at].kind != "column":
        return False
    table = draft.table(at + 1)
    return (
        after.columns[0].score >= MODIFIED
        and draft.text[draft.mentions[at].end : after.start] == " "
        and any(match.table == table for match in draft.mentions[at].columns)
    )


MODIFIED = 0.8  # of the link with the table


def child_of_value(draft: Draft, at: int) -> str | None:
    """The table whose rows are counted by 'how many beverages', where beverages is a row of a parent table."""
    beside = draft.next_to(at, 1, 1, lambda place: draft.mentions[place].kind == "value")
    if beside is None or draft.tables or draft.mentions[beside].text.endswith(("生", "人", "员", "者")):
        return None
    home = draft.mentions[beside].values[0].table
    children = {join.table for join in draft.catalog.schema.joins if join.parent_table == home}
    return next(iter(children)) if len(children) == 1 else None


def tells_apart(draft: Draft, table: str) -> Field | None:
    """What different rows of a table are told by: its name where no two share one, else its key."""
    labels, keys = draft.catalog.labels(table), draft.catalog.identifiers(table)
    if labels and (not keys or draft.catalog.is_key(labels[0])):
        return labels[0]
    return keys[0] if keys else None


def count_of(draft: Draft, target: int | None, distinct: bool) -> Measure:
    """The count of what a place names: rows of a table, different values of a column, or a sum of quantities."""
    if target is None:
        return Measure("count")
    mention = draft.mentions[target]
    table = draft.table(target)
    if not distinct and (several := draft.catalog.repeated(stem(mention.text.lower()) if mention.text.isascii() else mention.text)):
        return Measure("count_distinct", several)
    if table and (
        mention.kind == "table"
        or mention.columns[0].score
        - max((match.score for match in mention.columns if match.table == table and not match.column), default=0)
        < 0.05
    ):
        draft.tables.append(table)
        draft.counted_table = draft.counted_table or table
        apart = tells_apart(draft, table) if distinct else None
        return Measure("count_distinct", apart) if apart else Measure("count")
    field = draft.column(target, "" if distinct else "dimension")
    if field is None:
        return Measure("count")
    field = (draft.named_of(field) if distinct else None) or field
    catalog = draft.catalog
    if not distinct and stem(mention.text.lower()) in PIECES and (sold := quantity_among(draft, target)):
        return Measure("sum", sold)
    twins = [
        option for option, weight in draft.options(target) if option.table == field.table and catalog.column(option).role == "identifier"
    ]
    if twins and mention.columns[0].score < 0.8 and catalog.column(twins[0]).distinct >= catalog.column(field).distinct:
        field = twins[0]
    draft.counted = field
    if catalog.is_date(field) and not distinct:
        return Measure("count")
    if catalog.is_key(field) and not distinct:
        draft.tables.append(field.table)
        return Measure("count")
    if not distinct and catalog.is_measure(field) and catalog.adds_up(field) and not catalog.is_parent_key(field):
        return Measure("sum", field)
    if is_kind_only(draft, target, field):
        return Measure("count")
    weak = mention.columns[0].score < 0.6 and stem(mention.text.lower()) in ROWS
    rows, different = Measure("count"), Measure("count_distinct", field)
    if distinct:
        return different
    return draft.chooser.choose(
        f"count of {target}",
        [(rows, 0.6), (different, 0.4)] if weak and not catalog.is_parent_key(field) else [(different, 0.7), (rows, 0.3)],
    )


PIECES = frozenset(("item", "unit", "piece"))


def quantity_among(draft: Draft, target: int) -> Field | None:
    """The quantities that 'items' adds up, where a column of them answers to the word."""
    found = (field for field, _ in draft.options(target, "number") if "quantity" in draft.catalog.concepts(field))
    return next(found, None)


def default_aggregate(draft: Draft, field: object) -> Aggregate:
    """How a measure is put together where the question does not say: amounts are added, rates averaged."""
    if isinstance(field, Field):
        return "sum" if draft.catalog.adds_up(field) else "avg"
    return "avg" if isinstance(field, Elapsed) or (isinstance(field, Arithmetic) and field.sign == "-") else "sum"
