"""When not to answer: requests to change data, chatter, secrets, what will be, and what the data does not hold."""

from __future__ import annotations

import re
from functools import lru_cache

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Field
from analyst.suggestions import suggest
from analyst.terms import Bilingual, Language, Prompt, Refusal
from analyst.words.lexicon import rows

SUGGESTED = 3  # questions beside a refusal
NOT_READ = Bilingual("I could not tell which table and column this is about.", "无法判断这个问题说的是哪张表、哪一列。")

CAN_ASK = Bilingual(" You could ask, for example:", "您可以这样问：")
REASONS: dict[str, Bilingual] = {
    "change": Bilingual("I only read the data; I cannot change or delete anything in it.", "我只能读取数据，不能修改或删除任何内容。"),
    "greeting": Bilingual("Hello! Ask me anything about your tables.", "您好！您可以就已有的数据表提问。"),
    "about": Bilingual(
        "I turn questions about your tables into queries, charts and a short comment.", "我把关于数据表的问题变成查询、图表和简短说明。"
    ),
    "secret": Bilingual("I only answer questions about your tables.", "我只回答关于数据表的问题。"),
    "offtopic": Bilingual("That is not a question about your data, so I cannot answer it.", "这不是关于您数据的问题，我无法回答。"),
    "outside": Bilingual(
        "The tables hold figures, not explanations, so they cannot answer this.", "数据表里只有数据，没有这类说明，无法回答。"
    ),
    "advice": Bilingual("I can show what the data says, but I cannot advise what to do.", "我可以展示数据，但不能给出决策建议。"),
    "runs": Bilingual(
        "I cannot yet find days or months that follow one another without a gap. Ask for the figure day by day to see them.",
        "目前还不能找出连续的天数或月数。可以逐日查看这个数字。",
    ),
    "future": Bilingual("The data ends in the past; it cannot say what will be.", "数据只到过去为止，无法回答未来的情况。"),
}
NOT_HELD = Bilingual("The data holds nothing about {}.", "数据中没有关于{}的内容。")
OUT_OF_RANGE = Bilingual("The data in {} does not reach that period.", "{}中的数据不包含这个时间段。")


@lru_cache(maxsize=1)
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Reasons with what gives them away."""
    return tuple((fields[0], re.compile(fields[1])) for fields in rows("declining.tsv"))


def declined(prompt: Prompt, row: list[Mention], catalog: Catalog) -> Refusal | None:
    """A refusal where the words of the question alone call for one."""
    text = prompt.question.text.strip().lower()
    for reason, pattern in patterns():
        found = pattern.search(text)
        if not found or (
            reason in ("secret", "future", "outside", "offtopic", "runs") and answered_by_column(row, found.start(), found.end())
        ):
            continue
        if reason == "future" and has_past(row, catalog):
            continue
        return refusal(REASONS[reason], prompt.question.language, catalog)
    return None


def has_past(row: list[Mention], catalog: Catalog) -> bool:
    """Whether the past of a figure that is named can be shown, from which its trend is seen."""
    dated = any(catalog.is_date(field) for field in catalog.fields())
    money = any(mention.kind == "money" for mention in row) and catalog.money([table.name for table in catalog.schema.tables])
    named = any(
        mention.kind == "column" and match.column and match.score >= 0.7 and catalog.is_measure(Field(match.table, match.column))
        for mention in row
        for match in mention.columns[:2]
    )
    return dated and bool(money or named)


def answered_by_column(row: list[Mention], start: int, end: int) -> bool:
    """Whether the words that look wrong name a column or a cell."""
    return any(
        mention.start < end and mention.end > start and (
            any(match.score >= 0.8 and match.column for match in mention.columns) or any(value.score >= 0.95 for value in mention.values)
        )
        for mention in row if mention.kind in ("column", "value")
    )  # fmt: skip


def not_held(what: str, prompt: Prompt, catalog: Catalog) -> Refusal:
    """A refusal that names what is missing."""
    return refusal(Bilingual(NOT_HELD.en.format(f"“{what}”"), NOT_HELD.zh.format(f"“{what}”")), prompt.question.language, catalog)


def not_read(prompt: Prompt, catalog: Catalog) -> Refusal:
    """A refusal for a question of which no query could be made."""
    return refusal(NOT_READ, prompt.question.language, catalog)


def out_of_range(column: str, prompt: Prompt, catalog: Catalog) -> Refusal:
    """A refusal for a period that the data does not reach."""
    return refusal(Bilingual(OUT_OF_RANGE.en.format(column), OUT_OF_RANGE.zh.format(column)), prompt.question.language, catalog)


def refusal(why: Bilingual, language: Language, catalog: Catalog) -> Refusal:
    """Why, and what could be asked instead."""
    suggestions = suggest(catalog.schema, language, SUGGESTED)
    return Refusal(why.in_language(language) + (CAN_ASK.in_language(language) if suggestions else ""), suggestions)
