"""From what was read of a question to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.adjoining import read_adjoining
from analyst.models.builtin.carrying import carried
from analyst.models.builtin.commonest import read_commonest
from analyst.models.builtin.deeds import read_deeds
from analyst.models.builtin.display import axes_plan, read_display
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import read_lengths
from analyst.models.builtin.equalities import read_pairs
from analyst.models.builtin.extremes import read_extremes
from analyst.models.builtin.filters import read_filters
from analyst.models.builtin.finishing import finished
from analyst.models.builtin.followup import follow, is_follow_up
from analyst.models.builtin.grouping import read_grains, read_groups
from analyst.models.builtin.listing import attach_aggregate, draft_order, everything, grouped, listed, tests
from analyst.models.builtin.made import read_figure_lists, read_made, read_marks
from analyst.models.builtin.measuring import read_aggregates, read_counts, read_headers_with_aggregates, read_quantiles
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.money import read_cost_verb, read_money, read_money_cells, read_money_tables
from analyst.models.builtin.movers import movers, read_movement
from analyst.models.builtin.ordinals import at_rank, read_nth, read_ordinals
from analyst.models.builtin.payers import read_payers
from analyst.models.builtin.peers import read_peers
from analyst.models.builtin.people import read_people
from analyst.models.builtin.pieces import read_pieces
from analyst.models.builtin.plan import Field, Grain, Measure, Plan
from analyst.models.builtin.ranking import ranked
from analyst.models.builtin.signed import read_signed
from analyst.models.builtin.sorting import read_chart, read_sorting
from analyst.models.builtin.specials import apply_specials, read_specials
from analyst.models.builtin.subjects import owners_beside, subject_of, when_expression
from analyst.models.builtin.tops import read_inner_top, read_top
from analyst.models.builtin.who import things_bought
from analyst.models.builtin.winners import read_winners


def understand(draft: Draft) -> Plan:
    """The plan for a question by itself."""
    plan = read_plan(draft)
    return finished(draft, at_rank(draft, apply_specials(draft, plan)))


def continuations(draft: Draft, before: Plan) -> Iterator[tuple[str, Plan]]:
    """The plans by which a question can go on from the one before, and the way in which each does."""
    plan = read_plan(draft)
    cued = is_follow_up(draft)
    if draft.movement:
        yield "plan", finished(draft, follow(draft, plan, before))
        return
    if not cued:
        yield "plan", finished(draft, plan)
    moved = carried(plan, before)
    carried_over = finished(draft, moved) if moved is not None else None
    yield "plan" if cued else "forced", finished(draft, follow(draft, plan, before))
    if carried_over is not None:
        yield "carried", carried_over


def read_plan(draft: Draft) -> Plan:
    """Rows, groups or a ranking, as the question's own words have it."""
    note_rows(draft)
    read_ordinals(draft)
    read_extremes(draft)
    read_adjoining(draft)
    read_payers(draft)
    read_pieces(draft)
    read_winners(draft)
    read_nth(draft)
    read_peers(draft)
    read_money_tables(draft)
    read_chart(draft)
    read_display(draft)
    read_movement(draft)
    read_specials(draft)
    read_cost_verb(draft)
    read_quantiles(draft)
    read_lengths(draft)
    read_deeds(draft)
    read_signed(draft)
    note_tables(draft)
    note_people(draft)
    read_pairs(draft)
    read_people(draft)
    read_commonest(draft)
    read_grains(draft)
    read_sorting(draft)
    read_marks(draft)
    read_groups(draft)
    read_figure_lists(draft)
    read_top(draft)
    read_inner_top(draft)
    read_filters(draft)
    read_made(draft)
    read_counts(draft)
    read_aggregates(draft)
    if not draft.top:
        read_headers_with_aggregates(draft)
        read_money(draft)
        read_money_cells(draft)
    read_compared_rows(draft)
    return base_plan(draft)


def read_compared_rows(draft: Draft) -> None:
    """'Orders this month compared with the month before': rows of two periods are counted where no figure is named."""
    kinds = [mention.kind for mention in draft.mentions]
    if (
        draft.movement is None
        and "moved" in kinds
        and "period" in kinds
        and "table" in kinds
        and not draft.measures
        and not {"column", "money", "top", "super"} & set(kinds)
    ):
        draft.measures.append(Measure("count"))
        draft.use(*(at for at, mention in enumerate(draft.mentions) if mention.kind == "table"))
    if "compare" in kinds and kinds.count("period") > 1 and not draft.measures and not {"column", "money", "top", "super"} & set(kinds):
        draft.measures.append(Measure("count"))


def note_rows(draft: Draft) -> None:
    """Words that name a table and the number of its rows alike speak of the rows: 'tickets by topic' over a column `ticket`."""
    for at, mention in enumerate(draft.mentions):
        matches = [match for match in mention.columns if match.score >= mention.columns[0].score] if mention.kind == "column" else []
        whole = next((match for match in matches if not match.column), None)
        numbers = [Field(match.table, match.column) for match in matches if match.column and whole and match.table == whole.table]
        if whole and any(draft.catalog.is_row_number(field) and draft.catalog.is_number(field) for field in numbers):
            rest = tuple(match for match in mention.columns if not match.column or Field(match.table, match.column) not in numbers)
            draft.mentions[at] = replace(mention, kind="table", columns=rest)


def note_tables(draft: Draft) -> None:
    """Tables that the question names."""
    for at, mention in enumerate(draft.mentions):
        table = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        table = table or (counted_table(draft, mention.text) if mention.kind == "count" else None)
        if table and table not in draft.tables:
            draft.tables.append(table)


def note_people(draft: Draft) -> None:
    """'Who bought both a tee and a mug': the only table of people, where the question names no table of its own."""
    first = draft.mentions[0].text.lower() if draft.mentions else ""
    named = any(mention.kind in ("table", "column", "super", "top", "count", "agg") for mention in draft.mentions)
    if first != "who" or named or not any(mention.kind == "value" for mention in draft.mentions):
        return
    people = draft.catalog.people_table
    draft.tables += [people] if people else []


def counted_table(draft: Draft, said: str) -> str | None:
    """The table whose rows a Chinese word counts, as 订单数 those of 订单."""
    bare = said[:-1] if said[-1:] in "数量" else ""
    return next((table.name for table in draft.catalog.schema.tables if len(bare) > 1 and table.name == bare), None)


def whole_rows(draft: Draft, plan: Plan) -> Plan:
    """A ranking of rows that shows all of them where 'all information' is asked for."""
    ranked_by = next(iter(plan.order), None)
    if "everything" not in draft.flags or ranked_by is None or not isinstance(ranked_by.by, Field) or plan.group or plan.top_each:
        return plan
    return replace(plan, select=(), everything=ranked_by.by.table)


def tells_kinds(draft: Draft, field: Field) -> bool:
    """Whether whole numbers are named in the plural before rows are counted: 'the advisors and the number of pupils' has a row for each."""
    counts = bool(draft.measures) and all(isinstance(measure, Measure) and measure.aggregate == "count" for measure in draft.measures)
    if not counts or draft.group or draft.language != "en" or draft.catalog.concepts(field) & AMOUNTS:
        return False
    header = field.column.lower()
    said = next((mention for mention in draft.mentions if mention.kind in ("column", "count") and names(mention, field)), None)
    return said is not None and said.kind == "column" and said.text.lower().endswith("s") and not header.endswith("s")


AMOUNTS = frozenset(("price", "amount", "spend", "cost", "salary", "quantity", "profit"))


def names(mention: Mention, field: Field) -> bool:
    """Whether a mention is of rows that are counted, or of a column."""
    best = mention.columns[0] if mention.columns else None
    return mention.kind == "count" or (best is not None and (best.table, best.column) == (field.table, field.column))


def base_plan(draft: Draft) -> Plan:
    """Rows, groups or a ranking, before shares, growth and their like."""
    if draft.lone_x:
        others = [item for item in draft.group if item != draft.lone_x and item not in draft.from_tables]
        draft.group = [draft.lone_x, *others]
    if draft.axes:
        return axes_plan(draft, tests(draft))
    if draft.movement:
        moved = movers(draft)
        if moved is not None:
            return moved
        draft.unknown.append(draft.movement.said)
    if draft.top:
        return whole_rows(draft, ranked(draft))
    when = when_expression(draft)
    shown, table = subject_of(draft)
    if not shown and not draft.measures and not draft.group and (bought := things_bought(draft)):
        shown, table, draft.flags["distinct"] = [bought], None, "distinct"
    draft.shown, draft.subject = list(shown), table
    if "aggregate" in draft.flags and not draft.measures:
        attach_aggregate(draft, shown)
    if "everything" in draft.flags and not draft.measures and not draft.group:
        return everything(draft, table)
    if when is not None and when not in shown and not draft.measures:
        shown.insert(0, when)
    shown = owners_beside(draft, shown)
    numbers = [item for item in shown if isinstance(item, Field) and draft.catalog.is_measure(item) and not tells_kinds(draft, item)]
    others = [item for item in shown if item not in numbers]
    if (
        draft.mark in ("scatter", "line")
        and draft.group
        and not draft.measures
        and len(shown) == 2
        and not any(isinstance(item, Grain) for item in draft.group)
    ):
        return Plan(tuple(dict.fromkeys((*shown, *draft.group))), tests(draft), order=draft_order(shown, draft))
    if draft.measures or draft.group:
        return grouped(draft, numbers, others)
    return listed(draft, shown, numbers, table)
