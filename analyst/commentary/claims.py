"""The numbers that a text claims, and which of them facts do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import get_args

from analyst.commentary.spoken import spoken_name
from analyst.terms import Fact, Facts
from analyst.writing.periods import CYCLES, MONTHS, Grain, period_label, period_order, period_start

SCALES: Mapping[str, float] = {
    "trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3, "hundred": 1e2, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "m": 1e6,
    "b": 1e9, "t": 1e12, "万亿": 1e12, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3, "百": 1e2,
}  # fmt: skip
WORDS: Mapping[str, int] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
"""One is left out: it is an article more often than a claim."""
CHINESE_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
CHINESE_STEPS = {"十": 10, "百": 100, "千": 1000}
FRACTIONS: tuple[tuple[re.Pattern[str], float, float], ...] = (
    (re.compile(r"\bhal(?:f|ves)\b|一半|半数", re.I), 50, 2.5),
    (re.compile(r"\b(?:one|a) third\b|三分之一", re.I), 33.333, 1.7),
    (re.compile(r"\btwo[ -]thirds\b|三分之二", re.I), 66.667, 1.7),
    (re.compile(r"\b(?:one|a) quarter of\b|四分之一", re.I), 25, 1.5),
    (re.compile(r"\bthree[ -]quarters\b|四分之三", re.I), 75, 1.5),
)
"""Fractions in words, in percent, with the looseness that words have."""
MULTIPLES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"\bdoubl(?:e|ed|es|ing)\b|\btwice\b|翻了?一?[番倍]", re.I), 2),
    (re.compile(r"\btripl(?:e|ed|es|ing)\b", re.I), 3),
    (re.compile(r"\bquadrupl(?:e|ed|es|ing)\b", re.I), 4),
)

COUNTED = frozenset(("rows", "groups", "ties", "missing", "expected", "points", "periods", "top", "needed", "found", "years"))
"""Numbers of facts that count things, whatever the unit of the measure."""

DIGITS = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[-+]?\d+)?"
SCALE = r"trillion|billion|million|thousand|hundred|(?:mn|bn|tn|[kKmMbBtT])(?![A-Za-z])|万亿|亿|千万|百万|万|千(?![米克瓦])|百(?!分)"
KIND = r"%|％|‰|percent(?:age points?)?|per cent|pp\b|个?百分点|成(?![为了长功])|倍|times\b|x\b"
NUMBER = re.compile(
    rf"(?P<hundredths>百分之)?(?P<sign>(?<![\w.)）])[-−–+])?(?P<currency>[$€£¥￥]\s?)?(?P<digits>(?<![A-Za-z0-9_.]){DIGITS})"
    rf"[ \u00a0]?(?P<scale>{SCALE})?[ \u00a0-]?(?P<kind>{KIND})?",
    re.I,
)
CHINESE_NUMBER = re.compile(
    r"(?P<hundredths>百分之)?(?P<digits>(?<![第星期周])[零〇一二两三四五六七八九十百千]*[二两三四五六七八九十百千][零〇一二两三四五六七八九十百千]*)"
    r"(?:点(?P<decimals>[零〇一二三四五六七八九]+))?(?P<scale>万亿|亿|万)?(?P<kind>成(?![为了长功])|倍|个百分点)?"
    r"(?P<counts>[个家种项位名次元件人年月天周行组类条台辆所座笔支季])?"
)
NAMED_MONTH = "|".join(
    (
        *("january", "february", "march", "april", "may(?= \\d)", "june", "july", "august", "september", "october", "november", "december"),
        *(f"{month.lower()}\\b\\.?" for month in MONTHS if month != "May"),
    )
)
DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
        r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号](?: ?\d{1,2}:\d{2})?",
        r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?!份?之?[内间])",
        r"(?:(?P<y>\d{4})年?)?第?(?P<cq>[1-4一二三四])季度",
        r"(?P<y>\d{4})年第(?P<w>\d{1,2})周|Week (?P<w2>\d{1,2}), (?P<y2>\d{4})",
        r"(?:Q(?P<q>[1-4])(?: of)?[ ,]*(?P<y>\d{4})?(?!\d)|(?P<y2>\d{4})[- ]?Q(?P<q2>[1-4]))",
        rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? )?\b(?P<name>{NAMED_MONTH})(?: (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?"
        r"(?:,? (?P<y>\d{4})(?!\d))?(?:, \d{2}:\d{2})?",
        r"(?P<y>\d{4})年",
        r"(?<![\d.,$€£¥%-])(?P<y>(?:1[5-9]|20|21)\d{2})(?![\d%,.]*\d|%| ?(?:million|billion|thousand|rows|kg|km))",
    )
)
"""Ways to write a period; each part that is given must be part of one label."""


@dataclass(frozen=True, slots=True)
class Held:
    """What facts hold: plain numbers, percentages, multiples, the parts of periods, and names with digits in them."""

    plain: list[float] = field(default_factory=list)
    percentages: list[float] = field(default_factory=list)
    multiples: list[float] = field(default_factory=list)
    periods: list[Mapping[str, int]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number as a text claims it."""

    text: str
    value: float
    looseness: float
    """Half of the last digit that was written."""
    kind: str
    signed: bool


def unheld_numbers(text: str, facts: Facts) -> tuple[str, ...]:
    """The numbers of a text, as written there, that the facts do not hold."""
    held = _held(facts)
    for name in sorted(held.names, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", "□", text, flags=re.IGNORECASE)
    text, wrong_dates = _without_dates(text, held)
    return (*wrong_dates, *(claim.text for claim in _claims(text) if not _is_held(claim, held)))


# ------------------------------------------------------------------------------------------------ what facts hold
def _held(facts: Facts) -> Held:
    held = Held()
    for fact in facts.findings:
        for name, number in fact.numbers.items():
            _hold_number(held, name, number, fact.labels.get("unit", ""))
        for name, label in fact.labels.items():
            _hold_label(held, name, label, fact)
    return held


def _hold_number(held: Held, name: str, number: float, unit: str) -> None:
    if name == "lower":
        held.percentages.append(50)  # between the quartiles lies half of the values
    if name == "percent":
        held.percentages.append(number)
        held.multiples.extend((number / 100, 1 + number / 100))
    elif unit == "%" and name not in COUNTED | {"r", "p", "tau"}:
        held.percentages.append(number)
    else:
        held.plain.append(number)
        held.plain.extend([number * 1e4] if unit.startswith("万") else [number * 1e8] if unit.startswith("亿") else [])
        held.percentages.extend([number * 100] if abs(number) <= 1 and not unit else [])
        held.multiples.extend([number] if name == "ratio" else [])


def _hold_label(held: Held, name: str, label: str, fact: Fact) -> None:
    if name in ("unit", "direction", "strength", "truncated", "grain", "whole", "shown"):
        return
    grain = next((grain for grain in get_args(Grain) if grain == fact.labels.get("grain")), None)
    if name in ("until", "since"):
        grain = "day"
    if grain and name in ("start", "end", "period", "category", "until", "since", "high", "low", "since_period", "until_period"):
        held.periods.append(_period_parts(label, grain))
        if grain not in CYCLES:
            held.names.update((period_label(label, grain, "en"), period_label(label, grain, "zh")))
    for part in label.split("\n"):
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", part):
            held.plain.append(float(part))
        elif bool(_without_dates(part, Held())[1]) or any(True for _ in _claims(part)):
            held.names.update((part, spoken_name(part, "en"), spoken_name(part, "zh")))


def _period_parts(label: str, grain: Grain) -> Mapping[str, int]:
    """Year, month, day, quarter and week, as far as the grain is fine enough to have them."""
    start = period_start(label, grain)
    if start is None:
        number = period_order(label, grain)[0]
        return {"month_of_year": {"m": number}, "quarter_of_year": {"q": number}}.get(grain, {"d": number})
    year, month, day = (int(part) for part in start[:10].split("-"))
    parts = {"y": year}
    if grain in ("month", "day", "week", "minute"):
        parts |= {"m": month}
    if grain in ("day", "week", "minute"):
        parts |= {"d": day}
    if grain in ("quarter", "month"):
        parts |= {"q": (month - 1) // 3 + 1}
    if grain == "week":
        parts |= {"w": (*period_order(label, grain), 0)[1]}
    return parts


# ------------------------------------------------------------------------------------------------ what a text claims
def _without_dates(text: str, held: Held) -> tuple[str, list[str]]:
    """The text without the periods it names, and those of them that are no label's."""
    wrong: list[str] = []
    for pattern in DATES:

        def replaced(found: re.Match[str]) -> str:
            parts = _date_parts(found)
            if any(all(period.get(name) == value for name, value in parts.items()) for period in held.periods):
                return "□"
            if set(parts) == {"y"} and "年" not in found[0] and any(_close(Claim("", parts["y"], 0.5, "", False), n) for n in held.plain):
                return "□"
            if found.groupdict().get("name", "") and len(parts) == 1 and found[0].casefold() in ("march", "mar"):
                return found[0]
            wrong.append(found[0])
            return "□"

        text = pattern.sub(replaced, text)
    return text, wrong


def _date_parts(found: re.Match[str]) -> dict[str, int]:
    parts: dict[str, int] = {}
    for name, value in found.groupdict().items():
        if not value:
            continue
        if name == "name":
            parts["m"] = [month.casefold() for month in MONTHS].index(value[:3].casefold()) + 1
        elif name == "cq":
            parts["q"] = int(value) if value.isdigit() else CHINESE_DIGITS[value]
        else:
            parts[name.rstrip("2")] = int(value)
    return parts


def _claims(text: str) -> Iterator[Claim]:
    """Every number of a text without periods: fractions in words, multiples, figures, numerals."""
    for fraction, value, looseness in FRACTIONS:
        yield from (Claim(found[0], value, looseness, "%", False) for found in fraction.finditer(text))
        text = fraction.sub("□", text)
    for multiple, value in MULTIPLES:
        yield from (Claim(found[0], value, 0.1, "倍", False) for found in multiple.finditer(text))
    yield from _written(text)
    yield from _english_words(text)
    yield from _chinese(text)


def _written(text: str) -> Iterator[Claim]:
    for found in NUMBER.finditer(text):
        digits = found["digits"].replace(",", "").replace("，", "")
        scale = SCALES.get((found["scale"] or "").casefold(), 1.0)
        mantissa, _, exponent = digits.casefold().partition("e")
        decimals = len(mantissa.partition(".")[2])
        half = 0.5 * 10.0 ** (-decimals + int(exponent or 0)) * scale
        sign = found["sign"] or ""
        value = float(digits) * scale * (-1 if sign in "-−–" and sign else 1)
        kind = "%" if found["hundredths"] else _kind(found["kind"] or "")
        factor = 10 if (found["kind"] or "") == "成" else 1
        yield Claim(found[0].strip(), value * factor, half * factor, kind, bool(sign) and sign != "+")


def _kind(word: str) -> str:
    word = word.casefold()
    if word in ("", "x"):
        return "倍" if word else ""
    return "倍" if word in ("倍", "times") else "%"


def _english_words(text: str) -> Iterator[Claim]:
    names = "|".join(WORDS)
    scales = "hundred|thousand|million|billion"
    for found in re.finditer(rf"\b({names})(?:-({names}))?(?: ({scales}))?(?: (percent|per cent|times))?\b", text, re.I):
        value = float(WORDS[found[1].casefold()] + (WORDS[found[2].casefold()] if found[2] else 0))
        scale = SCALES[found[3].casefold()] if found[3] else 1.0
        yield Claim(found[0], value * scale, 0.5 * scale, _kind(found[4] or ""), False)


def _chinese(text: str) -> Iterator[Claim]:
    """Numbers in Chinese numerals, where a scale, a percentage or something counted shows that a number is meant."""
    for found in CHINESE_NUMBER.finditer(text):
        if not (found["hundredths"] or found["scale"] or found["kind"] or found["counts"] or found["decimals"]):
            continue
        value = _chinese_value(found["digits"])
        decimals = found["decimals"] or ""
        value += sum(CHINESE_DIGITS[digit] / 10 ** (place + 1) for place, digit in enumerate(decimals))
        scale = SCALES.get(found["scale"] or "", 1.0) * (10 if found["kind"] == "成" else 1)
        kind = "%" if found["hundredths"] else _kind(found["kind"] or "")
        yield Claim(found[0], value * scale, 0.5 * 10.0 ** -len(decimals) * scale, kind, False)


def _chinese_value(numerals: str) -> float:
    total, digit = 0, 0
    for numeral in numerals:
        if numeral in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[numeral]
        else:
            total += (digit or 1) * CHINESE_STEPS[numeral]
            digit = 0
    return float(total + digit)


def _is_held(claim: Claim, held: Held) -> bool:
    if claim.kind == "%":
        return any(_close(claim, number) for number in held.percentages)
    if claim.kind == "倍":
        return any(_close(claim, number) for number in held.multiples)
    return any(_close(claim, number) for number in held.plain)


def _close(claim: Claim, number: float) -> bool:
    """Whether a number, rounded as the claim is, gives the claim; without a sign the size alone is claimed."""
    distance = abs(number - claim.value) if claim.signed else abs(abs(number) - abs(claim.value))
    return distance <= claim.looseness * (1 + 1e-9) + 1e-9 * abs(number)
