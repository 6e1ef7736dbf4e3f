"""Reads words of money that name no column: revenue, stock value, the value of an order, profit less cost."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.measuring import quantities
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Arithmetic, Combined, Field, Measure, Output, fields
from analyst.models.builtin.whom import SLIPS
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems, stems


def read_money(draft: Draft) -> None:
    """'How much', 'revenue', '卖了多少' without a column: the money column, or price times quantity."""
    for kind in ("worth", "basket", "margin"):
        for at in list(draft.free(kind)):
            if draft.mentions[at].kind == kind:
                output = special(draft, kind)
                if output is not None:
                    draft.measures.append(output)
                    draft.use(at)
    read_profit(draft)
    for kind in ("money", "howmuch"):
        for at in list(draft.free(kind)):
            if draft.mentions[at].kind != kind or at in draft.used:
                continue
            if kind == "howmuch" and "share" in draft.flags:
                draft.use(at)
                continue
            if kind == "howmuch" and (
                (draft.measures and draft.mentions[at].text.lower() not in ADDED)
                or any(
                    place not in draft.used and draft.mentions[place].kind == "column" and draft.options(place, "number")
                    for place in range(len(draft.mentions))
                )
            ):
                draft.use(at)
                continue
            if draft.mentions[at].text.lower() in DONE and any(
                isinstance(one, Measure) and one.aggregate == "count_distinct" for one in draft.measures
            ):
                draft.use(at)
                continue
            spent = draft.mentions[at].text.startswith(("花", "支出", "spen")) or draft.text[: draft.mentions[at].start].endswith("花")
            money = draft.catalog.money(draft.all_tables, spent)
            if money and not any(isinstance(measure, Measure) and measure.of == money for measure in draft.measures):
                aggregate = draft.flags.pop("aggregate", "sum")
                draft.measures.append(Measure(aggregate, money))  # type: ignore[arg-type]
            draft.use(at)


ADDED = ("add up to", "adds up to", "amount to", "amounts to", "come to in total")
DONE = frozenset(("sold", "sell", "sells", "bought", "buy", "purchased", "ordered", "stock", "卖出", "售出", "卖"))
"""Verbs that ask for no money where what was sold is counted."""


def read_money_tables(draft: Draft) -> None:
    """'Revenue' is the money in a table of sales, and not its rows."""
    for at, mention in enumerate(draft.mentions):
        asked = at > 0 and any(draft.asks(at - 1, kind) for kind in ("count", "list", "which", "super", "top"))
        if (
            mention.kind == "table"
            and mention.asks("money")
            and (mention.columns[0].score < AS_NAMED or (mention.text.lower() == "sales" and not asked and not rows_shown(draft, at)))
            and draft.catalog.money(draft.all_tables)
        ):
            draft.mentions[at] = replace(mention, kind="money", columns=())
        elif mention.kind == "column" and mention.asks("money") and is_of_table(mention) and draft.catalog.money(draft.all_tables):
            draft.mentions[at] = replace(mention, kind="money", columns=())  # the revenue of the sales is not their number


def is_of_table(mention: Mention) -> bool:
    """Whether another word for a table's name is another word for one of its columns as well: revenue, over a table of sales."""
    best = [match for match in mention.columns if match.score >= mention.columns[0].score - 0.001]
    return mention.columns[0].score < AS_NAMED and any(not match.column for match in best)


def rows_shown(draft: Draft, at: int) -> bool:
    """Whether a table named sales stands for its rows: 'list the sales', 'how many sales', 'sales over 500',
    'more than 60 sales', 'sales without a customer'."""
    before = [mention.kind for mention in draft.mentions[:at] if mention.kind != "word"]
    bound = any(draft.asks(place, "cmp") for place in (at + 1, at + 2))
    bound = bound or any(draft.asks(place, "neg") for place in (at - 1, at - 2, at + 1))
    counted = at > 0 and draft.mentions[at - 1].kind == "number"  # more than 60 sales, the last 5 sales
    return bound or counted or before[-1:] in (["count"], ["list"]) or draft.language != "en"


AS_NAMED = 0.95  # of a link with the table's own name
COSTS = frozenset(("cost", "costs"))
VERB_REACH = 8  # mentions from 'how much' to its verb


def read_cost_verb(draft: Draft) -> None:
    """'How much does each room cost': the verb asks for the money of the rooms, not for a cost that other rows have."""
    asked = next((at for at, mention in enumerate(draft.mentions) if mention.asks("howmuch")), len(draft.mentions))
    places = range(asked + 1, min(asked + VERB_REACH, len(draft.mentions)))
    verb = next((at for at in places if draft.mentions[at].text.lower() in COSTS and ends_clause(draft, at)), None)
    if verb is None:
        return
    named = {match.table for mention in draft.mentions[asked:verb] for match in mention.columns[:1]}
    if named and not any(match.table in named for match in draft.mentions[verb].columns) and draft.catalog.money(named):
        draft.use(verb)


def ends_clause(draft: Draft, at: int) -> bool:
    """Whether nothing but a sign follows a place."""
    return at + 1 == len(draft.mentions) or draft.mentions[at + 1].kind == "sign"


def is_figure_beside(draft: Draft, at: int, place: int) -> bool:
    """Whether a column that adds up is named in one breath with what stands at another place: 销售额和利润."""
    joint = place - 1 if at < place else place + 1
    near = abs(at - place) == 2 and 0 <= joint < len(draft.mentions) and draft.mentions[joint].text in ("和", "与", "及", "、", "以及")
    field = next(iter(draft.options(at, "sum")), (None, 0))[0] if near and draft.mentions[at].kind == "column" else None
    return field is not None and draft.catalog.adds_up(field)


PROFIT_ZH = re.compile("毛?利润(?!率)|毛利(?!率)")


def read_profit(draft: Draft) -> None:
    """'Profit' without a column of it: the money taken less what was paid for the same things."""
    gain = None if draft.catalog.named("profit", draft.all_tables, number=True) else draft.catalog.gain(draft.all_tables)
    for at, mention in enumerate(draft.mentions):
        meant = concepts_by_phrase().get(stems(mention.text), ()) if mention.kind == "word" and at not in draft.used else ()
        if gain and "profit" in meant and not draft.measures:
            draft.measures.append(Combined(Measure("sum", gain[0]), "-", Measure("sum", gain[1])))
            draft.use(at)
    found = PROFIT_ZH.search(draft.text) if gain and draft.language == "zh" else None
    places = [at for at, mention in enumerate(draft.mentions) if found and found.start() <= mention.start < found.end()]
    if gain and places and all(at not in draft.used and draft.mentions[at].kind == "word" for at in places):
        beside = [at for at in range(len(draft.mentions)) if at not in draft.used and is_figure_beside(draft, at, places[0])]
        draft.measures += [Measure("sum", field) for at in beside if (field := draft.column(at, "sum"))]
        draft.measures.append(Combined(Measure("sum", gain[0]), "-", Measure("sum", gain[1])))
        draft.use(*places, *beside)


def read_money_cells(draft: Draft) -> None:
    """'Monthly 支出', where 支出 is a cell and a word of money at once: the amounts of those rows are added up."""
    said = any(mention.kind == "value" and mention.asks("money") for mention in draft.mentions)
    listing = any(mention.asks("list") or mention.asks("count") for mention in draft.mentions if mention.kind not in ("value", "column"))
    money = draft.catalog.money(draft.all_tables) if said and not draft.measures and not listing else None
    if money:
        draft.measures.append(Measure(draft.flags.pop("aggregate", "sum"), money))  # type: ignore[arg-type]


def special(draft: Draft, kind: str) -> Output | None:
    """Measures with a name of their own: stock value, average order value, profit margin."""
    tables = draft.all_tables
    if kind == "worth":
        worth = draft.catalog.worth(tables)
        return Measure("sum", worth) if worth else None
    money = draft.catalog.money(tables)
    pieces = next(iter(quantities(draft)), None) if kind == "basket" and PIECES_OF_EACH.search(draft.text) else None
    if pieces is not None:
        return per_order(draft, pieces)
    if kind == "basket":
        return per_order(draft, money) if money else None
    profits = draft.catalog.named("profit", tables, number=True)
    return Combined(Measure("sum", profits[0]), "%", Measure("sum", money)) if profits and money else None


PIECES_OF_EACH = re.compile(r"每[单笔](?:订单)?(?:买了?|有|含)?(?:几|多少)[件个样份瓶]")
"""平均每单几件: the pieces of an order, and not its money."""
PURCHASES = ("order", "receipt", "invoice", "transaction", *SLIPS)


def per_order(draft: Draft, money: Field | Arithmetic) -> Output:
    """The average value of an order, which may have several lines."""
    home = next(fields(money)).table
    lines = [join for join in draft.catalog.schema.joins if join.table == home and "order" in table_concepts(join.parent_table)]
    counts = [field for field in draft.catalog.fields(home) if field.column.lower() in NUMBERS_OF_ORDERS and draft.catalog.is_number(field)]
    if counts and isinstance(money, Field):
        return Combined(Measure("sum", money), "/", Measure("sum", counts[0]))
    if single := next((field for word in PURCHASES if (field := draft.catalog.repeated(word))), None):
        return Combined(Measure("sum", money), "/", Measure("count_distinct", single))
    if not lines or draft.catalog.settles(home, [lines[0].column]):
        return Measure("avg", money)
    return Combined(Measure("sum", money), "/", Measure("count_distinct", Field(home, lines[0].column)))


NUMBERS_OF_ORDERS = frozenset(
    ("下单数", "订单数", "订单量", "成交单数", "支付订单数", "orders", "order_count", "num_orders", "number_of_orders")
)


def table_concepts(table: str) -> frozenset[str]:
    """What a table's name means."""
    return frozenset(concepts_by_phrase().get(header_stems(table), ()))
