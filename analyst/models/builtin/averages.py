"""Reads numbers against their own average: above average, more expensive than the average."""

from __future__ import annotations

from analyst.models.builtin.comparing import concept_column, default_measure
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Combined, Condition, Field, Measure, Plan, Sign, fields


def read_averages(draft: Draft) -> None:
    """'Above average' tests a column against its own average."""
    read_qualities_above_average(draft)
    signs: tuple[tuple[str, Sign], ...] = (("above", ">"), ("below", "<"))
    for kind, sign in signs:
        for at in list(draft.free(kind)):
            if counts_of_each(draft, at, sign) or takings_of_each(draft, at, sign):
                continue
            target = draft.next_to(at, -1, 4, lambda place: draft.nameable(place) and bool(draft.options(place, "number")))
            if target is None:
                target = draft.next_to(at, 1, 3, lambda place: draft.nameable(place) and bool(draft.options(place, "number")))
            if target is None and total_of_each(draft, at, sign):
                continue
            field = draft.column(target, "number") if target is not None else default_measure(draft)
            if isinstance(field, Field):
                draft.use(at, *([target] if target is not None else []))
                limit = Plan((Measure("avg", field),), cells_after(draft, at, field))
                aggregate = draft.asks(target - 1, "agg") if target else None
                if aggregate:
                    draft.having.append(Condition(Measure("avg", field), sign, (limit,)))
                    draft.use((target or 1) - 1)
                else:
                    draft.where.append(Condition(field, sign, (limit,)))


def cells_after(draft: Draft, at: int, field: Field) -> tuple[Condition, ...]:
    """The rows whose average is meant, where a cell names them behind it: 'above the average value of all watercolours'."""
    for place in range(at + 1, min(len(draft.mentions), at + NEAR)):
        mention = draft.mentions[place]
        own = [match for match in mention.values if match.table == field.table] if mention.kind == "value" else []
        if own and mention.values[0].score >= CELL:
            draft.use(place)
            return (Condition(Field(own[0].table, own[0].column), "=", (own[0].value,)),)
        if mention.kind not in ("column", "table", "list") and mention.text.lower() not in OF:
            break
    return ()


def counts_of_each(draft: Draft, at: int, sign: Sign) -> bool:
    """教练人数超过平均水平的校区, 'shops whose number of orders is above average': how many each has against the average."""
    counted = draft.next_to(at, -1, 3, lambda place: bool(draft.asks(place, "count")) and place not in draft.used)
    if counted is None:
        return False
    near = (counted - 1, counted + 1) if draft.language == "zh" else (counted + 1, counted - 1)
    rows = next((table for place in near if 0 <= place < len(draft.mentions) and (table := rows_at(draft, place))), None)
    thing = thing_beside(draft, at, counted)
    group = draft.column(thing, "dimension") if thing is not None and draft.mentions[thing].kind == "column" else None
    table = draft.table(thing) if thing is not None and group is None else None
    keys = (group,) if group else draft.catalog.identifiers(table)[:1] if table else ()
    if thing is None or not keys or (rows is None and table is not None):
        return False
    draft.having.append(against_mean(Measure("count"), keys[0], sign, rows))
    draft.bring(rows)
    draft.use(at, counted, *(place for place in near if rows and 0 <= place < len(draft.mentions) and rows_at(draft, place) == rows))
    return True


def takings_of_each(draft: Draft, at: int, sign: Sign) -> bool:
    """'Surgeries with above average takings': what each took in all against the average of what they took."""
    said = next((place for place in (at + 1, at - 1) if 0 <= place < len(draft.mentions) and draft.mentions[place].kind == "money"), None)
    thing = next((place for place in range(at) if draft.mentions[place].kind == "column"), None)
    money, group = draft.catalog.money(draft.all_tables), draft.column(thing, "dimension") if thing is not None else None
    if said is None or group is None or money is None or draft.catalog.is_number(group) or draft.catalog.is_key(group):
        return False
    draft.having.append(against_mean(Measure("sum", money), group, sign))
    draft.use(at, said)
    return True


def rows_at(draft: Draft, at: int) -> str | None:
    """The table whose rows a place names."""
    return draft.table(at) if draft.mentions[at].kind == "table" else None


def thing_beside(draft: Draft, at: int, counted: int) -> int | None:
    """The place of what has the rows: behind the average in Chinese, before the count in English."""
    places = range(at + 1, len(draft.mentions)) if draft.language == "zh" else range(counted - 1, -1, -1)
    return next((place for place in places if draft.is_column(place)), None)


NEAR = 6  # mentions behind an average in which its rows are named
CELL = 0.8  # of a link with a cell
OF = ("of", "all", "the", "in", "for", "among", "other", "every")


def against_mean(figure: Measure, thing: Field, sign: Sign, rows: str | None = None) -> Condition:
    """A figure of each thing against what one has on average: all of it divided by how many things there are."""
    mean = Plan((Combined(figure, "/", Measure("count_distinct", thing)),), tables=(rows,) if rows else ())
    return Condition(figure, sign, (mean,))


def total_of_each(draft: Draft, at: int, sign: Sign) -> bool:
    """'Customers whose total spend is above average': the sum of each against the average of these sums."""
    total = next((place for place in range(at) if draft.asks(place, "agg") == "sum" and place not in draft.used), None)
    said = next((place for place in range(at) if draft.mentions[place].kind == "money" and place not in draft.used), None)
    thing = next((table for place in range(at) if draft.mentions[place].kind == "table" and (table := draft.table(place))), None)
    money, keys = draft.catalog.money(draft.all_tables), draft.catalog.identifiers(thing) if thing else ()
    done = said is not None and draft.mentions[said].text.lower() in MADE_BY_EACH  # stores that sold more than average
    if (total is None and not done) or said is None or not money or not keys or any(field.table == thing for field in fields(money)):
        return False
    draft.having.append(against_mean(Measure("sum", money), keys[0], sign))
    draft.use(at, said, *([total] if total is not None else []))
    return True


MADE_BY_EACH = frozenset(
    ("sold", "spent", "spend", "earned", "earn", "made", "took", "paid", "sell", "brought in", "卖", "卖了", "消费", "花了")
)


def read_qualities_above_average(draft: Draft) -> None:
    """'More expensive than average', 'older than the average': the comparison itself names the column."""
    for at in list(draft.free("cmp")):
        asked = draft.asks(at, "cmp") or ""
        concept = asked.rstrip("<>=!")
        if draft.mentions[at].text.lower() in ("longer than", "shorter than"):
            asked, concept = f"duration{asked}", "duration"
        average = draft.next_to(at, 1, 2, lambda place: draft.asks(place, "agg") == "avg")
        if not concept or concept == "date" or average is None or any(map(draft.is_column, range(average + 1, len(draft.mentions))[:2])):
            continue
        field = concept_column(draft, concept, at)
        if isinstance(field, Field):
            draft.where.append(Condition(field, asked[len(concept) :], (Plan(select=(Measure("avg", field),)),)))  # type: ignore[arg-type]
            draft.use(at, average)
