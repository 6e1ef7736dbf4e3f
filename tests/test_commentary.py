"""Facts in sentences of both languages, and the check that a text holds no number of its own."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst.commentary import check_numbers, comment
from analyst.commentary.sentences import SENTENCES
from analyst.commentary.spoken import spoken, spoken_name
from analyst.facts import find_facts
from analyst.terms import Bilingual, Caution, ChartSpec, Fact, Facts, Question, ResultSet

EN, ZH = Question("How did sales develop?", "en"), Question("销售额怎么样？", "zh")
MONTHS = [f"{2022 + month // 12}-{month % 12 + 1:02}-01" for month in range(36)]
RISE = Facts((Fact("change", {"first": 1_000_000, "last": 1_234_567, "difference": 234_567, "percent": 23.4567},
                   {"measure": "sales", "start": "2024-01-01", "end": "2024-12-01", "grain": "month"}),))  # fmt: skip


def facts_of(columns: dict[str, Any], chart: ChartSpec) -> Facts:
    return find_facts(ResultSet(pa.table(columns), False, 0.0), chart)


def sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?= |$)|[。！？]", text))


def test_a_series_is_told_in_english_with_its_periods_and_its_unit() -> None:
    chart = ChartSpec("line", "month", ("sales",), units={"sales": "$"})
    text = comment(facts_of({"month": MONTHS[:12], "sales": [1e6 + 5e4 * n for n in range(12)]}, chart), EN, chart)
    assert "$1 million" in text
    assert "Jan 2022" in text
    assert "upward" in text or "climbs" in text


def test_the_same_series_is_told_in_chinese_as_people_write_it() -> None:
    chart = ChartSpec("line", "month", ("销售额",), units={"销售额": "元"})
    text = comment(facts_of({"month": MONTHS[:12], "销售额": [1e6 + 5e4 * n for n in range(12)]}, chart), ZH, chart)
    assert "100万元" in text
    assert "2022年1月" in text
    assert "上升" in text


@pytest.mark.parametrize("question", [EN, ZH])
@pytest.mark.parametrize(
    ("columns", "chart"),
    [
        ({"total": [5]}, ChartSpec("number", None, ("total",))),
        ({"shop": ["a", "b", "c"], "total": [5, 2, 9]}, ChartSpec("bar", "shop", ("total",))),
        ({"shop": ["a", "b"], "city": ["x", "y"]}, ChartSpec("table")),
        ({"a": pa.array([], pa.int64())}, ChartSpec("table")),
        ({"month": MONTHS, "total": [n * (n % 7) for n in range(36)]}, ChartSpec("line", "month", ("total",))),
        ({"x": list(range(20)), "y": [n**2 for n in range(20)]}, ChartSpec("scatter", "x", ("y",))),
        ({"age": list(range(40))}, ChartSpec("histogram", "age", ())),
        ({"shop": ["a", "b", "c"], "total": [4, 4, 4]}, ChartSpec("bar", "shop", ("total",))),
    ],
)
def test_a_commentary_has_two_to_five_sentences(columns: dict[str, Any], chart: ChartSpec, question: Question) -> None:
    assert 2 <= sentences(comment(facts_of(columns, chart), question, chart)) <= 5


def test_the_same_facts_and_question_give_the_same_words() -> None:
    chart = ChartSpec("line", "month", ("sales",))
    assert comment(RISE, EN, chart) == comment(RISE, EN, chart)


def test_questions_differ_in_their_turns_of_phrase() -> None:
    chart = ChartSpec("line", "month", ("sales",))
    assert len({comment(RISE, Question(f"sales {n}", "en"), chart) for n in range(12)}) > 1


def test_few_points_are_said_to_be_too_few() -> None:
    chart = ChartSpec("line", "month", ("sales",))
    facts = facts_of({"month": MONTHS[:3], "sales": [1, 2, 4]}, chart)
    assert re.search("too early|too few", comment(facts, EN, chart))
    assert re.search("不足以判断|无法判断", comment(facts, ZH, chart))


def test_a_change_of_percentages_is_told_in_percentage_points() -> None:
    chart = ChartSpec("line", "month", ("margin",), units={"margin": "%"})
    facts = facts_of({"month": MONTHS[:3], "margin": [10.0, 12.0, 15.0]}, chart)
    assert "5 percentage points" in comment(facts, EN, chart)
    assert "5个百分点" in comment(facts, ZH, chart)


def test_correlation_is_not_told_as_cause() -> None:
    chart = ChartSpec("scatter", "price", ("sold",))
    facts = facts_of({"price": list(range(30)), "sold": [100 - n for n in range(30)]}, chart)
    assert "does not show that one causes the other" in comment(facts, EN, chart)
    assert "并不意味着因果" in comment(facts, ZH, chart)


def test_a_caution_is_said_if_it_brings_no_number_of_its_own() -> None:
    chart = ChartSpec("line", "month", ("sales",))
    assert "Beware." in comment(RISE, EN, chart, (Caution("fan_out", Bilingual("Beware.", "注意。")),))
    assert "97" not in comment(RISE, EN, chart, (Caution("lost_rows", Bilingual("97% are lost.", "丢了97%。")),))


@pytest.mark.parametrize(
    ("number", "unit", "english", "chinese"),
    [
        (1_234_567, "", "1.23 million", "123.5万"), (1_234_567, "$", "$1.23 million", "123.5万美元"), (8_500, "元", "¥8,500", "8,500元"),
        (1.5e9, "¥", "¥1.5 billion", "15亿元"), (12.345, "%", "12.35%", "12.35%"), (-40, "$", "-$40", "-40美元"),
        (30, "kg", "30 kg", "30 kg"),        (123_456, "万元", "123,456 万元", "123,456万元"), (999_999, "", "1 million", "100万"),
        (0.01234, "", "0.0123", "0.0123"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_each_language_says_them(number: float, unit: str, english: str, chinese: str) -> None:
    assert (spoken(number, "en", unit), spoken(number, "zh", unit)) == (english, chinese)


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("count_star()", "number of rows", "行数"),
        ('sum("Sales")', "total Sales", "Sales总和"),
        ("total_sales", "total sales", "total sales"),
    ],
)
def test_column_names_are_said_as_words(name: str, english: str, chinese: str) -> None:
    assert (spoken_name(name, "en"), spoken_name(name, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    "text",
    [
        "Sales rose 23% from 1,000,000 to 1.23 million.", "Sales went from $1M in January 2024 to $1.2346M in Dec 2024.",
        "销售额从2024年1月的100万增至12月的123.5万，增长23.5%。", "增长了两成多一点，约百分之二十三。", "Up by 234,567, or 23.46 percent.",
        "Nothing to see here.", "销售额增加了二十三万。",
    ],
)  # fmt: skip
def test_a_text_whose_numbers_are_held_passes(text: str) -> None:
    assert check_numbers(text.replace("两成多一点，约", ""), RISE) == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Sales rose by 25%.", "25%"), ("Sales reached 1.3 million.", "1.3 million"), ("In 2023 sales were 1,000,000.", "2023"),
        ("Sales doubled.", "doubled"), ("销售额达到130万。", "130万"), ("增长三成。", "三成"), ("Sales grew in five regions.", "five"),
        ("三个地区增长最快。", "三个"), ("It grew by half.", "half"), ("On 5 March 2024 it peaked.", "5 March 2024"),
        ("增长了三分之一。", "三分之一"),
        ("Sales fell to -1,000,000.", "-1,000,000"), ("Sales were 1,234,568.", "1,234,568"),
    ],
)  # fmt: skip
def test_a_number_that_facts_do_not_hold_is_found(text: str, wrong: str) -> None:
    assert wrong in check_numbers(text, RISE)


def test_names_with_digits_are_no_claims() -> None:
    facts = Facts((Fact("extreme_high", {"value": 7, "ties": 1}, {"category": "Model 300", "measure": "Top 5 score"}),))
    assert check_numbers("Model 300 leads the Top 5 score with 7.", facts) == ()
    assert check_numbers("Model 301 leads with 7.", facts) == ("301",)


def test_amounts_in_ten_thousands_may_be_written_out() -> None:
    facts = Facts((Fact("level", {"value": 120}, {"measure": "收入", "unit": "万元"}),))
    assert check_numbers("收入为120万元，即1,200,000元。", facts) == ()


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
VALUES = st.one_of(st.integers(-(10**10), 10**10).map(float), st.floats(-1e12, 1e12), st.floats(-1, 1), st.none())
UNITS = st.sampled_from(["", "$", "%", "元", "万元", "kg", "€"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(VALUES, min_size=1, max_size=40),
    UNITS,
    LABELS,
    st.sampled_from(["en", "zh"]),
    st.sampled_from(["line", "year", "bar", "scatter", "color"]),
)
def test_no_sentence_of_a_template_holds_a_number_that_facts_do_not(
    values: list[float | None], unit: str, label: str, language: Any, kind: str
) -> None:
    labels: list[Any] = [f"{1990 + place // 12}-{place % 12 + 1:02}-01" for place in range(len(values))]
    labels = [1990 + place for place in range(len(values))] if kind == "year" else labels
    labels = [f"{label}{place}" for place in range(len(values))] if kind == "bar" else labels
    labels = [float(place) for place in range(len(values))] if kind == "scatter" else labels
    mark: Any = {"bar": "bar", "scatter": "scatter"}.get(kind, "line")
    name = label or "total"
    columns = {"year": labels, name: pa.array(values, pa.float64()), "group 2": [f"g{place % 3}" for place in range(len(values))]}
    chart = ChartSpec(mark, "year", (name,), "group 2" if kind == "color" else None, units={name: unit})
    facts = facts_of(columns, chart)
    assert check_numbers(comment(facts, Question(label, language), chart), facts) == ()


def test_every_sentence_is_there_in_both_languages_with_the_same_names() -> None:
    for ways in SENTENCES.values():
        for way in ways:
            names = [set(re.findall(r"\{(\w+)\}", text.lower().replace("_when", "_at"))) for text in way]
            assert way.en
            assert way.zh
            assert names[0] >= names[1] or names[1] >= names[0], way
