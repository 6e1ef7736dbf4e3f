"""When not to answer: requests to change data, chatter, secrets, forecasts, and what the data does not hold."""

from __future__ import annotations

import re
from functools import lru_cache

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.mentions import Mention
from analyst.terms import Bilingual, Choice, Language, Prompt, Refusal
from analyst.words.lexicon import rows

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
        if not found or (reason in ("secret", "future", "outside", "offtopic") and answered_by_column(row, found.start(), found.end())):
            continue
        return refusal(REASONS[reason], prompt.question.language, catalog)
    return None


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


def out_of_range(column: str, prompt: Prompt, catalog: Catalog) -> Refusal:
    """A refusal for a period that the data does not reach."""
    return refusal(Bilingual(OUT_OF_RANGE.en.format(column), OUT_OF_RANGE.zh.format(column)), prompt.question.language, catalog)


def refusal(why: Bilingual, language: Language, catalog: Catalog) -> Refusal:
    """Why, and what could be asked instead."""
    suggestions = tuple(Choice(question, question) for question in examples(catalog, language))
    return Refusal(why.in_language(language) + (CAN_ASK.in_language(language) if suggestions else ""), suggestions)


def examples(catalog: Catalog, language: Language) -> list[str]:
    """Questions that these tables can answer."""
    found: list[str] = []
    for table in catalog.schema.tables[:2]:
        fields = catalog.fields(table.name)
        measures = [field for field in fields if catalog.is_measure(field) and not catalog.is_key(field)]
        groups = [
            field
            for field in fields
            if catalog.column(field).role == "dimension" and 1 < catalog.column(field).distinct <= 30 and not catalog.is_number(field)
        ]
        dates = [field for field in catalog.dates(table.name) if catalog.is_date(field)]
        zh = language == "zh"
        if measures and groups:
            word = ("总" if zh else "total") if catalog.adds_up(measures[0]) else ("平均" if zh else "average")
            found.append(
                f"各{groups[0].column}的{word}{measures[0].column}" if zh else f"{word} {measures[0].column} by {groups[0].column}"
            )
        elif groups:
            found.append(f"各{groups[0].column}有多少条记录" if zh else f"number of rows by {groups[0].column}")
        if dates and measures:
            found.append(f"每月{measures[0].column}走势" if zh else f"{measures[0].column} by month")
    return found[:3]
