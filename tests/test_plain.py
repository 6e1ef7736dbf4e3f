"""Words of data and of models are shown as they are, on the page, in charts and in the terminal, and nothing is made of them."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import get_args

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst.draw import draw, terminal_chart
from analyst.terms import ChartSpec, Mark, ResultSet
from analyst.ui.markdown import JOINER, escape, escape_lines
from analyst.writing.plain import spelled, visible
from analyst.writing.terminal import terminal_table

NASTY = [
    "<img src=x onerror=alert(1)>", "[x](http://evil.example)", "http://evil.example/a", "www.evil.example", "me@evil.example", "&copy;",
    "&#60;b&#62;", "$latex$", "$$", ":material/home:", ":smile:", ":red[x]", "![x](http://evil.example/x.png)", "<b>", '<a href="x">y</a>',

    "\u202e", "\u2066", "\x1b[31m", "\x07", "\u200b", "`x`", "# x", "- x", "1. x", "a|b", "~~x~~", "**x**", "\\", "->", "%{x}", "a", " ",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join), st.text(min_size=1, max_size=20))
UNSEEN = {"Cc", "Cf", "Cs"}
OWN_TAGS = re.compile(r"</?b>|<br>|<span style=\"font-size:\d+px\">|</span>|<extra></extra>")


def unseen(text: str) -> set[str]:
    return {one for one in text if unicodedata.category(one) in UNSEEN} - set("\n\t\u200c\u200d" + JOINER)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_markdown_holds_no_sign_that_means_something_without_a_backslash(text: str) -> None:
    written = escape(text)
    assert not re.search(r"(?<!\\)[`*_{}\[\]<>#|~$:&!]", written.replace("\\\\", ""))
    assert not re.search(r"(?i)www\.|://|[\w.+-]@|:[\w+/-]+:", written.replace("\\\\", " ").replace("\\", ""))
    assert not re.match(r"\s*([-+=]|\d+[.)]|\s{4})", written)
    assert not unseen(written)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_markdown_without_its_backslashes_is_the_text(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape(text)).replace(JOINER, "")
    assert shown == " ".join(visible(text).split())


def test_lines_stay_lines() -> None:
    assert escape_lines("a\nb\n\n- c") == "a  \nb\n\n\\- c"


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_the_terminal_is_not_steered(text: str) -> None:
    result = ResultSet(pa.table({text: [text, "b"], "n": [1, 2]}), False, 0.0)
    spec = ChartSpec("bar", x=text, y=("n",), title=text)
    assert not unseen(terminal_table(result, 5, "en") + terminal_chart(spec, result, "en"))
    assert not unseen(visible(text))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=20))
def test_json_for_a_terminal_holds_the_same_values_and_steers_nothing(text: str) -> None:
    written = spelled(json.dumps({"a": text}, ensure_ascii=False))
    assert not unseen(written)
    assert json.loads(written) == {"a": text}


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("mark", [mark for mark in get_args(Mark) if mark != "table"])
@settings(deadline=None, max_examples=60)
@given(texts=st.lists(TEXTS, min_size=2, max_size=3, unique=True))
def test_a_chart_holds_no_markup_of_names_or_cells(mark: Mark, texts: list[str]) -> None:
    rows = range(4)
    columns = {"x": [texts[row % 2] for row in rows], texts[0] + "n": [1.0, 4.0, 2.0, 8.0], texts[1] + "c": [texts[-1], "b", texts[0], "d"]}
    result = ResultSet(pa.table(columns), False, 0.0)
    measure, color = list(columns)[1:]
    spec = ChartSpec(mark, x=measure if mark in ("histogram", "scatter") else "x", y=(measure,), color=color, title=texts[0])
    figure = draw(spec, result, "en")
    assert figure is not None
    for text in strings(json.loads(figure.to_json())):
        assert "<" not in OWN_TAGS.sub("", text)
        assert not unseen(text)
        assert html.unescape(OWN_TAGS.sub("", text)).count("&") <= text.count("&")
