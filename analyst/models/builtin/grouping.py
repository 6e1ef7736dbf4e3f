"""Reads what rows are grouped by: time units, columns, the rows of a table."""

from __future__ import annotations

import re

from analyst.models.builtin.deeds import deed_before
from analyst.models.builtin.draft import FILLERS, Draft
from analyst.models.builtin.mentions import Mention, overlapping
from analyst.models.builtin.plan import Expression, Field, Grain, Measure
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems, is_chinese, stems
from analyst.words.units import unit_of

UNIT_SOUGHT = (
    re.compile(
        r"\b(?P<unit>week|month|quarter|year)\s+(?:with|that had|which had|that has|having|when we had|of)\s+(?:the|our)?\s*"
        r"(?:most|highest|lowest|least|fewest|biggest|largest|smallest|best|worst|greatest|maximum|minimum|max|min)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:highest|lowest|best|worst|peak)[- ](?:(?!per\b|each\b|every\b|by\b|of\b|in\b|this\b|last\b|a\b|for\b)\w+[- ]){1,2}"
        r"(?P<unit>week|month|quarter|year)\b",
        re.I,
    ),
    re.compile(
        r"最[高低多少大小好差贵旺忙](?:的|得)?(?:[那这]?一?个?)(?P<unit>月份|月|年份|年度|年|季度|周|星期|天)(?=[是为有呢吗?？。，,]|$)"
    ),
)
"""'The month with the highest sales', 'best sales month', 销售额最高的月份: the unit is what is asked for."""
SOUGHT = {
    "月份": "month",
    "月": "month",
    "年份": "year",
    "年度": "year",
    "年": "year",
    "季度": "quarter",
    "周": "week",
    "星期": "week",
    "天": "day",
}


def read_unit_sought(draft: Draft) -> None:
    """Note that a unit of time is asked for by what is highest or lowest in it; a column of that name comes first."""
    found = next((match for form in UNIT_SOUGHT if (match := form.search(draft.text))), None)
    if found is None or not draft.dates():
        return
    start, end = found.span("unit")
    inside = overlapping(draft.mentions, start, end)
    plain = ("word", "grain", "number", "whenmonth", *(("column",) if found["unit"] == "天" else ()))
    if all(draft.mentions[at].kind in plain for at in inside):
        draft.flags["when"] = SOUGHT.get(found["unit"], found["unit"].lower())
        between = [at for at, mention in enumerate(draft.mentions) if not found["unit"].isascii() and found.start() < mention.start < start]
        draft.use(*inside, *(at for at in between if draft.mentions[at].kind in ("word", "number")))


def read_grains(draft: Draft) -> None:
    """Time units that rows are grouped by, and 'which month'."""
    read_unit_sought(draft)
    for at in list(draft.free("grain")):
        mention = draft.mentions[at]
        if mention.kind != "grain":
            continue
        unit = mention.asks("grain")
        if unit in ("day", "month", "year", "quarter", "week", "hour") and (
            averages_unit(draft, at) or averages_rows(draft, at) or averages_sums(draft, at)
        ):
            draft.flags["averaged per"] = unit
        add_grain(draft, at, unit or "month")
    for kind in ("whenyear", "whenmonth", "whenhour", "when"):
        for at in list(draft.free(kind)):
            if draft.mentions[at].kind == kind and at not in draft.used:
                if draft.mark and at > 2 and draft.mentions[at].text.lower() == "when":
                    draft.use(at)  # 'the results when the commander is not X' asks for no date
                    continue
                draft.flags["when"] = draft.asks(at, kind) or "date"
                draft.use(at)
    for at in list(draft.free("weekendsplit")):
        add_grain(draft, at, "weekend")


def averages_unit(draft: Draft, at: int) -> bool:
    """'Average monthly spend'."""
    told = draft.mentions[at].text.lower().startswith(("by", "per", "each", "for", "按"))
    return draft.asks(at - 1, "agg") == "avg" and not told


def averages_sums(draft: Draft, at: int) -> bool:
    """'Average takings per day': an amount that adds up stands right between the average and its unit of time."""
    if not draft.mentions[at].text.lower().startswith(("per ", "a ", "each ", "every ", "每")) or draft.asks(at - 2, "agg") != "avg":
        return False
    named = draft.options(at - 1, "number") if draft.mentions[at - 1].kind == "column" else []
    amount = draft.mentions[at - 1].kind == "money" or (bool(named) and draft.catalog.adds_up(named[0][0]))
    timed = any(mention.asks("group") or mention.asks("trend") for mention in draft.mentions)
    return amount and not timed and draft.mark is None


def averages_rows(draft: Draft, at: int) -> bool:
    """'Average number of orders per day': nothing but rows that are counted stands between the average and its unit of time."""
    if not draft.mentions[at].text.lower().startswith(("per ", "a ", "each ", "every ")):
        return False
    start = next((place for place in range(at - 1, -1, -1) if draft.asks(place, "agg") == "avg"), None)
    if start is None or start + 1 == at:
        return False
    between = draft.mentions[start + 1 : at]
    rows = all(mention.kind in ("count", "table") for mention in between) and any(mention.kind == "table" for mention in between)
    if rows:
        draft.use(start)
    return rows


def add_grain(draft: Draft, at: int, unit: str) -> None:
    """Group by a time unit of the column beside the words, or of the main date."""
    beside = draft.next_to(
        at,
        -1,
        2,
        lambda place: (
            place not in draft.used
            and draft.mentions[place].kind == "column"
            and bool(draft.options(place, "time"))
            and draft.mentions[place].columns[0].score > 0.7
        ),
    )
    field = draft.column(beside, "time") if beside is not None else None
    if field is None and beside is None:
        field = deed_before(draft, at)
    if field is None or (draft.catalog.is_year(field) and unit != "year"):
        field = grain_column(draft, unit)
    elif beside is not None:
        draft.use(beside)
    draft.use(at)
    if field:
        grain: Expression = Grain(field, unit)  # type: ignore[arg-type]
        if draft.catalog.is_year(field) and not draft.catalog.is_date(field) and unit == "year":
            grain = field
        if any(mention.asks("hist") for mention in draft.mentions):  # 'in each day ... bins the date by weekday'
            draft.group[:] = [item for item in draft.group if not (isinstance(item, Grain) and item.field == field)]
        if grain not in draft.group:
            draft.group.append(grain)
    elif (spelt := spelt_out(draft, at, unit)) is not None:
        draft.group += [item for item in (spelt,) if item not in draft.group]
    else:
        draft.unknown.append(draft.mentions[at].text)


def spelt_out(draft: Draft, at: int, unit: str) -> Field | None:
    """Where nothing is a date: the column of texts that a unit of time names, as 'each day' names dates such as '11 July'."""
    named = (match for match in draft.mentions[at].columns if match.column and match.score >= 0.97)  # 'day of week'
    words = {"day", "date", "日期"} if unit == "day" else {unit}
    tables = draft.tables or [table.name for table in draft.catalog.schema.tables]
    held = (field for table in tables for field in draft.catalog.fields(table) if words & {*draft.catalog.words(field), field.column})
    return next((Field(match.table, match.column) for match in named), None) or next(held, None)


def grain_column(draft: Draft, unit: str) -> Field | None:
    """The column a time unit is taken from: one of that very unit, else the main date."""
    catalog = draft.catalog
    if unit == "hour":
        clocks = [field for table in draft.all_tables for field in catalog.fields(table) if catalog.is_clock(field)]
        return sorted(clocks, key=lambda field: catalog.column(field).type.upper() != "TIME")[0] if clocks else None
    mine = draft.dates()
    options = mine if unit in ("year", "decade") else [field for field in mine if not catalog.is_year(field)]
    options = sorted(options, key=lambda field: not (catalog.words(field) == (unit,) and field.table in draft.tables))
    return (
        draft.chooser.choose(f"date for {unit}", [(field, 1.0 / (1 + rank) ** 2) for rank, field in enumerate(options[:3])])
        if options
        else None
    )


def read_groups(draft: Draft) -> None:
    """What stands after 'by', 'per', 'each', '各', '按'."""
    for at in list(draft.free("group")) + list(draft.free("drill")):
        if at in draft.used:
            continue
        if is_no_group(draft, at):
            continue
        if draft.asks(at, "drill") and draft.mentions[at].text.lower() in ("breakdown", "break down", "split"):
            left = draft.next_to(at, -1, 0, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
            ahead = draft.next_to(at, 1, 2, lambda place: draft.is_column(place) or bool(draft.asks(place, "group")))
            if left is not None and ahead is None and add_group(draft, at, left):
                draft.use(at)
                continue
        here = at
        while True:
            target = draft.next_to(
                here,
                1,
                3,
                lambda place: (
                    (
                        draft.nameable(place)
                        and draft.mentions[place].kind in ("column", "table", "value", "chart")
                        and place not in draft.used
                    )
                    or bool(draft.asks(place, "distinct"))
                    or draft.mentions[place].text.lower() in ("attribute", "attributes", "type of")
                ),
            )
            if target is None and here == at and (meant := each_of_them(draft, at)) is not None and add_group(draft, at, meant):
                draft.use(at)
                break
            if target is None:
                kind_of = kind_column(draft, at) if here == at else None
                if kind_of and kind_of not in draft.group:
                    draft.group.append(kind_of)
                    draft.use(at, at + 1)
                elif here == at and (missing := unheld_group(draft, at)):
                    draft.unknown.append(missing)
                break
            if (draft.asks(target, "distinct") and not draft.is_column(target)) or draft.mentions[target].text.lower() in (
                "attribute",
                "attributes",
            ):
                here = target
                continue
            if not add_group(draft, at, target):
                break
            draft.use(at)
            joint = draft.next_to(
                target, 1, 0, lambda place: bool(draft.asks(place, "and")) or draft.mentions[place].text in (",", "，", "、")
            )
            if joint is None:
                break
            after = draft.mentions[joint + 1] if joint + 1 < len(draft.mentions) else None
            if after and after.text.lower() in UNITS and joint + 1 not in draft.used:
                add_grain(draft, joint + 1, UNITS[after.text.lower()])
                break
            if draft.mentions[at].text.lower() == "per" and not (after and names_kinds(draft, joint + 1)):
                break
            here = joint
    read_single(draft)
    read_owned(draft)


def is_no_group(draft: Draft, at: int) -> bool:
    """Whether words for groups at a place mean none here: 'among those', 'owned by', 'counting each booking', 'across all'."""
    if draft.mentions[at].text == "分" and draft.asks(at - 1, "neg"):
        return True  # 没分教练的学员
    said, before = draft.mentions[at].text.lower(), draft.mentions[at - 1].text.lower() if at else ""
    if said == "among" and draft.mentions[min(at + 1, len(draft.mentions) - 1)].text.lower() in THOSE:
        return True
    if said == "by" and at and "share" not in draft.flags and participle(draft.mentions[at - 1]):
        return True
    if before == "counting":
        draft.use(at, at + 1)  # 'counting each booking in the year of its check-in'
        return True
    together = over_all(draft, at) or (said in REST and any(other.text in TOGETHER for other in draft.mentions))
    draft.use(*((at,) if together else ()))
    return together


def each_of_them(draft: Draft, at: int) -> int | None:
    """The place of what 'each of them' means: the column or table named last before it."""
    said = [mention.text.lower() for mention in draft.mentions[at + 1 : at + 3]]
    if said[:1] != ["of"] or said[1:] not in (["them"], ["those"], ["these"]):
        return None
    places = [place for place in range(at - 1, -1, -1) if draft.mentions[place].kind in ("column", "table")]
    return next((place for place in places if draft.mentions[place].kind == "column"), next(iter(places), None))


REST = ("其他", "其它", "其余")
TOGETHER = ("一共", "总共", "合计", "总计", "共计", "加起来", "加在一起")
"""'其他品类一共': the others are put together, not told apart."""
UNITS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "weekday": "weekday"}
"""Bare words for units of time, as in 'by category and year'."""


def names_kinds(draft: Draft, at: int) -> bool:
    """Whether a place names a column of kinds rather than of amounts."""
    found = draft.options(at, "dimension")[:1] if draft.mentions[at].kind == "column" else []
    return any(not draft.catalog.is_measure(field) for field, _ in found)


EACH = frozenset(("each", "every", "per"))
UNTOLD = frozenset((
    "one", "other", "others", "unit", "units", "item", "items", "row", "rows", "record", "records", "entry", "entries", "time", "times",
    "case", "capita", "thing", "individual", "single", "group", "value", "these", "those", "hundred", "thousand", "million", "cent",
))  # fmt: skip
"""Words after 'each' and 'per' that name no kind of thing of their own."""


def unheld_group(draft: Draft, at: int) -> str:
    """The kind of thing after 'each' or 'per' that nothing in the data answers to: 'total hours by each region', 每个仓库的库存."""
    if draft.mentions[at].text in EACH_ZH:
        return unheld_run(draft, at + 1)
    if not EACH & set(draft.mentions[at].text.lower().split()) or at + 1 >= len(draft.mentions):
        return ""
    said = draft.mentions[at + 1]
    if draft.next_to(at + 1, 1, 0, draft.is_column) is not None and is_form_of_name(draft, said.text):
        return ""  # 'each artistic movement' beside a table of artists
    missing = said.kind == "word" and not (said.requests or said.columns or said.values) and said.text.isalpha() and said.text.isascii()
    return said.text if missing and said.value not in FILLERS | UNTOLD | set(UNITS) and said.text.lower() not in FILLERS | UNTOLD else ""


def is_form_of_name(draft: Draft, word: str) -> bool:
    """Whether a word is another form of one in a header or a table's name, as 'hosting' of host_museum_id."""
    names = [*(table.name for table in draft.catalog.schema.tables), *(field.column for field in draft.catalog.fields())]
    return any(stem[:FORM] == word.lower()[:FORM] for name in names for stem in header_stems(name) if len(stem) >= FORM)


FORM = 4  # letters that forms of a word share
EACH_ZH = ("每个", "各", "各个", "每家", "每种", "每类", "每一个")
LEAST_RUN = 2  # characters of a Chinese word for a kind of thing


def unheld_run(draft: Draft, start: int) -> str:
    """Chinese characters from a place up to 的 that nothing in the data answers to and that are no small words; else nothing."""
    end = next((here for here in range(start, len(draft.mentions)) if ends_thing(draft.mentions[here])), start)
    run = draft.mentions[start:end]
    said = "".join(mention.text for mention in run)
    known = bool(concepts_by_phrase().get(stems(said)))  # 部门, whose first character alone is a small word
    plain = all(mention.kind == "word" and is_chinese(mention.text) and (known or mention.value not in FILLERS) for mention in run)
    return said if plain and len(run) >= LEAST_RUN else ""


def ends_thing(mention: Mention) -> bool:
    """Whether a Chinese thing ends before a mention: at 的, and at the figure that is asked of it, as in 各部门人数."""
    return mention.text.startswith("的") or mention.kind in ("count", "agg", "share") or bool(mention.asks("money"))


KINDS = frozenset(("type", "category", "kind", "status", "code"))
"""Words for a column that tells the rows of a table that was named apart."""


def kind_column(draft: Draft, at: int) -> Field | None:
    """The column of 'each type' in 'how many documents of each type': that of the table named before."""
    said = draft.mentions[at + 1].value if at + 1 < len(draft.mentions) else ""
    if said not in KINDS or draft.mentions[at + 1].kind != "word":
        return None
    tables = [table for place in range(at) if draft.mentions[place].kind == "table" and (table := draft.table(place))]
    found = [field for table in tables[-1:] for field in draft.catalog.fields(table) if said in draft.catalog.words(field)]
    return found[0] if len(found) == 1 else None


THOSE = frozenset(("its", "their", "all", "the", "those", "these", "them", "his", "her"))
"""After 'among', these name what is looked at rather than what rows are grouped by."""


def read_single(draft: Draft) -> None:
    """'The average number of tracks on an invoice': the thing in the singular is what the average is taken over."""
    if draft.group or not any(draft.asks(at, "agg") == "avg" and draft.asks(at + 1, "count") for at in range(len(draft.mentions))):
        return
    for at in range(2, len(draft.mentions) - 1):
        words = tuple(mention.text.lower() for mention in draft.mentions[at - 1 : at + 1])
        if words[0] in ("on", "in", "of", "for", "does") and words[1] in ("a", "an") and draft.table(at + 1):
            add_group(draft, at, at + 1)
            return


THEIRS = re.compile(
    r"\b(?:with|and|along with|together with) (?:their|its|his|her)\s+(?=(?:average|total|mean|maximum|minimum|highest|lowest|number)\b)",
    re.I,
)


def read_owned(draft: Draft) -> None:
    """'Students with their average score': one figure for each student."""
    found = THEIRS.search(draft.text)
    if draft.group or not found:
        return
    for at, mention in enumerate(draft.mentions):
        if mention.start < found.start() and mention.kind == "table" and at not in draft.used:
            add_group(draft, at, at)
            return


def over_all(draft: Draft, at: int) -> bool:
    """Whether 'across all tracks' says that the figure is of all rows together."""
    after = draft.mentions[at + 1].text.lower() if at + 1 < len(draft.mentions) else ""
    return (
        draft.mentions[at].text.lower() == "across"
        and after in ("all", "all the")
        and any(mention.asks("agg") or mention.asks("super") for mention in draft.mentions[:at])
    )


GROUPING = frozenset((
    "grouped", "group", "split", "broken", "ordered", "sorted", "order", "sort", "binned", "divided", "break", "separated",
    "categorized", "classified", "summarized", "aggregated", "ranked", "measured", "viewed", "weighted",
))  # fmt: skip


def participle(mention: Mention) -> bool:
    """Whether a word before 'by' makes it name a doer, as in 'owned by'."""
    word = mention.text.lower()
    return (
        mention.kind in ("word", "column", "money", "table", "value")
        and word.isalpha()
        and word not in GROUPING
        and word not in ("women", "men", "children", "often", "seen", "between")
        and (
            word.endswith(("ed", "en", "own", "ung", "ught", "ade", "ld"))
            or word in ("led", "made", "run", "done", "cut", "put", "set", "won")
        )
    )


def add_group(draft: Draft, at: int, target: int) -> bool:
    """Group by the column at a place; measures are no groups ('by revenue' sorts or says what is counted)."""
    mention = draft.mentions[target]
    by = draft.mentions[at].text.lower() in ("by", "按", "按照", "以", "根据")
    table = draft.table(target) if mention.kind == "table" else None
    if table and mention.columns[0].score >= 0.6:
        if (
            draft.next_to(target, 1, 0, lambda place: draft.mentions[place].kind == "column" and place not in draft.used) is not None
            and not by
            and not is_figure(draft, target + 1)
        ):
            draft.use(target)
            return add_group(draft, at, target + 1)
        if is_row_itself(draft, at, table):
            draft.use(at, target)
            return True
        for label in group_labels(draft, table):
            draft.from_tables.add(label)
            if label not in draft.group:
                draft.group.append(label)
        draft.tables.append(table)
        draft.use(target)
        return True
    field = draft.column(target, "dimension")
    if field is None:
        return False
    if draft.catalog.is_measure(field) and any(other.asks("howmuch") for other in draft.mentions[:at]):
        draft.measures.append(Measure("sum", field))
        draft.group += [item for item in draft.catalog.labels(field.table) if item not in draft.group]
        draft.use(target)
        return True
    if is_ratio(draft, at, field):
        draft.flags.setdefault("per", str(target))
        draft.use(at, target)
        return True
    ranks = draft.catalog.column(field).distinct > 30 or any(other.asks("super") or other.asks("top") for other in draft.mentions)
    if by and draft.catalog.is_measure(field) and ranks and not draft.catalog.is_parent_key(field):
        draft.flags.setdefault("measured by", str(target))
        return False
    draft.use(target)
    if any(isinstance(item, Grain) and item.field == field for item in draft.group) or tells_date(draft, at, field):
        return True
    parents = parent_labels(draft, field, mention.text)
    if parents:
        draft.group += [label for label in parents if label not in draft.group]
        return True
    if (
        draft.catalog.is_date(field)
        and draft.catalog.column(field).distinct > 1
        and mention.kind == "column"
        and draft.mentions[at].text.lower() not in ("group by", "group by attribute")
    ):
        draft.group.append(field)
        return True
    draft.from_tables.discard(field)
    if field not in draft.group:
        draft.group.append(field)
    return True


def tells_date(draft: Draft, at: int, field: Field) -> bool:
    """Whether 'by check-in date' only says by which date the months or years are told that are asked for already."""
    timed = draft.flags.get("when", "date") != "date" or any(isinstance(item, Grain) for item in draft.group)
    return timed and draft.mentions[at].text.lower() == "by" and draft.catalog.is_date(field)


def is_figure(draft: Draft, at: int) -> bool:
    """Whether a place names numbers that are ranked or put together rather than grouped by: '每个部门工资最高的员工'."""
    match = draft.mentions[at].columns[0]
    least = 0.4 if any(other.asks("howmuch") for other in draft.mentions[:at]) else 0.6
    return bool(match.column) and match.score >= least and draft.catalog.is_measure(Field(match.table, match.column))


def is_ratio(draft: Draft, at: int, field: Field) -> bool:
    """Whether 'per' stands between two figures that can be added up, as in 'revenue per session' and '每间夜收入'."""
    if draft.mentions[at].text.lower() not in ("per", "每", "to each", "per each") or not draft.catalog.is_measure(field):
        return False
    if at + 1 < len(draft.mentions) and draft.mentions[at + 1].text.lower() == unit_of(field.column):
        return True
    if at + 1 < len(draft.mentions) and f"{draft.mentions[at + 1].text.lower()}s" == field.column.lower() and names_money(draft, at):
        return True  # 'revenue per guest' where a column tells how many guests there were
    return draft.catalog.adds_up(field) and draft.catalog.column(field).distinct > FEW and not draft.catalog.is_parent_key(field)


def names_money(draft: Draft, at: int) -> bool:
    """Whether a figure stands right before a place."""
    before = draft.mentions[at - 1] if at else None
    return before is not None and (before.kind in ("money", "super") or (before.kind == "column" and bool(draft.options(at - 1, "sum"))))


FEW = 30  # different numbers, up to which a column of numbers is grouped by rather than divided by


def parent_labels(draft: Draft, field: Field, said: str) -> tuple[Field, ...]:
    """Names to show in the place of a key, unless the question speaks of the key itself."""
    if (
        "id" in said.lower().split()
        or draft.catalog.words(field)[-1:] != ("id",)
        or said.lower().endswith(("id", "编号", "code", "number"))
    ):
        return ()
    join = next(
        (
            join
            for join in draft.catalog.schema.joins
            if (join.table, join.column) == (field.table, field.column) and join.parent_table != field.table
        ),
        None,
    )
    if join is None:
        return ()
    labels = draft.catalog.labels(join.parent_table)
    return (
        draft.chooser.choose(f"label of {field.column}", [(labels, 0.7), ((), 0.3)])
        if labels and labels[0].column != join.parent_column
        else ()
    )


def is_row_itself(draft: Draft, at: int, table: str) -> bool:
    """Whether 'per transaction' speaks of the rows of the only table, which no column names: a figure of each is one of all rows."""
    labels = draft.catalog.labels(table)
    nameless = not draft.catalog.table(table).keys and not draft.catalog.settles(table, [label.column for label in labels])
    nameless = nameless or all(map(draft.catalog.is_time, labels))
    averaged = any(mention.asks("agg") == "avg" for mention in draft.mentions[:at])
    alone = len(draft.catalog.schema.tables) == 1 and draft.mentions[at].text.lower() in ("per", "each", "每")
    return alone and averaged and nameless


def group_labels(draft: Draft, table: str) -> tuple[Field, ...]:
    """The columns that name the rows of a table a question groups by."""
    return draft.catalog.labels(table)
