"""Reads figures held against the average of rows that are alike: 'earns more than the average of their department', 高于本部门平均工资."""

from __future__ import annotations

import re

from analyst.models.builtin.comparing import default_measure, names_figure
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Measure, Peers, Plan

OWN = r"(?:their|its|his|her|the same|that|own)\s+(?:own\s+)?"
SIDE = r"(?P<more>above|over|more than|higher than|greater than|larger than|bigger than|longer than|exceed(?:s|ing)?)|below|under|less than|lower than|smaller than|shorter than"  # noqa: E501
FORMS = (
    re.compile(
        r"\b(?:(?P<more>more|higher|greater|larger|bigger|longer)|less|fewer|lower|smaller|shorter)\s+(?:\w+\s+){1,3}?than\s+the\s+average(?:\s+\w+)?\s+"
        rf"(?:of|in|for|within|at|on|with)\s+{OWN}(?P<group>\w+)",
        re.I,
    ),
    re.compile(rf"\b(?:{SIDE})\s+(?:the\s+)?(?:average|mean|avg)\b(?:\s+\w+)??\s+(?:of|in|for|within|at)\s+{OWN}(?P<group>\w+)", re.I),
    re.compile(rf"\b(?:{SIDE})\s+{OWN}(?P<group>\w+?)(?:['’]s?)?\s+(?:average|mean|avg)\b", re.I),
    re.compile(
        r"(?:(?P<more>高于|超过|大于|多于|高出)|低于|少于|不到|小于)(?:其|自己|他们)?(?:所在|所属|本|同|自己)的?(?P<group>[一-鿿]{1,6}?)的?平均(?:值|水平|数)?"
    ),
    re.compile(
        r"比(?:其|自己|他们)?(?:所在|所属|本|同|自己)的?(?P<group>[一-鿿]{1,6}?)的?平均(?:值|水平)?[一-鿿]{0,4}?(?:(?P<more>高|多|大|长)|[低少小短])"
    ),
)
"""Which side of the average, and the word for what rows are alike in."""


THAN_AVERAGE = re.compile(
    r"\b(?:(?P<more>more|higher|greater|larger|bigger|longer)|less|fewer|lower|smaller|shorter)\s+(?:\w+\s+){1,3}?than\s+(?:the|an)\s+average\s+\w+",
    re.I,
)
"""'More members than the average club'."""
THAN_AVERAGE_ZH = re.compile(r"比平均(?:值|水平)?[一-鿿]{0,4}?(?:(?P<more>高|多|大|长)|[低少小短])(?![一-鿿]*平均)")


def read_peers(draft: Draft) -> None:
    """A test of a column against its own average over the rows that are alike in another column of the same table."""
    found = next((match for form in FORMS if (match := form.search(draft.text))), None)
    if found is None:
        read_than_average(draft)
        return
    figure = figure_of(draft, found)
    within = column_within(draft, found, figure) if figure else None
    if figure is None or within is None:
        return
    test = Condition(figure, ">" if found["more"] else "<", (Peers("avg", figure, within),))
    draft.where.append(test)
    draft.flags["two columns"] = "peers"
    draft.use(*(at for at, mention in enumerate(draft.mentions) if found.start() <= mention.start < found.end()))


OF_ALL_ZH = re.compile(
    r"平均(?P<figure>[一-鿿()（）]{1,12}?)比(?:全[一-鿿]{1,2}|总体|整体|整个[一-鿿]{1,3}|所有[一-鿿]{0,3}|大家|公司)?的?平均(?:值|水平|数)?"
    r"(?:还|更|都)?要?(?:(?P<more>高|多|大|长)|[低少小短])"
)
"""'哪些科室的平均候诊时长比全院平均还长'."""


def read_group_average(draft: Draft) -> bool:
    """Groups whose average lies above or below the average of all rows."""
    found = OF_ALL_ZH.search(draft.text)
    places = [at for at, mention in enumerate(draft.mentions) if found and found.start("figure") <= mention.start < found.end("figure")]
    field = next((field for at in places if names_figure(draft, at) and (field := draft.column(at, "sum"))), None) if found else None
    if found is None or field is None:
        return False
    draft.having.append(Condition(Measure("avg", field), ">" if found["more"] else "<", (Plan((Measure("avg", field),)),)))
    draft.use(*(at for at, mention in enumerate(draft.mentions) if found.start() <= mention.start < found.end()))
    return True


def read_than_average(draft: Draft) -> None:
    """'工资比平均高的人', 'more members than the average club': a column against the average of all."""
    if read_group_average(draft):
        return
    found = THAN_AVERAGE_ZH.search(draft.text) or THAN_AVERAGE.search(draft.text)
    figure = figure_of(draft, found) if found else None
    if found is None or figure is None:
        return
    draft.where.append(Condition(figure, ">" if found["more"] else "<", (Plan((Measure("avg", figure),)),)))
    draft.use(*(at for at, mention in enumerate(draft.mentions) if found.start() <= mention.start < found.end()))


def figure_of(draft: Draft, found: re.Match[str]) -> Field | None:
    """The column that is compared: one named in the phrase or right behind it, else one before it, else the main figure."""
    places = [at for at in range(len(draft.mentions)) if at not in draft.used and names_figure(draft, at)]
    inside = [at for at in places if found.start() <= draft.mentions[at].start <= found.end() + 1]
    before = [at for at in places if draft.mentions[at].end <= found.start() + 1]
    for at in (*inside, *reversed(before)):
        field = draft.column(at, "sum")
        if field and draft.catalog.is_measure(field):
            draft.use(at, *(place for place in before if draft.column(place, "sum") == field))
            return field
    main = default_measure(draft)
    return main if isinstance(main, Field) else None


def column_within(draft: Draft, found: re.Match[str], figure: Field) -> Field | None:
    """The column of the figure's table in which rows are alike: the one named, or the key that leads to it."""
    start, end = found.span("group")
    for mention in draft.mentions:
        if not (mention.start < end and mention.end > start):
            continue
        for match in mention.columns:
            if match.table == figure.table and match.column and not draft.catalog.is_measure(Field(match.table, match.column)):
                return Field(match.table, match.column)
        for match in mention.columns:
            for join in draft.catalog.schema.joins:
                if (join.table, join.parent_table) == (figure.table, match.table):
                    return Field(join.table, join.column)
    return None
