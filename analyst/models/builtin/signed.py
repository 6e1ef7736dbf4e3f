"""Amounts that are written with a sign, as an account's are: what was spent is below zero, what was earned above it."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Condition, Field, Measure, Output, Test, fields

SPENT = frozenset((
    "spend", "spent", "spending", "expense", "expenses", "expenditure", "pay", "paid", "payment", "payments", "cost", "costs",
    "purchase", "purchases", "bill", "bills", "outgoing", "outgoings", "花", "花费", "花了", "支出", "消费", "花掉", "付款",
))  # fmt: skip
EARNED = frozenset(("earn", "earned", "earning", "earnings", "income", "received", "deposits", "deposit", "收入", "进账", "到账", "赚"))


def read_signed(draft: Draft) -> None:
    """Only amounts of the sign that a question speaks of count; of what was spent the largest is the farthest below zero."""
    field = draft.catalog.money(draft.all_tables)
    if not isinstance(field, Field) or not both_signs(draft, field):
        return
    free = [(at, mention) for at, mention in enumerate(draft.mentions) if mention.kind != "value" and not names(mention)]
    said = [(at, set(mention.text.lower().split())) for at, mention in free]
    spent = [at for at, words in said if words & SPENT]
    earned = [at for at, words in said if words & EARNED]
    less, more = Condition(field, "<", (0,)), Condition(field, ">", (0,))
    if spent and earned:
        draft.measures += [Measure("sum", field, where=(more,)), Measure("sum", field, where=(less,))]
        draft.flags["signed"] = "both"
        draft.use(*spent, *earned)
    elif spent or earned:
        test = less if spent else more
        draft.where.append(test)
        draft.placed[test] = (spent or earned)[0]
        draft.flags["signed"] = "spent" if spent else "earned"
        paid = any(words & VERBS for _, words in said)
        if paid and not any(mention.kind in ("money", "howmuch", "count", "agg") for mention in draft.mentions):
            draft.measures.append(Measure("sum", field))
        draft.use(*(at for at in spent or earned if draft.mentions[at].kind == "word"))


VERBS = frozenset(("pay", "paid", "earn", "earned"))


def names(mention: Mention) -> bool:
    """Whether a header is said as it stands."""
    return mention.kind == "column" and mention.columns[0].score >= AS_IT_STANDS


AS_IT_STANDS = 0.95  # of a link with a header


def sign_tests(draft: Draft) -> list[Test]:
    """The test on the sign of amounts, which holds for the whole as well as for its parts."""
    money = draft.catalog.money(draft.all_tables) if "signed" in draft.flags else None
    return [test for test in draft.where if isinstance(test, Condition) and test.left == money and test.right == (0,)]


def descends(draft: Draft, target: Output, descending: bool) -> bool:
    """The direction in which a superlative ranks: the most that was spent is the farthest below zero."""
    money = draft.catalog.money(draft.all_tables) if draft.flags.get("signed") == "spent" else None
    return descending != (money is not None and money in set(fields(target)))


def both_signs(draft: Draft, field: Field) -> bool:
    """Whether a column holds amounts below and above zero."""
    low, high = draft.catalog.column(field).minimum, draft.catalog.column(field).maximum
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and low < 0 < high
