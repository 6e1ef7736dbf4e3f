"""Shares, growth, running totals, moving averages, correlations, bins, and comparisons of two values or periods."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.bands import banded
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.figures import aggregated_plan, two_periods
from analyst.models.builtin.movement import averaged_per, by_period, change_within, growth, running, trend
from analyst.models.builtin.plan import Field, Grain, Plan, aggregated, fields
from analyst.models.builtin.proportions import (
    averages_each,
    between_values,
    compared,
    correlation,
    histogram,
    numbered,
    per_figure,
    per_thing,
    weighted,
)
from analyst.models.builtin.shares import share
from analyst.models.builtin.standing import RATES, TURNOVER, may_happen, note_rate, only_end

KINDS = (
    "share", "growth", "cumulative", "moving", "corr", "hist", "compare", "diff", "ratio", "trend", "distinct", "weighted",
    "rank", "skipblank", "all", "moved", "both",
)  # fmt: skip
MORE_BY = re.compile(
    r"(?<![同环占对相])比.{1,16}?(多|少|高|低|大|小|贵|便宜|长|短|重|轻|提高|提升|增加|增长|上升|下降|减少|降低)[一-鿿]{0,2}(?:多少|几[个条单人天次件元])"
)
"""'A比B多多少', '六月比五月多花了多少': the one less the other."""
LESS = ("少", "低", "小", "便宜", "短", "轻", "下降", "减少", "降低")

UNITS_ZH = {"周": "week", "月": "month", "个月": "month", "年": "year", "季": "quarter"}


INFORMATION = ("information", "info", "detail", "details", "信息", "资料")


def read_specials(draft: Draft) -> None:
    """Note requests that change the whole shape of the answer."""
    if GOES_WITH.search(draft.text):
        draft.flags["corr"] = "goes with"
    for at, mention in enumerate(draft.mentions):
        for kind in KINDS:
            value = mention.asks(kind)
            rate = kind == "share" and mention.text.lower() in RATES and is_rate_of_rows(draft, at)
            if value is None or (mention.kind in ("column", "table", "value", "period") and not rate) or at in draft.used:
                continue
            if kind == "share" and mention.text.lower() in PERCENT and at and draft.mentions[at - 1].kind == "number":
                draft.use(at)  # 'above 15 percent' is a number
                continue
            if kind == "trend" and mention.kind not in ("trend",):
                continue
            if kind == "share" and mention.text.lower() in RATES and not rate:
                continue
            if kind == "ratio" and mention.text.lower() == "how many times" and not compared_after(draft, at):
                continue
            if kind == "all" and mention.text.lower() in INFORMATION and at and column_just_before(draft, at):
                draft.use(at)
                continue
            if rate and draft.mentions[at - 1].kind == "column":
                draft.mentions[at] = replace(mention, kind="share", columns=())
                note_rate(draft, at - 1)
            name = {"skipblank": "skip blank", "all": "everything"}.get(kind, kind)
            if draft.flags.get(name) == "prev":  # growth alone is against the row before; year over year says more
                draft.flags[name] = value
            draft.flags.setdefault(name, value)
            draft.flags.setdefault(f"{name} at", str(at))
            if kind not in ("distinct", "moved", "rank", "hist", "both"):
                draft.use(at)
            if kind == "cumulative" and is_total(draft, at):
                draft.flags.pop("cumulative")
                continue
            if kind == "moving":
                steps_of(draft, at)
            if kind == "hist":
                bin_width(draft, at)
            break
    if draft.language == "zh" and (found := MORE_BY.search(draft.text)):
        draft.flags.setdefault("diff", "less" if found[1] in LESS else "minus")


def is_total(draft: Draft, at: int) -> bool:
    """Whether 'in total so far' and 累计 mean a plain sum: nothing goes along time, and an end or a bound of sums is asked for."""
    along = any(
        mention.kind in ("grain", "trend", "whenmonth") or mention.text.lower() in ("over time", "running") for mention in draft.mentions
    )
    ends = any(mention.asks("super") or mention.asks("cmp") or mention.asks("tail") for mention in draft.mentions[at:])
    plainly = draft.mentions[at].text.lower() in ("so far", "to date") and any(mention.asks("agg") for mention in draft.mentions)
    return not along and (ends or plainly)


def compared_after(draft: Draft, at: int) -> bool:
    """Whether 'how many times' goes on with a comparison, as in 'how many times higher', rather than counting."""
    said = {word for mention in draft.mentions[at + 1 : at + 5] for word in mention.text.lower().split()}
    return "as" in said or "than" in said or any(word.endswith("er") and len(word) > ER for word in said) or "more" in said


ER = 4  # letters of a comparative such as 'higher'
PERCENT = ("percent", "per cent", "%", "％")
GOES_WITH = re.compile(
    r"^(?:do|does|did|is it true that)\b.*\b(?:higher|larger|bigger|more|longer|older|greater|lower|cheaper)\b.*"
    r"\b(?:mean|means|lead to|leads to|come with|comes with|go with|goes with|imply|bring|get|have)\b.*"
    r"\b(?:higher|larger|bigger|more|longer|greater|lower|less|fewer|better|worse|cheaper)\b",
    re.IGNORECASE,
)
"""'Do higher discounts mean larger orders?' asks how two numbers go together."""


def is_rate_of_rows(draft: Draft, at: int) -> bool:
    """Whether 'rate' follows a state that rows can be in, as in 'cancellation rate' and '取消率', and not a column of rates."""
    before = draft.mentions[at - 1] if at else None
    if before is not None and (before.kind == "state" or (before.text.lower() in TURNOVER and only_end(draft))):
        return True
    if before is None or before.kind not in ("value", "column"):
        return False
    if before.kind == "value":
        return before.values[0].score >= STATE
    match = before.columns[0]
    flag = bool(match.column) and match.score >= STATE and draft.catalog.is_flag(Field(match.table, match.column))
    return flag or may_happen(draft, at - 1) is not None


STATE = 0.6  # of a link with the state of a row


def column_just_before(draft: Draft, at: int) -> bool:
    """Whether 'information' at a place is that of one column, as in '性别信息', rather than all of a row."""
    before = draft.mentions[at - 1]
    return before.kind == "column" and before.end + 1 >= draft.mentions[at].start


def steps_of(draft: Draft, at: int) -> None:
    """The number of rows of a moving average: '20 day', '7日'."""
    for place in range(at - 1, max(-1, at - 5), -1):
        mention = draft.mentions[place]
        if mention.number or (mention.period and mention.period.kind == "last"):
            unit = next((other.value for other in draft.mentions[place:at] if other.value in ("week", "month", "quarter", "year")), "")
            unit = unit or next((UNITS_ZH[other.text] for other in draft.mentions[place:at] if other.text in UNITS_ZH), "")
            if unit or (mention.period and mention.period.unit in ("week", "month", "quarter", "year")):
                draft.flags["steps unit"] = unit or (mention.period.unit if mention.period else "")
            draft.flags["steps"] = str(int(mention.number or (mention.period.count if mention.period else 0)))
            draft.use(*range(place, at))
            return


def bin_width(draft: Draft, at: int) -> None:
    """The width of bins: '按10美元一档', 'in buckets of 10'."""
    for place in range(max(0, at - 4), min(len(draft.mentions), at + 4)):
        if draft.mentions[place].kind == "number" and place not in draft.used:
            draft.flags["width"] = str(draft.mentions[place].number)
            draft.flags["hist"] = "bins"
            draft.use(at, place)
            return
    draft.use(at)


def apply_specials(draft: Draft, plan: Plan) -> Plan:
    """The plan in the shape that was asked for."""
    flags = draft.flags
    if draft.mark == "box" and plan.group:
        spread = list(fields(tuple(output for output in plan.select if aggregated(output))))
        if spread:
            return Plan((*plan.group, spread[0]), plan.where)
    if "corr" in flags and (shaped := correlation(draft, plan)):
        return shaped
    if not plan.top_each and (shaped := banded(draft)):
        return shaped
    if "hist" in flags and (shaped := histogram(draft, plan)):
        return shaped
    if "moving" in flags or "cumulative" in flags:
        return running(draft, plan)
    if "weighted" in flags and (shaped := weighted(draft, plan)):
        return shaped
    if ("growth" in flags or "moved" in flags) and (shaped := change_within(draft, plan)):
        return shaped
    if ("growth" in flags or ("moved" in flags and two_periods(draft))) and (shaped := growth(draft, plan)):
        return shaped
    if "share" in flags and any(mention.text.lower().startswith("proportion") for mention in draft.mentions) and not draft.value_tests:
        draft.mark = draft.mark or "pie"
    if (
        "share" in flags
        and draft.mark == "pie"
        and not any(mention.text.lower().startswith(("percent", "%", "占", "share of total")) for mention in draft.mentions)
    ):
        return plan
    if "share" in flags and (shaped := share(draft, plan)):
        return shaped
    if ("diff" in flags or "ratio" in flags) and (shaped := between_values(draft, plan)):
        return shaped
    if "compared" in flags and not plan.top_each and not plan.limit:
        plan = compared(draft, plan)
    if "periods" in flags and aggregated_plan(plan):
        plan = by_period(draft, plan)
    if "per" in flags and (shaped := per_figure(draft, plan)):
        return shaped
    if "rank" in flags and not plan.limit and not plan.top_each and (shaped := numbered(draft, plan)):
        return shaped
    if averages_each(draft) and (shaped := per_thing(draft, plan)):
        return shaped
    if "averaged per" in flags:
        return averaged_per(draft, plan)
    if "trend" in flags and not any(isinstance(item, Grain) for item in plan.group) and not plan.limit:
        return trend(draft, plan)
    return plan
