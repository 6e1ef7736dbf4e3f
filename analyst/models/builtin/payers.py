"""Reads who pays and what for: 'how much have guests paid' is one sum, 'spent on fuel' is the cost of fuel, 'on electricity' is unheld."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.gaps import ANYTHING, is_unread
from analyst.models.builtin.mentions import Mention, naming, overlapping
from analyst.models.builtin.plan import Field, Measure
from analyst.words.lexicon import common_words, everyday_words
from analyst.words.requests import Request
from analyst.words.tokens import stem

AUXILIARIES = frozenset(("have", "has", "did", "do", "does", "had", "will"))
ASKING = frozenset(("how much", "what"))
OF_COSTS = frozenset(("cost", "price", "fee", "charge", "expense", "spend", "amount", "bill"))
"""Words of headers that tell what something cost."""
PAYING = frozenset(("spend", "spent", "spending", "pay", "paid", "paying", "expenses", "expenditure", "cost", "costs"))
FOR = frozenset(("on", "for", "in", "towards"))


def read_payers(draft: Draft) -> None:
    """Who pays and what for, in the words of an English question about money."""
    if draft.language != "en":
        return
    read_doers_together(draft)
    read_given(draft)
    read_doing(draft)
    read_fee(draft)
    read_wage_bill(draft)
    for at in range(len(draft.mentions)):
        read_payer(draft, at)
        if draft.mentions[at].text.lower() in PAYING:
            read_purpose(draft, at)
        if at and draft.mentions[at].text.lower() == "money" and is_unheld(draft, at - 1, ends=False):
            draft.unknown.append(draft.mentions[at - 1].text)  # sponsorship money


def read_payer(draft: Draft, at: int) -> None:
    """'How much have guests paid us', 'of what guests paid': the guests tell nothing apart."""
    if draft.mentions[at].text.lower() not in ASKING:
        return
    doer = at + 1
    while doer < len(draft.mentions) and draft.mentions[doer].text.lower() in (*AUXILIARIES, "the", "our", "all"):
        doer += 1
    if doer + 1 >= len(draft.mentions) or draft.mentions[doer].kind not in ("column", "table") or not is_plural(draft, doer):
        return
    verb = draft.mentions[doer + 1]
    pays = verb.kind == "money" or (verb.kind == "column" and bool(draft.options(doer + 1, "number")))
    apart = any(mention.asks("super") or mention.asks("top") for mention in draft.mentions)
    if pays and not apart and not draft.options(doer, "sum"):
        draft.use(doer)


GIVING = frozenset(("give", "pay", "donate", "contribute", "spend", "bring", "earn", "owe"))


def read_given(draft: Draft) -> None:
    """'What did companies give us in December': an amount is asked for, and not a list of companies."""
    said = [mention.text.lower() for mention in draft.mentions]
    if said[:1] not in (["what"], ["what have"], ["what did"]) or not any(word in said[1:2] for word in ("did", "have", "has")):
        return
    verb = next((at for at in range(2, len(said)) if said[at] in GIVING and draft.mentions[at].kind in ("word", "money")), None)
    measured = any(mention.kind == "column" and draft.options(at, "sum") for at, mention in enumerate(draft.mentions))
    if verb is not None and not measured and draft.catalog.money(draft.all_tables):
        draft.mentions[verb] = asking_how_much(draft.mentions[verb])
        draft.use(0)


def asking_how_much(mention: Mention) -> Mention:
    """The verb as the words that ask for an amount."""
    return replace(mention, kind="howmuch", requests=(Request("howmuch", "sum"),))


WAGE_BILL = re.compile(r"\b(?:wage|salary|pay|payroll)\s+(?:bill|cost|costs|total)\b|\bpayroll\b", re.I)


def read_wage_bill(draft: Draft) -> None:
    """'Which department has the highest wage bill': all salaries together."""
    found = WAGE_BILL.search(draft.text)
    pay = (
        [field for field in draft.catalog.named("salary", draft.all_tables, number=True) if draft.catalog.is_measure(field)]
        if found
        else []
    )
    places = overlapping(draft.mentions, *found.span()) if found else []
    if len(pay) == 1 and not any(draft.mentions[at].kind in ("table", "value") for at in places):
        draft.measures.append(Measure("sum", pay[0]))
        draft.use(*places)


DOING = re.compile(
    r"^(?:and\s+)?how\s+(?:did|does|do|is|are|has|have|was|were)\b.*\b(?:do|doing|done|perform|performed|performing|go|going)\b", re.I
)


def read_doing(draft: Draft) -> None:
    """'How did Station Road do in the first quarter': what it took, where a column tells money and nothing else is asked for."""
    if not DOING.search(draft.text) or any(
        mention.asks(kind) for mention in draft.mentions for kind in ("trend", "growth", "hist", "corr")
    ):
        return
    named = any(mention.kind == "column" and draft.options(at, "sum") for at, mention in enumerate(draft.mentions))
    verb = next((at for at, mention in enumerate(draft.mentions) if mention.text.lower() in DONE and at and mention.kind == "word"), None)
    if (
        verb is not None
        and not named
        and draft.catalog.money(draft.all_tables)
        and any(mention.kind == "value" for mention in draft.mentions)
    ):
        draft.mentions[verb] = asking_how_much(draft.mentions[verb])


DONE = frozenset(("do", "doing", "done", "perform", "performed", "performing", "go", "going"))
PACES = {"month": ("monthly",), "year": ("annual", "yearly"), "week": ("weekly",), "day": ("daily",), "hour": ("hourly",)}
FEES = PAYING | {"charge", "charged", "earn", "earns", "pays", "spends", "costs", "owe", "owes"}


def read_fee(draft: Draft) -> None:
    """'What does a member pay per month': the one column whose header says that it is monthly, such as Monthly Fee."""
    for at, mention in enumerate(draft.mentions):
        paces = (
            PACES.get(mention.asks("grain") or "", ())
            if mention.kind == "grain" and mention.text.lower().startswith(("per ", "a ", "each "))
            else ()
        )
        verb = next((place for place in range(at) if draft.mentions[place].text.lower() in FEES), None) if paces else None
        if verb is None:
            continue
        numbers = [field for field in draft.catalog.fields() if draft.catalog.is_measure(field)]
        found = [field for field in numbers if set(paces) & set(field.column.lower().replace("_", " ").split())]
        if len(found) == 1:
            match = naming(draft.mentions[verb], found[0].table, found[0].column)
            draft.mentions[verb] = replace(draft.mentions[verb], kind="column", columns=(match,), values=(), requests=())
            draft.use(at)


TOGETHER = ("altogether", "in total", "overall", "in all")
APART = ("group", "super", "top", "list", "drill", "grain", "which")


def read_doers_together(draft: Draft) -> None:
    """'How many kilometres has the fleet driven altogether': who did it tells nothing apart."""
    kinds = {kind for kind in APART for mention in draft.mentions if mention.kind == kind}
    if kinds or not any(mention.text.lower() in TOGETHER for mention in draft.mentions) or draft.mentions[0].kind != "count":
        return
    doers = [at for at in range(2, len(draft.mentions)) if draft.mentions[at - 1].text.lower() in (*AUXILIARIES, "the", "our", "all")]
    counted = draft.mentions[1].kind == "column" and bool(draft.options(1, "sum"))
    draft.use(*(at for at in doers if counted and draft.mentions[at].kind in ("column", "table") and not draft.options(at, "sum")))


def is_plural(draft: Draft, at: int) -> bool:
    """Whether a word for things stands in the plural."""
    said = draft.mentions[at].text.lower()
    return said != stem(said) or said.endswith("people")


def read_purpose(draft: Draft, at: int) -> None:
    """'Spend on fuel': the column that tells the cost of fuel, where there is one; unknown where nothing tells of such a thing."""
    if at + 2 >= len(draft.mentions) or draft.mentions[at + 1].text.lower() not in FOR:
        return
    thing = draft.mentions[at + 2]
    first = next(iter(draft.options(at + 2)), None) if thing.kind == "column" else None
    if first and (cost := cost_of(draft, at + 2)):
        match = naming(thing, cost.table, cost.column)
        draft.mentions[at + 2] = replace(thing, columns=(match,), values=())
        draft.use(at)
    elif is_unheld(draft, at + 2):
        draft.unknown.append(thing.text)


def cost_of(draft: Draft, at: int) -> Field | None:
    """The one column of numbers whose header says what the thing at a place cost, such as fuel_cost."""
    said = {stem(word) for word in draft.mentions[at].text.lower().split()}
    numbers = (field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_measure(field))
    found = [field for field in numbers if said <= set(draft.catalog.words(field)) and OF_COSTS & set(draft.catalog.words(field))]
    return found[0] if len(found) == 1 else None


AFTER = ("at", "in", "for", "during", "over", "to", "this", "last", "across")


def is_unheld(draft: Draft, at: int, ends: bool = True) -> bool:
    """Whether a place names a thing that nothing in the data answers to."""
    thing = draft.mentions[at]
    nothing = is_unread(draft, draft.mentions, at) and not (thing.columns or thing.values or thing.requests)
    known = (
        thing.value in everyday_words() | common_words()
        or thing.text.lower() in ANYTHING | AUXILIARIES
        or thing.text.lower().endswith(("ing", "ed"))
    )
    after = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
    ended = after is None or after.kind in ("sign", "group", "period", "grain", "range") or after.text.lower() in AFTER
    return nothing and not known and thing.text.islower() and (ended or not ends)
