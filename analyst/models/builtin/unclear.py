"""Asks back where a question calls something best or biggest and does not say by which figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from analyst.models.builtin import labels
from analyst.models.builtin.build import Builder
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.movers import with_figure
from analyst.models.builtin.plan import Arithmetic, Field, Measure, Order, Plan
from analyst.terms import Bilingual, Choice, Clarification, Prompt

VAGUE = re.compile(
    r"\b(best|worst|biggest|strongest|weakest|greatest|top[- ]performing|most successful|most important|hottest|coolest|healthiest"
    r"|favou?rite|richest|poorest)\b(?!\s*-?(?:rated|selling|sellers?|known|paid|before|of the|numbers?|amounts?))"
    r"|(?<!卖得)(?<!卖的)(?<!销售)(?<!销量)(表现最[好差佳]|最[好差强弱火牛]|最吃香|最成功|最重要|最受宠|最优秀|最厉害)(?!的?评)",
    re.IGNORECASE,
)
"""Words of a rank that name no figure. `Largest` and `top` are left out: in most data one column is their measure."""
LOWEST = ("worst", "weakest", "表现最差", "最差", "最弱", "coolest")
SAYS_FIGURE = ("money", "basket", "margin", "worth", "agg", "count", "howmuch", "share", "growth", "moved", "cmp", "made")
"""Requests that say by which figure is ranked."""
FIGURE = Bilingual("The change of which figure? Choose one:", "比较哪个数字的变化？请选择：")
FIGURES = 3
MEMBERS = 3  # rows in a group on average, below which it is about a single row
QUESTION = Bilingual("What decides which {} is meant? Choose one:", "这里的“{}”按什么来比？请选择：")


def unclear(prompt: Prompt, row: Sequence[Mention], draft: Draft, plan: Plan, catalog: Catalog) -> Clarification | None:
    """A question back, with the figures that could be meant; None where one is named or there is nothing to choose from."""
    found = next((said for said in VAGUE.finditer(prompt.question.text) if not in_cell(row, said.start())), None)
    if prompt.question.history or prompt.question.evidence or draft.mark:
        return None
    if draft.flags.get("moves") == "rows" and (moved := by_figure(plan, prompt, catalog)):
        return moved
    if says_figure(row, catalog):
        return None
    if quality := by_quality(plan, draft, prompt, catalog):
        return quality
    if not found or (draft.top and draft.top.counted) or any(mention.asks("group") for mention in row):
        return None
    subject = subject_of(row, draft, catalog)
    if subject is None:
        return None
    word = found.group(0)
    builder = Builder(prompt.schema, prompt.question.language)
    choices = tuple(readings_by(subject, word, prompt, builder, catalog))
    if len(choices) < 2:
        return None
    return Clarification(QUESTION.in_language(prompt.question.language).format(word), choices)


def in_cell(row: Sequence[Mention], place: int) -> bool:
    """Whether a word only belongs to a cell, such as the award "Best Hall"."""
    return any(mention.kind == "value" and mention.start <= place < mention.end for mention in row)


def by_quality(plan: Plan, draft: Draft, prompt: Prompt, catalog: Catalog) -> Clarification | None:
    """'Cheapest category', 'hottest year': groups ranked by a quality of their rows, which may mean on average or the extreme row."""
    top, by = draft.top, plan.order[0].by if plan.order else None
    if top is None or not top.concept or top.concept in ("count", "time", "sold") or top.counted or len(plan.group) != 1:
        return None
    if not isinstance(by, Measure) or not isinstance(by.of, Field) or by.where or plan.where or catalog.is_parent_key(by.of):
        return None
    group, language = plan.group[0], prompt.question.language
    if isinstance(group, Field) and (catalog.is_parent_key(group) or catalog.column(group).distinct * MEMBERS > catalog.column(group).rows):
        return None
    builder = Builder(prompt.schema, language)
    choices = []
    for measure in (Measure("avg", by.of), Measure("max" if top.descending else "min", by.of)):
        name = labels.label(measure, language)
        ending = Bilingual(" (highest)" if top.descending else " (lowest)", "，取最高" if top.descending else "，取最低").in_language(
            language
        )
        whole = Bilingual(
            f"Which {labels.label(group, language)} by {name}{ending}?", f"按{name}{ending}，是哪个{labels.label(group, language)}？"
        )
        ranked = Plan((group, measure), group=(group,), order=(Order(measure, top.descending),), limit=1, tables=plan.tables)
        try:
            choices.append(Choice(name, whole.in_language(language), builder.sql(ranked)))
        except Unjoinable:
            return None
    return Clarification(QUESTION.in_language(language).format(draft.mentions[top.at].text), tuple(choices))


def by_figure(plan: Plan, prompt: Prompt, catalog: Catalog) -> Clarification | None:
    """'Which country grew the most' where several figures could have grown."""
    group, language = next((item for item in plan.group if isinstance(item, Field)), None), prompt.question.language
    if group is None or not plan.order:
        return None
    builder = Builder(prompt.schema, language)
    text = prompt.question.text.rstrip("?？。. ")
    choices = []
    for measure in (*figures(group, catalog), Measure("count")):
        name = labels.label(measure, language)
        whole = Bilingual(f"{text}: {name}?", f"按{name}，{text}？").in_language(language)
        with suppress(Unjoinable):
            choices.append(Choice(name, whole, builder.sql(with_figure(plan, measure))))
    return Clarification(FIGURE.in_language(language), tuple(choices)) if len(choices) > 1 else None


def says_figure(row: Sequence[Mention], catalog: Catalog) -> bool:
    """Whether the question names a figure to rank by."""
    for mention in row:
        if (
            any(request.kind in SAYS_FIGURE for request in mention.requests)
            and mention.kind not in ("column", "table", "value")
            and not VAGUE.search(mention.text)
        ):
            return True
        if mention.kind == "column" and any(
            catalog.is_measure(Field(match.table, match.column)) for match in mention.columns[:1] if match.column
        ):
            return True
    return False


def subject_of(row: Sequence[Mention], draft: Draft, catalog: Catalog) -> Field | None:
    """What is ranked: the one dimension that the question names, or the name of the table's rows."""
    for mention in row:
        for match in mention.columns[:1]:
            field = named_by(match.table, match.column, catalog)
            if field and not catalog.is_number(field) and match.score > 0.6 and mention.kind in ("column", "table"):
                return field
    return next((item for item in draft.group if isinstance(item, Field)), None)


def named_by(table: str, column: str, catalog: Catalog) -> Field | None:
    """The column that names what a match speaks of: of a key, the name of the row it points to."""
    field = Field(table, column)
    if column and not catalog.is_number(field):
        return field
    parents = [join.parent_table for join in catalog.schema.joins if (join.table, join.column) == (table, column)]
    return next(iter(catalog.labels(parents[0] if column and parents else table)), None)


def readings_by(subject: Field, word: str, prompt: Prompt, builder: Builder, catalog: Catalog) -> Iterator[Choice]:
    """The same ranking by each figure that could be meant, as a whole question and as SQL."""
    descending = word.lower() not in LOWEST
    language = prompt.question.language
    for measure in figures(subject, catalog):
        name = labels.label(measure, language)
        extreme = Bilingual("highest" if descending else "lowest", "最高" if descending else "最低")
        label = Bilingual(f"{extreme.en} {name[:1].lower() + name[1:]}", f"{name}{extreme.zh}").in_language(language)
        whole = Bilingual(f"Which {subject.column} has the {label}?", f"哪个{subject.column}的{label}？").in_language(language)
        plan = Plan((subject, measure), group=(subject,), order=(Order(measure, descending),), limit=1)
        try:
            yield Choice(label, whole, builder.sql(plan))
        except Unjoinable:
            continue


def figures(subject: Field, catalog: Catalog) -> Iterator[Measure]:
    """Figures a thing can be ranked by: money first, then the other measures near it, and how many rows it has."""
    near = [subject.table] + [
        end
        for join in catalog.schema.joins
        for end in (join.table, join.parent_table)
        if subject.table in (join.table, join.parent_table) and end != subject.table
    ]
    tables = list(dict.fromkeys(near))
    money = catalog.money(tables)
    measures: list[Field | Arithmetic] = [money] if money is not None else []
    for table in tables:
        measures += [
            field
            for field in catalog.fields(table)
            if catalog.is_measure(field) and not catalog.is_key(field) and not catalog.is_parent_key(field) and field not in measures
        ]
    for measure in measures[:FIGURES]:
        adds = isinstance(measure, Arithmetic) or catalog.adds_up(measure)
        yield Measure("sum" if adds else "avg", measure)
    if measures and not catalog.is_key(subject):
        yield Measure("count")
