"""Words of a question that nothing in the data answers to."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import FILLERS, Draft
from analyst.models.builtin.grouping import is_form_of_name
from analyst.models.builtin.made import made_of, years_old
from analyst.models.builtin.mentions import Mention, overlapping
from analyst.models.builtin.plan import fields
from analyst.models.builtin.signed import EARNED, SPENT
from analyst.words.lexicon import concepts_by_phrase, everyday_words
from analyst.words.tokens import is_chinese, stems

FIGURES = frozenset((
    "stock", "profit", "salary", "humidity", "rating", "cost", "discount", "population", "gdp", "attendance", "budget",
    "capacity", "weight", "height", "temperature", "wind", "rain", "age", "tax", "email", "phone", "birth date", "hire date",
    "supplier", "salesperson", "reimbursement", "discharge", "life expectancy", "horsepower", "manager", "brand", "channel",
))  # fmt: skip
"""Concepts that a question cannot do without once it names them."""


FIGURES_ZH = frozenset(("area",))
"""Concepts whose Chinese words mean nothing else, while English has 'size' for many things."""
MOVABLE = ("春节", "中秋", "端午", "清明", "元宵", "七夕", "easter", "ramadan", "thanksgiving", "black friday", "chinese new year")
"""Feasts whose day is another one each year, which no table tells."""
MADE = ("margin", "worth", "basket", "made")
"""Figures that are made of others, which must be there."""


def can_be_made(draft: Draft, mention: Mention) -> bool:
    """Whether the columns are there that a figure is made of."""
    catalog, tables = draft.catalog, draft.all_tables
    if mention.kind == "worth":
        return catalog.worth(tables) is not None
    if mention.kind == "made":
        return made_of(mention.value, catalog, tables) is not None
    if mention.kind == "margin" and not (catalog.named("profit", tables, number=True) or catalog.named("margin", tables, number=True)):
        return False
    return catalog.money(tables) is not None or bool(draft.measures_said)


def is_held(draft: Draft, concept: str, said: str) -> bool:
    """Whether columns hold what a concept names, or what it is made of."""
    made = concept == "profit" and draft.catalog.gain(draft.all_tables) is not None
    made = made or (concept == "age" and years_old(draft) is not None and tells_age(draft))
    held = draft.catalog.named(concept, draft.all_tables)
    if concept == "salary" and stems(said)[-1:] in WAGES:  # what a booking was paid is nobody's wage
        held = [field for field in held if PAY & set(draft.catalog.words(field)) or not field.column.isascii()]
    return made or bool(held)


WAGES = (("wage",), ("salary",), ("remuneration",), ("compensation",))
PAY = frozenset(("salary", "wage", "pay", "compensation", "remuneration", "earning", "income", "rate", "payroll"))


def tells_age(draft: Draft) -> bool:
    """Whether ages were read off dates of birth."""
    return any("birth date" in draft.catalog.concepts(field) for field in fields((tuple(draft.measures), tuple(draft.where))))


def private(draft: Draft) -> str:
    """Words for secrets of people that no column holds: a card that is paid with is no card number."""
    said = stems(draft.text)
    for concept in PRIVATE:
        for phrase, meant in concepts_by_phrase().items():
            if concept in meant and any(said[at : at + len(phrase)] == phrase for at in range(len(said))):
                return "" if draft.catalog.named(concept, draft.all_tables) else (" " if phrase[0].isascii() else "").join(phrase)
    return ""


PRIVATE = ("card number", "password")
"""Concepts that a question names only to ask for them."""


def missing_words(draft: Draft, row: list[Mention]) -> str:
    """The words for a figure or thing that no column holds; empty where all is found."""
    if len(row) == len(draft.mentions):
        row = [now if now.kind in READ and was.kind != now.kind else was for was, now in zip(row, draft.mentions, strict=True)]
    rated = set(draft.placed.values())  # turnover is what a rate was of
    unnamed = (mention for at, mention in enumerate(row) if mention.kind == "money" and at not in rated)
    money = next((mention.text for mention in unnamed if not is_named(mention) and not mention.values), "")
    if (
        money
        and not draft.catalog.money(draft.all_tables)
        and not any(mention.kind == "column" and draft.options(at, "number") for at, mention in enumerate(row))
    ):
        at = next(place for place, mention in enumerate(row) if mention.text == money)
        ranks = any(mention.asks("count") or mention.asks("super") for mention in row) and not (at and row[at - 1].asks("group"))
        return "" if ranks else money
    special = next((mention for mention in row if mention.kind in MADE and not mention.columns and not can_be_made(draft, mention)), None)
    if special is not None:
        return special.text
    if secret := private(draft):
        return secret
    if cost := unheld_cost(draft, row):
        return cost
    if not draft.elapsed and (span := SPAN_SINCE.search(draft.text)) and not any(mention.kind == "column" for mention in row):
        return span["unit"]
    feast = next((name for name in MOVABLE if name in draft.text.lower()), "")
    if feast and not any(feast in mention.text.lower() and mention.kind in ("value", "column") for mention in row):
        return feast
    if head := unknown_head(draft, row):
        return head
    if thing := unknown_which(row):
        return thing
    if rate := unknown_rate(draft, row):
        return rate
    if figure := unknown_figure(draft, row):
        return figure
    for first in range(len(row)):
        for last in range(min(len(row), first + 4), first, -1):
            if all(mention.kind == "word" for mention in row[first:last]):
                if (
                    is_beside_amount(draft, row, first, last)
                    or says_number(draft, row, first, last)
                    or ("signed" in draft.flags and row[first].text.lower() in SPENT | EARNED)
                ):
                    continue
                text = "".join(mention.text if is_chinese(mention.text) else mention.text + " " for mention in row[first:last]).strip()
                found = set(concepts_by_phrase().get(stems(text), ())) & (FIGURES | FIGURES_ZH if is_chinese(text) else FIGURES)
                if found and text.lower() not in FILLERS and not any(is_held(draft, concept, text) for concept in found):
                    return text
    return ""


COSTS = {
    "rent": r"房租|租金|\b(?:the|our|much|in|on) rent\b(?! out)",
    "fuel": r"油费|油钱|加油费|\bfuel (?:costs?|bills?|spend)\b",
    "insurance": r"保险费|保费|\binsurance (?:costs?|premiums?|bills?)\b",
    "shipping fee": r"运费|快递费|配送费|邮费|\b(?:shipping|delivery) (?:costs?|fees?)\b|\bpostage\b",
    "advertising": r"广告费?|推广费|\b(?:advertising|ad) (?:costs?|spend|budget)\b|\bspend on (?:ads|advertising)\b",
    "utilities": r"水电费?|电费|水费|物业费|\b(?:electricity|utility|utilities|water|gas) (?:costs?|bills?)\b|\bon electricity\b",
    "bonus": r"奖金|年终奖|\bbonus(?:es)?\b",
}
"""Costs that no other column of money answers to."""


def unheld_cost(draft: Draft, row: list[Mention]) -> str:
    """A cost of its own kind, such as the rent, which neither a header nor a cell speaks of."""
    for concept, said in COSTS.items():
        found = re.search(said, draft.text, re.IGNORECASE)
        if found is None or draft.catalog.named(concept, draft.all_tables):
            continue
        headers = " ".join(field.column for field in draft.catalog.fields())
        words = found[0].split()[-1] if found[0].isascii() else found[0]
        linked = any(
            mention.kind in ("value", "column", "table") and (mention.values or mention.columns[0].score >= NAMED)
            for at in overlapping(row, found.end() - len(words), found.end())
            for mention in (row[at],)
            if mention.start <= found.end() - len(words)
        )
        if not linked and words.removesuffix("费").lower() not in headers.lower():
            return found[0]
    return ""


SPAN_SINCE = re.compile(
    r"\bhow many (?P<unit>years|months|weeks|days|hours) (?:has|have|had|is it|are there until|since|ago)\b", re.IGNORECASE
)
"""Asks for a length of time, which a count of rows is not."""
READ = ("column", "howmuch", "table")
"""What a word was found to be by the words around it."""


def unknown_head(draft: Draft, row: list[Mention]) -> str:
    """The things whose names or number are asked for, where several tables hold nothing of the kind: 'the names of the curators of'."""
    if draft.language != "en" or len(draft.catalog.schema.tables) < 2:
        return ""
    for at, mention in enumerate(row):
        counts = mention.kind == "count" or mention.text.lower() in ("name", "names")
        head = next((place for place in range(at + 1, len(row)) if row[place].text.lower() not in SKIPPED), None) if counts else None
        if head is None or head + 1 >= len(row) or not is_unread(draft, row, head):
            continue
        said, after = row[head], row[head + 1].text.lower()
        known = bool(said.columns or said.values or said.requests) or said.value in everyday_words() or said.text.lower() in ANYTHING
        known = known or is_form_of_name(draft, said.text)
        if not known and said.text.islower() and said.text.endswith("s") and after in AFTER_HEAD:
            return said.text
    return ""


THINGS = frozenset((
    "customer", "product", "employee", "salesperson", "supplier", "department", "store", "student", "teacher", "patient", "doctor",
    "driver",
    "vehicle", "brand", "city", "country", "author", "director", "singer", "player", "warehouse", "tenant", "donor", "company",
))  # fmt: skip
"""Concepts of things that a question asks for by name."""
WHICH_ZH = ("哪个", "哪位", "哪家", "哪些", "哪名", "哪款", "哪种", "哪几个", "哪几位", "哪几家")


def unknown_which(row: list[Mention]) -> str:
    """The kind of thing after 'which' that nothing in the data answers to: 'which customer', 哪个客户."""
    for at, mention in enumerate(row):
        if not mention.asks("which") or mention.kind not in ("which", "list") or at + 1 >= len(row):
            continue
        if mention.text.lower() in ("which", "what") and row[at + 1].kind == "word" and not row[at + 1].columns:
            said = row[at + 1].text
            return said if THINGS & set(concepts_by_phrase().get(stems(said), ())) else ""
        if mention.text in WHICH_ZH:
            run = [other.text for other in row[at + 1 : at + 1 + LONGEST_ZH]]
            plain = next((end for end in range(len(run)) if row[at + 1 + end].kind != "word"), len(run))
            named = ("".join(run[:end]) for end in range(plain, 1, -1))
            return next((said for said in named if THINGS & set(concepts_by_phrase().get(stems(said), ()))), "")
    return ""


LONGEST_ZH = 4  # characters of a Chinese word for a kind of thing
SKIPPED = ("of", "the", "all", "different", "distinct", "and", "their")
AFTER_HEAD = ("of", "who", "that", "which", "in", "at", "for", "from", "are", "were", "do", "did", "have", "work", "with", "on", "whose")
ANYTHING = frozenset((
    "things", "items", "ones", "times", "kinds", "types", "sorts", "ways", "years", "months", "days", "weeks", "hours", "rows", "records",
    "entries", "cases", "units", "pieces", "persons", "individuals", "options", "values", "instances", "members", "places", "others",
))  # fmt: skip
"""Words for things of any kind."""


def unknown_figure(draft: Draft, row: list[Mention]) -> str:
    """A Chinese word right after an aggregate that nothing answers to, where no other figure is named: 平均时效."""
    numbers = any(mention.kind == "money" or (mention.kind == "column" and draft.options(at, "number")) for at, mention in enumerate(row))
    if draft.language != "zh" or numbers or any(mention.asks("count") or mention.asks("made") for mention in row):
        return ""
    for at, mention in enumerate(row):
        if mention.kind != "agg" or not mention.text.endswith(("平均", "总")):
            continue
        end = at + 1
        while end < len(row) and row[end].kind == "word" and end not in draft.used and row[end].text not in PARTICLES:
            end += 1
        said = draft.text[mention.end : row[end - 1].end] if end > at + 1 else ""
        if len(said) == FIGURE_LENGTH and is_chinese(said) and end == len(row):
            return said
    return ""


PARTICLES = frozenset("的是为有了多少几呢吗各每")
FIGURE_LENGTH = 2  # characters of a Chinese word for a figure


def is_named(mention: Mention) -> bool:
    """Whether words of money are fairly those of a header."""
    return any(match.score >= FAIRLY for match in mention.columns)


FAIRLY = 0.5  # of a link with a header


def is_beside_amount(draft: Draft, row: list[Mention], first: int, last: int) -> bool:
    """Whether 'cost' only says once more what the column before it holds: the salary cost."""
    return (
        last - first == 1
        and first > 0
        and row[first].text.lower() in ("cost", "costs", "bill", "amount")
        and (row[first - 1].kind == "column" and bool(draft.options(first - 1, "number")))
    )


def says_number(draft: Draft, row: list[Mention], first: int, last: int) -> bool:
    """Whether words only say that a column of numbers is meant, as 'score' does beside a column of math."""
    if last - first > 1 or not set(stems(row[first].text)) <= NUMBERS:
        return False
    named = [at for at, mention in enumerate(row) if mention.kind == "column" and mention.columns[0].score >= NAMED]
    return any(draft.options(at, "number") for at in named)


NUMBERS = frozenset(("score", "mark", "grade", "point", "result", "value", "reading", "level", "rating"))
NAMED = 0.8  # of a link with a header, from where on its column is what was said


def unknown_rate(draft: Draft, row: list[Mention]) -> str:
    """A Chinese rate of something that no cell or column tells, such as 离职率 where nobody's leaving is held."""
    for at, mention in enumerate(row):
        if mention.text.lower() == "rate" and mention.kind == "share" and at and is_unread(draft, row, at - 1):
            return f"{row[at - 1].text} {mention.text}"
        if mention.text != "率" or mention.columns or not at or row[at - 1].kind != "word" or not is_chinese(row[at - 1].text):
            continue
        first = at - 1
        while first and at - first < RATE_LENGTH and row[first - 1].kind == "word" and row[first - 1].text not in FILLERS:
            first -= 1
        if row[first].text not in FILLERS:
            return draft.text[row[first].start : mention.end]
    return ""


def is_unread(draft: Draft, row: list[Mention], at: int) -> bool:
    """Whether an English word at a place says something that nothing in the data answers to."""
    said = row[at]
    return said.kind == "word" and said.text.isalpha() and said.text.lower() not in FILLERS and not draft.is_filler(at)


RATE_LENGTH = 2  # characters before 率 that name what it is a rate of
