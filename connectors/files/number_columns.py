"""Columns of numbers: which writing reads them, in which unit, and when they had better stay text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from connectors.files.cells import MINUS, POWER, TIMES, WIDE, WRITINGS, NumberCell, Writing, number_in
from connectors.files.column import CODE_HEADER, LARGEST_SAFE, TEXT, TOLERATED, Habits, Reading
from connectors.files.names import literal
from connectors.wording import Bilingual


def read_numbers(present: Mapping[str, int], header: str, habits: Habits) -> Reading | None:
    numbers = {cell: number_in(cell) for cell in present}
    found = {cell: number for cell, number in numbers.items() if number is not None}
    strangers = [cell for cell, number in numbers.items() if number is None]
    total = sum(present.values())
    if sum(present[cell] for cell in strangers) > TOLERATED * total or any(_is_code(cell) for cell in strangers):
        return None
    if strangers and CODE_HEADER.search(header):
        return None
    if refusal := _why_text(found, header):
        return replace(TEXT, notes=(refusal,)) if refusal.en else TEXT
    fitting = [writing for writing in WRITINGS if all(number.fits(writing) for number in found.values())]
    if not fitting:
        return None
    marked = any("," in number.digits or "." in number.digits for number in found.values())
    comma_first = habits.comma_decimal and marked
    fitting.sort(key=lambda writing: comma_first and writing.point != ",")
    # A point or comma before three digits leaves it open only if it stands in every number; and nobody writes mills of money.
    unmarked = any(not re.search("[.,]", one.digits) and one.digits.strip("0") for one in found.values())
    certain = unmarked or any(one.unit in _MONEY for one in found.values())
    others = (
        ()
        if certain
        else tuple(
            writing.name
            for writing in fitting[1:]
            if writing.name in ("1,234.5", "1.234,5")
            and any(_value(one.digits, writing) != _value(one.digits, fitting[0]) for one in found.values())
        )
    )
    return _number_reading(found, fitting[0], others, header)


def _is_code(cell: str) -> bool:
    """Letters and digits run together, as in A12, or a letter or two, as in R: the column holds codes, not numbers."""
    return (
        re.fullmatch("[A-Z]{1,2}", cell.strip()) is not None or re.fullmatch(r"(?=.*[0-9])(?=.*[^\W\d_])[\w./-]+", cell.strip()) is not None
    )


def _why_text(found: Mapping[str, NumberCell], header: str) -> Bilingual | None:
    """Why a column that looks like numbers stays text, None if it need not."""
    numbers = found.values()
    if any(one.plain and re.fullmatch("0[0-9]+", one.digits) for one in numbers):
        return Bilingual(f"“{header}” keeps its leading zeros, so it stays text.", f"“{header}”保留开头的 0，因此作为文本。")
    longest = max(len(re.split("[.,]", one.digits)[0]) if one.plain else 0 for one in numbers)
    if longest > 18 or (longest > LARGEST_SAFE and any("." in one.digits for one in numbers)):
        return Bilingual(
            f"“{header}” has numbers too long to be exact, so it stays text.", f"“{header}”中的数字过长、无法精确表示，因此作为文本。"
        )
    units = {one.unit for one in numbers if one.unit}
    bare = [one for one in numbers if not one.unit and one.digits.strip("0.,")]
    if len(units) > 1 or (bare and units & {"%", "‰"}):
        listed = ", ".join(sorted(units | ({"-"} if bare else set())))
        return Bilingual(
            f"“{header}” mixes units ({listed}), which must not be added up, so it stays text.",
            f"“{header}”混有不同单位（{listed}），不能直接相加，因此作为文本。",
        )
    if bare and units and not units <= _MONEY:
        return Bilingual("", "")
    return None


_MONEY = frozenset(
    ["$", "€", "£", "¥", "₩", "₹", "₽", "元", "USD", "EUR", "GBP", "JPY", "CNY", "HKD", "CHF", "SEK", "NT$", "A$", "C$", "R$"]
)


def _value(digits: str, writing: Writing) -> float:
    without = digits.translate({ord(mark): None for mark in writing.grouping})
    return float(without.replace(writing.point, "."))


def _number_reading(found: Mapping[str, NumberCell], writing: Writing, others: tuple[str, ...], header: str) -> Reading:
    numbers = found.values()
    unit = next((one.unit for one in numbers if one.unit), "")
    times = any(one.times for one in numbers)
    powers = any(one.power for one in numbers)
    whole = not times and not powers and all(writing.point not in one.digits for one in numbers)
    kind = "BIGINT" if whole else "DOUBLE"
    plain = writing.grouping == "" and all(one.plain for one in numbers)
    sql = _plain_sql(kind) if plain else dressed_sql(kind, writing, found)
    said = "" if writing.grouping == "" or not any(re.search("[^0-9]", one.digits) for one in numbers) else writing.name
    return Reading(kind, sql, said, others, unit, notes=_number_notes(found, writing, others, unit, times, header))


def _plain_sql(kind: str) -> str:
    """The database's cast rounds 1.5 to 2 and drops the zeros of 007: only a cell that the number writes back alike is read."""
    if kind == "BIGINT":
        return "CASE WHEN CAST(try_cast($cell AS BIGINT) AS VARCHAR) = $cell THEN try_cast($cell AS BIGINT) END"
    return "CASE WHEN isfinite(try_cast($cell AS DOUBLE)) THEN try_cast($cell AS DOUBLE) END"


def dressed_sql(kind: str, writing: Writing, found: Mapping[str, NumberCell]) -> str:
    """A number with units, signs or groups; the whole cell must be of that form, with no other unit or multiple than those found."""
    cell = "$cell" if all(text.isascii() for text in found) else f"translate($cell, {literal(_WIDE)}, {literal(_NARROW)})"
    gap, sign = r"[\s\x{a0}\x{202f}]{0,3}", f"[{MINUS}+]?"
    mark = _any_of({one.mark for one in found.values()})
    times = sorted({one.times for one in found.values() if one.times}, key=lambda word: (-len(word), word))
    power = f"(\\s?{POWER})?" if any(one.power for one in found.values()) else "()"
    several = _any_of(times).replace("(?:", "(", 1) if times else "()"
    whole = literal(rf"^\(?{gap}{sign}{gap}{mark}{gap}{sign}({writing.digits}){power}{gap}{several}{gap}{mark}{gap}\)?[{MINUS}]?$")
    digits, exponent, multiple = (f"regexp_extract(trim({cell}), {whole}, {group})" for group in (1, 2, 3))
    if writing.grouping:
        digits = f"regexp_replace({digits}, {literal('[' + writing.grouping + ']')}, '', 'g')"
    if writing.point == ",":
        digits = f"replace({digits}, ',', '.')"
    if power != "()":
        digits = f"concat({digits}, translate(trim({exponent}), {literal(MINUS)}, {literal('-' * len(MINUS))}))"
    value = f"try_cast({digits} AS {kind})"
    if times:
        cases = " ".join(f"WHEN {literal(word)} THEN {10 ** TIMES[word]}" for word in times)
        value = f"CAST(try_cast({digits} AS DECIMAL(30, 8)) * CASE {multiple} {cases} ELSE 1 END AS DOUBLE)"
    negative = f"regexp_matches({cell}, {literal(f'^[^0-9]*[{MINUS}(]|[{MINUS}]$')})"
    return f"CASE WHEN {negative} THEN -{value} ELSE {value} END"


def _any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words or nothing."""
    written = [re.escape(word) for word in words if word]
    return f"(?:{'|'.join(sorted(written, key=lambda word: (-len(word), word)))})?" if written else ""


_WIDE, _NARROW = "".join(map(chr, WIDE)), "".join(chr(code) for code in WIDE.values())


def _number_notes(
    found: Mapping[str, NumberCell], writing: Writing, others: tuple[str, ...], unit: str, times: bool, header: str
) -> tuple[Bilingual, ...]:
    notes = []
    if unit in ("%", "‰"):
        notes.append(Bilingual(f"“{header}”: 12{unit} is kept as 12 with the unit {unit}.", f"“{header}”：12{unit} 记为 12，单位 {unit}。"))
    elif unit and any(not one.unit for one in found.values()):
        notes.append(
            Bilingual(
                f"“{header}”: some cells have no {unit}; they are taken as {unit} too.",
                f"“{header}”：部分单元格没有 {unit}，按 {unit} 处理。",
            )
        )
    if times:
        word = next(one.times for one in found.values() if one.times)
        listed, amount = ", ".join(sorted({one.times for one in found.values() if one.times})), f"{1.2 * 10 ** TIMES[word]:.0f}"
        notes.append(
            Bilingual(
                f"“{header}”: {listed} multiplied out (1.2{word} is {amount}).", f"“{header}”：{listed} 已换算（1.2{word} 记为 {amount}）。"
            )
        )
    if any("(" in cell for cell in found):
        notes.append(Bilingual(f"“{header}”: (123) is read as −123.", f"“{header}”：(123) 读作 −123。"))
    if others:
        notes.append(
            Bilingual(
                f"The numbers in “{header}” are read as {writing.name}; all of them could also be {others[0]}. Switch the format if so.",
                f"“{header}”中的数字按 {writing.name} 读取，但也都可能是 {others[0]}；如不对请切换格式。",
            )
        )
    return tuple(notes)
