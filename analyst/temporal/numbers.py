"""Numbers as people write them: 1,200, 1.5k, 3 million, twenty five, a dozen, 3rd, 20%, 三千五, 1.2万, 百分之五, 三成."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analyst.temporal.written import any_of, classes, rows

ORDINAL = "th"
"""The unit of an ordinal."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text, from `start` to before `end`; a percentage is kept as written, 20% is 20 with the unit %."""

    start: int
    end: int
    value: int | float
    unit: str = ""


def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text, in order of place; where two overlap the longer one stays. One with a scale behind it is also there
    without, the scale being its unit: 1.92 million, where a column counts millions."""
    text = text.translate(WIDE)
    found = sorted([*_arabic(text), *_chinese(text), *_english(text)], key=lambda number: (number.start - number.end, number.start))
    kept: list[Number] = []
    for number in found:
        if all(number.end <= other.start or number.start >= other.end for other in kept):
            kept.append(number)
    whole = [_with_unit(text, number) for number in kept]
    return tuple(sorted([*whole, *_unscaled(text)], key=lambda number: (number.start, -number.end)))


WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {0xFF05: 0x25, 0xFF0E: 0x2E, 0xFF0C: 0xFF0C, 0xFF0D: 0x2D}
"""Full-width digits, percent sign, full stop and minus as plain ones."""
ARABIC = re.compile(
    r"(?<![\d.])(?P<sign>(?<![\w)\]])[-−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|(?<!\w)\.\d+)"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?(?: ?(?P<scale>thousand|millions?|billion|trillion|mio\b)|(?P<short>k|m|mn|bn|b)(?![A-Za-z²])"
    r"| ?(?P<chinese>[十百千]?[万亿]|[千百])(?:(?P<rest>\d)(?P<step>[百千万])?(?![\d.]))?)?(?P<half>半)?",
    re.IGNORECASE,
)
SCALES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "millions": "million", "mio": "million"}


def _unscaled(text: str) -> Iterator[Number]:
    """Numbers in digits with the scale behind them as their unit."""
    for found in ARABIC.finditer(text):
        scale = (found["scale"] or found["short"] or found["chinese"] or "").lower()
        if scale and scale not in ("百", "千", "十") and not found["rest"]:
            sign = -1 if found["sign"] else 1
            yield Number(
                found.start(), found.end("digits"), plain(sign * float(found["digits"].replace(",", ""))), SCALES.get(scale, scale)
            )


SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}


def _arabic(text: str) -> Iterator[Number]:
    for found in ARABIC.finditer(text):
        start, value = found.start(), float(found["digits"].replace(",", ""))
        if start and text[start - 1].isascii() and text[start - 1].isalpha() and not found["sign"]:
            continue  # the 320 of A320 counts nothing
        if found["scale"]:
            value *= float(classes("scales.tsv")["scale"][found["scale"].lower()])
        if found["short"]:
            value *= SHORT_SCALES[found["short"].lower()]
        for character in found["chinese"] or "":
            value *= _chinese_steps()[character]
        if found["rest"]:
            last = _chinese_steps()[found["chinese"][-1]]
            value += int(found["rest"]) * (_chinese_steps()[found["step"]] if found["step"] else last / 10)
        if found["half"] and found["chinese"]:
            value += 0.5 * _chinese_steps()[found["chinese"][-1]]
        below = text[:start].endswith(("零下", "minus "))
        unit = ORDINAL if found["ordinal"] or text[:start].endswith("第") else ""
        yield Number(start, found.end(), plain(-value if found["sign"] or below else value), unit)


CHINESE = re.compile(
    r"(?P<times>第)?(?<!唯)(?P<number>[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿俩仨]+)(?P<half>半)?"
    r"(?:点(?P<decimals>[零〇一二三四五六七八九]+))?"
)


def _chinese(text: str) -> Iterator[Number]:
    for found in CHINESE.finditer(text):
        value = chinese_value(found["number"])
        if value is None or text[found.start() : found.end() + 2] in ("百分之", "千分之"):
            continue
        if found["number"] == "一" and not found["times"] and not found["decimals"] and not _counts(text, found.end()):
            continue
        if text[: found.start()].endswith(tuple("0123456789")) and found["number"][0] in "十百千万亿":
            continue  # the end of 3百万
        if found["number"] == "一" and found["half"]:
            yield Number(found.start(), found.end(), 0.5)
            continue
        exact: float = value
        if found["decimals"]:
            exact += float("0." + "".join(_digits()[digit] for digit in found["decimals"]))
        if found["half"]:
            exact += 0.5 * _chinese_steps().get(found["number"][-1], 1)
        yield Number(found.start(), found.end(), plain(exact), ORDINAL if found["times"] else "")


def _counts(text: str, end: int) -> bool:
    """Whether a lone 一 is a number: a measure word, or nothing, stands behind it."""
    rest = text[end : end + 1]
    return not rest or rest in _measures() or not rest.isalnum()


def chinese_value(text: str) -> int | None:
    """The value of a numeral such as 三百二十, 三千五, 一亿两千万 or 二〇二四; None if it is none."""
    digits, steps = _digits(), _chinese_steps()
    if all(character in digits for character in text):
        return int("".join(digits[character] for character in text))
    total, section, digit, last, last_big = 0, 0, 0, 1, 1
    for character in text:
        if character in digits:
            digit = int(digits[character])
            last = 1 if digit == 0 else last
        elif steps[character] >= TEN_THOUSAND:
            step, part = int(steps[character]), section + digit
            total = (total + part or 1) * step if step > last_big else total + part * step
            section, digit, last, last_big = 0, 0, step, step
        else:
            section += (digit or (1 if not section else 0)) * int(steps[character])
            digit, last = 0, int(steps[character])
    # The digit behind a step is of the next lower one: 三千五 is 3,500, 三千零五 is 3,005.
    return total + section + digit * (last // 10 if last > 10 else 1)


TEN_THOUSAND = 10_000


def _english(text: str) -> Iterator[Number]:
    for found in _worded().finditer(text):
        words = [word for word in re.findall(r"[a-z]+", found[0].lower()) if word not in ("and", "a", "an")]
        if words and (value := english_value(words)) is not None:
            yield Number(found.start(), found.end(), plain(value), ORDINAL if words[-1] in classes("scales.tsv")["ordinal"] else "")


@lru_cache(maxsize=1)
def _worded() -> re.Pattern[str]:
    """Number words in a row: 'two hundred and fifty', 'a dozen', 'two and a half million'."""
    tables = classes("scales.tsv")
    forms = {kind: any_of(form for form in tables[kind] if form.isascii() and len(form) > 2) for kind in tables}
    number = "|".join(forms[kind] for kind in ("digit", "ten", "scale", "ordinal"))
    joint = r"(?:\s+and\s+a\s+(?=half\b)|\s+and\s+|[\s-]+)"
    return re.compile(
        rf"\b(?:(?:an?\s+)(?:{forms['ten']}|{forms['scale']})|half\s+an?\s+(?:{forms['ten']}|{forms['scale']})|{number}|{forms['times']}|half)"
        rf"(?:{joint}(?:{number}|half))*\b",
        re.IGNORECASE,
    )


def english_value(words: list[str]) -> float | None:
    """The value of number words in order; None if they are none."""
    tables = classes("scales.tsv")
    total, part = 0.0, 0.0
    for word in words:
        if (value := tables["scale"].get(word)) is not None:
            total, part = total + (part or 1.0) * float(value), 0.0
        elif (value := tables["ten"].get(word)) is not None:
            part = (part or 1.0) * float(value)
        else:
            simple = next((tables[kind][word] for kind in ("digit", "ordinal", "times", "part") if word in tables[kind]), None)
            if simple is None:
                return None
            part += float(simple)
    return total + part


def number_of(text: str) -> int | None:
    """The whole number that a text is, in digits or in words of either language; None if it is none."""
    said = text.strip().lower()
    if said.isdigit():
        return int(said)
    if said in ("a", "an"):
        return 1
    if said in ("couple", "a couple of", "couple of"):
        return 2
    if said and all(character in _digits() or character in _chinese_steps() for character in said):
        return chinese_value(said)
    value = english_value([word for word in re.findall(r"[a-z]+", said) if word not in ("and", "a", "an")]) if said.isascii() else None
    return int(value) if value and value.is_integer() else None


def _with_unit(text: str, number: Number) -> Number:
    """The number with the unit that stands right before or behind it."""
    before, behind = _units()
    start, end = number.start, number.end
    if text[:start].endswith("百分之"):
        return Number(start - 3, end, number.value, "%")
    ahead = before.search(text[max(0, start - 4) : start])
    after = behind.match(text, end)
    if after:
        unit = _unit_names()[after[1].lower()]
        if unit == "tenth" and 0 < number.value <= 10:
            return Number(start, after.end(), plain(number.value * 10), "%")
        return Number(start, after.end() if unit == "%" else end, number.value, number.unit or unit)
    if ahead:
        return Number(start - len(ahead[0]), end, number.value, number.unit or _unit_names()[ahead[1].lower()])
    return number


@lru_cache(maxsize=1)
def _unit_names() -> dict[str, str]:
    return {form: unit for unit, forms in rows("units.tsv") for form in forms.split(" | ")}


@lru_cache(maxsize=1)
def _units() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before a number for its unit, and what behind."""
    names = _unit_names()
    signs = any_of(name for name in names if (not name.isalnum() and name not in "%％‰°") or name in ("usd", "eur", "gbp", "rmb", "cny"))
    words = any_of(name for name in names if name.isascii() and name.isalnum())
    others = any_of(name for name in names if not (name.isascii() and name.isalnum()))
    behind = rf"\s?(?P<unit>(?:{words})(?!\w)|(?:{others}))"
    return re.compile(rf"({signs}) ?$", re.IGNORECASE), re.compile(behind, re.IGNORECASE)


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    """Characters that measure words begin with."""
    return frozenset(form[0] for form in _unit_names() if "一" <= form[0] <= "鿿")


@lru_cache(maxsize=1)
def _digits() -> dict[str, str]:
    return {form: value for form, value in classes("scales.tsv")["digit"].items() if not form.isascii()}


@lru_cache(maxsize=1)
def _chinese_steps() -> dict[str, float]:
    tables = classes("scales.tsv")
    return {form: float(value) for kind in ("ten", "scale") for form, value in tables[kind].items() if not form.isascii()}


def plain(value: float) -> int | float:
    """A whole number as int."""
    return int(value) if float(value).is_integer() else round(value, 10)
