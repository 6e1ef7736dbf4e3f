"""What the built-in model says where it has no query: that the tables do not hold it, or what it did not find in them."""

from __future__ import annotations

from difflib import get_close_matches

from analyst.mentions import Mention, NumberMention, PeriodMention
from analyst.terms import Bilingual, Prompt, Refusal

NEAREST = 3
SHOWN = 6


def declined(prompt: Prompt) -> Refusal:
    """The tables do not hold an answer."""
    names = ", ".join(_headers(prompt)[:SHOWN])
    return Refusal(
        Bilingual(
            f"The tables hold nothing that answers this. They tell of {names}; name one of these, or say it in other words.",
            f"现有的表中没有可以回答这个问题的内容。表里有：{names}。请提到其中的内容，或换一种说法。",
        ).in_language(prompt.question.language)
    )


def not_found(left: tuple[Mention, ...], prompt: Prompt) -> Refusal:
    """A name, number or period of the question that no reading could place."""
    first = left[0]
    words = prompt.question.text[first.start : first.end]
    if isinstance(first, NumberMention):
        message = Bilingual(f"What does {words} stand for? Name the column that it belongs to.", f"“{words}”指的是什么？请说出它所属的列。")
    elif isinstance(first, PeriodMention):
        message = Bilingual(
            f"I could not tell which date “{words}” is about. Name the column of dates.", f"不确定“{words}”指哪个日期，请说出日期列。"
        )
    else:
        message = _no_such_value(words, prompt)
    return Refusal(message.in_language(prompt.question.language))


def _no_such_value(words: str, prompt: Prompt) -> Bilingual:
    near = get_close_matches(words, _cells(prompt), NEAREST, 0.5)
    if near:
        names = ", ".join(near)
        return Bilingual(f"No cell is called “{words}”. The nearest are: {names}.", f"数据中没有“{words}”，最接近的有：{names}。")
    return Bilingual(f"No cell is called “{words}”. Check how the data spell it.", f"数据中没有“{words}”，请看看数据里是怎么写的。")


def _headers(prompt: Prompt) -> list[str]:
    return [column.name for table in prompt.schema.tables for column in table.columns if column.role != "identifier"]


def _cells(prompt: Prompt) -> list[str]:
    """Cells that are known without a query."""
    frequent = [value for table in prompt.schema.tables for column in table.columns for value, _ in column.frequent]
    return list(dict.fromkeys(value for value in frequent if isinstance(value, str)))
