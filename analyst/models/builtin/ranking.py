"""Plans that show one end of a ranking."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import unit_held
from analyst.models.builtin.ends import top_target
from analyst.models.builtin.listing import series_order, tests
from analyst.models.builtin.made import unwrapped
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.plan import (
    Arithmetic,
    Condition,
    Expression,
    Field,
    Grain,
    Measure,
    Order,
    Output,
    Plan,
    RowFigure,
    TopEach,
    aggregated,
    fields,
)
from analyst.models.builtin.signed import descends
from analyst.models.builtin.subjects import subject_of, when_expression
from analyst.models.builtin.who import asks_person, asks_who, members_named, names_row, people_first, people_of_role
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems


def ranked(draft: Draft) -> Plan:
    """The rows or groups at one end."""
    top = draft.top
    assert top
    nested = nested_plan(draft)
    if nested:
        return nested
    draft.measures_said = bool(draft.measures)
    places = len(draft.used)
    target = top_target(draft, top)
    draft.measures_said = draft.measures_said or len(draft.used) > places or bool(top.concept)
    if isinstance(target, Measure) and target not in draft.measures:
        draft.measures.append(target)
    when = when_expression(draft)
    shown, table = subject_of(draft)
    draft.shown, draft.subject = list(shown), table
    if when is not None:
        shown = [item for item in shown if not (isinstance(item, Field) and draft.catalog.is_time(item))]
        shown.insert(0, when)
    if isinstance(target, Field) and target in shown:
        shown.remove(target)
    partitions: list[Expression] = []
    subjects: list[Expression] = [
        item for item in shown if not (isinstance(item, Field) and draft.catalog.is_measure(item) and item != target)
    ]
    extras: list[Output] = [item for item in shown if item not in subjects]
    subjects = people_first(draft, subjects, table, target, when)
    if draft.group and all(isinstance(item, Grain) for item in draft.group):
        if target in (None, Measure("count")) and all(isinstance(item, Field) and draft.catalog.is_key(item) for item in subjects):
            subjects, table = [], None  # 几月份开店最多: the shops are counted, and none of them is ranked
        subjects = [item for item in subjects if not (isinstance(item, Field) and draft.catalog.is_time(item))]
    if when is not None and draft.group == [when]:
        subjects = [when]
        target = Measure(default_aggregate(draft, target), target) if isinstance(target, Field) else target
    elif draft.group:
        if not subjects and (things := persons_at_end(draft, target) or things_after(draft) or of_role(draft, top.at)):
            partitions, subjects = list(draft.group), [item for item in things if item not in draft.group]
        elif (
            subjects
            or (table and table_is_ranked(draft, table))
            or (table and not all(isinstance(item, Field) and item.table == table for item in draft.group))
        ):
            partitions = list(draft.group)
        else:
            subjects = list(draft.group)
    if not subjects and not table and not draft.group and top.counted and (members := members_named(draft)):
        subjects = [members]
    if not subjects and not table and isinstance(target, RowFigure | Measure):
        table = people_of(draft, next((field.table for field in fields(target)), draft.catalog.main_table))
        if table and isinstance(target, RowFigure):
            target = Measure(default_aggregate(draft, target), target)
    if not subjects and not table and not any(isinstance(item, Grain) for item in draft.group):
        table = people_of_role(draft, top.at + 1, top.at + 4)
        if table and isinstance(target, RowFigure) and next(fields(target)).table != table:
            target = Measure(default_aggregate(draft, target), target)
        partitions = list(draft.group) if table else partitions
    if not subjects and table:
        subjects = list(draft.catalog.labels(table))
    return place(draft, target, subjects, partitions, extras)


THAT_ROW = re.compile(r"[那哪这]一?条(?:记录|数据)|\bwhich (?:single )?(?:row|record)\b")
ONES = ("人", "记录", "谁", "条", "位", "名")


def of_role(draft: Draft, at: int) -> tuple[Field, ...]:
    """The names of the people whose role stands behind a superlative: 'the top earning dentist at each surgery'."""
    home = people_of_role(draft, at + 1, at + 4)
    return draft.catalog.labels(home) if home else ()


def persons_at_end(draft: Draft, target: Output | None) -> tuple[Field, ...]:
    """The names of the people who stand at one end of each group, where the superlative itself speaks of them: '工资最高的人'.

    So do 'top 3 earners in each city', and 每个部门工资前两名 where each row has one name.
    """
    top = draft.top
    if top is None or target is None:
        return ()
    home = next((field.table for field in fields(target)), draft.catalog.main_table)
    labels = draft.catalog.labels(home)
    each = any(mention.text.lower() in EACH for mention in draft.mentions if mention.asks("group") or mention.kind == "group")
    single = (
        (top.counted or draft.mentions[top.at].text.endswith(CHAMPIONS))
        and each
        and isinstance(target, Field)
        and bool(labels)
        and draft.catalog.column(labels[0]).distinct > SINGLE * max(1, draft.catalog.column(labels[0]).rows)
    )
    others = any((table := draft.table(at)) and table != home for at in range(len(draft.mentions)) if draft.mentions[at].kind == "table")
    single = single and not others
    if not draft.mentions[top.at].text.endswith("的人") and "people" not in draft.flags and not single and not asks_person(draft):
        return ()
    return () if set(labels) & set(draft.group) else labels


CHAMPIONS = ("第一名", "冠军", "状元", "最后一名")
EACH = (
    "each",
    "every",
    "per",
    "in each",
    "of each",
    "for each",
    "within each",
    "from each",
    "in every",
    "for every",
    "每个",
    "每",
    "各",
    "各个",
)
SINGLE = 0.95  # of the rows: with so many different names, each row is one of the people or things


def things_after(draft: Draft) -> tuple[Field, ...]:
    """The names of the rows that stand at one end of each group: '各国营收最高的公司', '各职级里年薪最高的那个人'."""
    top = draft.top
    after = draft.mentions[top.at + 1 :] if top else []
    if draft.language != "zh" or not after or after[0].text != "的":
        return ()
    home = next((item.table for item in draft.group if isinstance(item, Field)), "")
    for mention in after[1:4]:
        match = mention.columns[0] if mention.kind in ("table", "column") else None
        own = (
            match is not None
            and match.table == home
            and (not match.column or match.column in [field.column for field in draft.catalog.labels(home)])
        )
        if home and (own or mention.text in ONES):
            labels = draft.catalog.labels(home)
            return () if set(labels) & set(draft.group) else labels
    return ()


def table_is_ranked(draft: Draft, table: str) -> bool:
    """Whether the rows of a table are ranked within groups of them: 'top 3 customers per country'."""
    top, held = draft.top, {field for field in draft.group if isinstance(field, Field)}
    if top is None or not held or held & draft.from_tables or set(draft.catalog.labels(table)) & held:
        return False
    around = (*range(top.at + 1, min(top.at + 4, len(draft.mentions))), *range(max(0, top.at - 3), top.at))
    near = [place for place in around if draft.table(place) == table]
    return bool(near) and draft.mentions[near[0]].kind == "table"


def nested_plan(draft: Draft) -> Plan | None:
    """A figure over what is itself chosen by a superlative, such as concerts in the stadium with the largest capacity."""
    top = draft.top
    assert top
    if not draft.measures or top.counted or draft.group or draft.language == "zh" or not draft.tables:
        return None
    first = next((at for at, mention in enumerate(draft.mentions) if mention.asks("count") or mention.asks("agg")), top.at)
    before = [mention.value for mention in draft.mentions[max(0, top.at - 3) : top.at]]
    if top.at - first < 4 or not {"with", "have", "has", "had", "by", "in", "of"} & set(before):
        return None
    kept, draft.measures = draft.measures, []
    target = top_target(draft, top)
    draft.measures = kept
    if not isinstance(target, Field) or not draft.catalog.identifiers(target.table):
        return None
    key = draft.catalog.identifiers(target.table)[0]
    chosen = Plan((key,), order=(Order(target, top.descending),), limit=1)
    draft.where.append(Condition(key, "in", (chosen,)))
    draft.top = None
    subject_of(draft)
    return Plan(tuple(draft.measures), tests(draft), tables=tuple(draft.tables))


def place(draft: Draft, target: Output | None, subjects: list[Expression], partitions: list[Expression], extras: list[Output]) -> Plan:
    """Rank the subjects, as a whole or within each group."""
    top = draft.top
    assert top
    if target is None:
        target = Measure("count")
    if isinstance(target, Field) and draft.catalog.is_time(target) and draft.flags.get("when") == "date" and not partitions:
        return Plan((Measure("max" if top.descending else "min", target),), tests(draft))
    asked = any(
        (mention.asks("which") and mention.kind in ("which", "list"))
        or (mention.kind == "grain" and mention.text[:1] in "几哪星周礼" and "几" in mention.text)
        for mention in draft.mentions
    )
    if isinstance(target, Field) and draft.group and subjects == draft.group and not top.counted and not asked and not draft.having:
        figure = Measure("max" if top.descending else "min", target)
        return Plan((*subjects, figure), tests(draft), tuple(subjects), order=series_order(subjects))
    if isinstance(target, RowFigure) and not subjects and not partitions and not top.counted:
        return extreme(draft, target, extras)
    if isinstance(target, RowFigure) and not subjects and not partitions:
        subjects = list(draft.catalog.labels(next(fields(target)).table))
    if isinstance(target, Field) and set(subjects) <= {target} and not partitions and not draft.group and draft.catalog.is_time(target):
        home = target.table
        return Plan((), tests(draft), order=(Order(target, top.descending),), limit=top.limit, everything=home)
    if isinstance(target, Measure) and (held := unwrapped(target)) is not None and not draft.group and unique_rows(draft, held, subjects):
        target = held
    if isinstance(target, Measure) and isinstance(target.of, Arithmetic) and target.of.sign == "-" and draft.flags.get("when") == "date":
        target = target.of
    daily = (
        draft.flags.get("when") == "date"
        and len(subjects) == 1
        and isinstance(target, Field | Arithmetic)
        and default_aggregate(draft, target) == "avg"
    )
    one_row = daily or bool(THAT_ROW.search(draft.text))
    one_row = one_row and "averaged" not in draft.flags
    by_row = (
        "averaged" not in draft.flags
        and isinstance(target, RowFigure)
        and not draft.having
        and (one_row or rows_are_subjects(draft, target, subjects, partitions))
    )
    if isinstance(target, RowFigure) and not by_row:
        target = Measure("avg" if is_length(draft, target) else default_aggregate(draft, target), target)
    shown = [*partitions, *subjects]
    if not (shown or draft.context) and top.counted and isinstance(target, Measure) and (missing := draft.unread_after(top.at)):
        draft.unknown.append(missing)
    if not shown and not draft.context and target == Measure("count") and "hist" not in draft.flags:
        draft.unknown.append(draft.unread_after(top.at) or draft.unread_after(-1) or draft.mentions[top.at].text)
    order = Order(target, descends(draft, target, top.descending))
    group = () if by_row else tuple(dict.fromkeys(shown))
    if not by_row and isinstance(target, Measure) and target.where == () and target.of in shown:
        target = Measure("count")
        order = Order(target, top.descending)
    figures = (
        tuple(extras) if by_row else tuple(item if aggregated(item) else Measure(default_aggregate(draft, item), item) for item in extras)  # type: ignore[arg-type]
    )
    outputs: tuple[Output, ...] = tuple(dict.fromkeys((*shown, *figures, target)))
    if not shows_figure(draft, by_row, partitions, target) and shown:
        outputs = tuple(output for output in outputs if output != target)
    plan = Plan(outputs, (*tests(draft), *named_only(draft, shown, by_row)), group, tuple(draft.having), (order,), top.limit,
                tables=tuple(draft.tables))  # fmt: skip
    if draft.inner_top and by_row and subjects and isinstance(subjects[0], Field):
        column, descending, limit = draft.inner_top
        inner = Plan((subjects[0],), plan.where, order=(Order(column, descending),), limit=limit)
        return replace(plan, where=(Condition(subjects[0], "in", (inner,)),))
    if top.part and by_row and isinstance(target, Field) and not partitions:
        edge = Plan((Measure("quantile", target, at=1 - top.part if order.descending else top.part),), plan.where, tables=plan.tables)
        return replace(plan, where=(*plan.where, Condition(target, ">=" if order.descending else "<=", (edge,))), limit=None)
    if top.part:
        draft.unknown.append(draft.mentions[top.at].text)
    if partitions:
        return replace(plan, order=(), limit=None, top_each=TopEach(tuple(partitions), order, top.limit or 1))
    return plan


def named_only(draft: Draft, shown: list[Expression], by_row: bool) -> tuple[Condition, ...]:
    """The test that leaves out rows without a name, where the top of what has names is asked for: the five best members are members."""
    only = shown[0] if len(shown) == 1 and not by_row else None
    nameless = isinstance(only, Field) and 0 < draft.catalog.column(only).missing < draft.catalog.column(only).rows
    return (Condition(only, "not null"),) if nameless and draft.top and not draft.mark else ()  # type: ignore[arg-type]


def is_length(draft: Draft, target: Output) -> bool:
    """Whether things are ranked by how long they take: 等的时间最短 is told by what it takes on average, not by the sum of all rows."""
    lasts = draft.top is not None and draft.top.concept in ("length", "speed")
    return lasts and isinstance(target, Field) and unit_held(target) is not None


def shows_figure(draft: Draft, by_row: bool, partitions: list[Expression], target: Output) -> bool:
    """Whether the figure that ranks is shown as well: always in a chart, where it is named ('by revenue'), and over a single table."""
    if (
        draft.elapsed
        or draft.mark
        or partitions
        or "measured by" in draft.flags
        or any(mention.kind == "howmuch" for mention in draft.mentions)
        or asked_beside(draft, target)
    ):
        return True
    if isinstance(target, Measure) and target.aggregate in ("sum", "avg") and isinstance(target.of, RowFigure):
        return True
    top = draft.top
    single = stands_alone(draft, target)
    if asks_who(draft) and single:
        return not any(mention.kind == "list" for mention in draft.mentions)
    return single and (not by_row or bool(top and top.counted and not asks_which(draft)))


def asked_beside(draft: Draft, target: Output) -> bool:
    """Whether the figure is asked for besides: 'and how many does it have', 'and what were those ratings'."""
    start = draft.top.at if draft.top else len(draft.mentions)
    for at in range(start + 1, len(draft.mentions)):
        mention, before = draft.mentions[at], draft.mentions[at - 1]
        counts = isinstance(target, Measure) and target.aggregate.startswith("count")
        if counts and mention.kind == "count" and before.asks("and"):
            return True
        same = isinstance(target, Field) and any(
            (match.table, match.column) == (target.table, target.column) for match in mention.columns[:1]
        )
        again = at > start + AGAIN and before.text.lower() in ("the", "its", "with") and not draft.mark
        together = any(other.text.lower() in ("together", "along", "with", "plus") for other in draft.mentions[start + AGAIN : at])
        if same and mention.kind == "column" and (before.text.lower() in THEIRS or (again and together)):
            return True
    return False


AGAIN = 2  # mentions behind a superlative from where on its figure is named again
THEIRS = ("those", "their", "its", "these", "his", "her")


def stands_alone(draft: Draft, target: Output) -> bool:
    """Whether the table of a figure joins no other, so that nobody puts the names together from others."""
    homes = {field.table for field in fields(target)} or {draft.catalog.main_table}
    return not any({join.table, join.parent_table} & homes for join in draft.catalog.schema.joins)


ASKING = re.compile("哪|什么|谁|名称|名字|姓名|叫")


def asks_which(draft: Draft) -> bool:
    """Whether a Chinese question asks which ones they are, where '工资最高的5个人' asks for a list of them."""
    return draft.language == "zh" and bool(ASKING.search(draft.text))


def extreme(draft: Draft, target: RowFigure, extras: list[Output]) -> Plan:
    """A superlative with nothing to rank: the figure itself, or the row it stands in."""
    top = draft.top
    assert top
    descending = descends(draft, target, top.descending)
    figure = Plan((Measure("max" if descending else "min", target),), tests(draft))
    labels = draft.catalog.labels(next(fields(target)).table)
    row = Plan((*labels, *extras, target), tests(draft), order=(Order(target, descending),), limit=top.limit)
    thing = (
        any(mention.text.lower() in ("who", "which", "谁", "哪个", "哪位", "thing", "one", "row", "record") for mention in draft.mentions)
        or top.concept == "price"
        or any(mention.asks("rowword") for mention in draft.mentions[top.at :])
    )
    return draft.chooser.choose("figure or row", [(row, 0.6), (figure, 0.4)] if thing else [(figure, 0.65), (row, 0.35)])


def unique_rows(draft: Draft, target: Field | Arithmetic, subjects: list[Expression]) -> bool:
    """Whether each subject stands in one row of the target's table."""
    home = next(fields(target)).table
    named = [item.column for item in subjects if isinstance(item, Field) and item.table == home]
    full = is_full_name(draft, home, {Field(home, name) for name in named})
    return len(named) == len(subjects) > 0 and (full or draft.catalog.settles(home, named))


def is_full_name(draft: Draft, home: str, named: set[Field]) -> bool:
    """Whether columns are first and last name beside a number, so that namesakes stay apart."""
    return len(named) > 1 and named == set(draft.catalog.labels(home)) and bool(draft.catalog.identifiers(home))


def rows_are_subjects(draft: Draft, target: RowFigure, subjects: list[Expression], partitions: list[Expression]) -> bool:
    """Whether each row is one of the things ranked, so that its own figure counts."""
    named = [item for item in subjects if isinstance(item, Field)]
    if len(named) < len(subjects):
        return False
    home = next(fields(target)).table
    given = [field.column for field in (*named, *draft.eq_fields) if field.table == home]
    if draft.catalog.settles(home, given) or any(draft.catalog.is_key(field) for field in named if field.table == home):
        return True
    if any(field.table != home for field in named):
        return False
    if named and all(names_row(draft, field) for field in named):
        return True
    if is_full_name(draft, home, set(named)):
        return True
    if home in draft.tables and not draft.group:
        return True
    return any(draft.catalog.column(field).distinct > 0.95 * max(1, draft.catalog.column(field).rows) for field in named)


def people_of(draft: Draft, home: str) -> str | None:
    """The table of people that rows point to, where a question asks 'who'."""
    if not any(mention.text.lower() in ("who", "谁") for mention in draft.mentions):
        return None
    parents = [join.parent_table for join in draft.catalog.schema.joins if join.table == home]
    named = [table for table in parents if {"customer", "employee", "salesperson"} & set(concepts_by_phrase().get(header_stems(table), ()))]
    return next(iter(named or parents), None)
