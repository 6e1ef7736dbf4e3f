"""From the cells of one column to how the column is read: type, format, unit, and the SQL that turns text into values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.files import dates
from connectors.files.cells import MISSING_TEXT, OPPOSITES, WRITINGS, NumberCell, Writing, is_missing, number_in
from connectors.files.names import literal
from connectors.files.report import ColumnOptions
from connectors.wording import Bilingual

TOLERATED = 0.01
"""Share of cells that may fail to be what the others are; above it the column stays text."""
LOOKED_AT_FIRST = 60
"""So many values settle that a column is words, which spares most columns the rest."""
DATE_HEADER = re.compile(r"date|day|time|日期|时间|日$|期$|^dt$|_dt$", re.IGNORECASE)
CODE_HEADER = re.compile(
    r"(^|[ _-])(id|code|zip|postal|post ?code|phone|tel|fax|isbn|sku|ssn|iban|no|nr|number|account)\.?($|[ _-])|(Id|ID|Code|Zip)$|编号|代码|邮编|电话|手机|号码|单号|证号|账号|学号|工号",
)
LARGEST_SAFE = 15
"""Digits that a DOUBLE holds exactly."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the file writes where a cell alone leaves it open."""

    day_first: bool | None = None
    comma_decimal: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read."""

    type: str
    sql: str
    """An expression over `$cell`, NULL where the text is no such value."""
    format: str = ""
    other_formats: tuple[str, ...] = ()
    unit: str = ""
    missing: tuple[str, ...] = ()
    """Words for missing values that occur: case-folded and trimmed for values, as written for text."""
    forced: bool = False
    """The person chose the type, so cells that do not fit are left out however many they are."""
    notes: tuple[Bilingual, ...] = field(default=())

    def is_word_for_missing(self) -> str:
        """SQL: whether `$cell` is a word for a missing value; empty if no such word occurs."""
        if not self.missing:
            return ""
        listed = ", ".join(literal(word) for word in self.missing)
        return f"$cell IN ({listed})" if self.type == "VARCHAR" else f"lower(trim($cell)) IN ({listed})"

    def carried_over(self) -> Reading:
        """The same type for cells that are such values already."""
        return replace(self, sql="$cell")

    def value(self) -> str:
        """SQL: the value of `$cell`, NULL where it is missing or unreadable."""
        missing = self.is_word_for_missing()
        return f"CASE WHEN {missing} THEN NULL ELSE {self.sql} END" if missing else self.sql


TEXT = Reading("VARCHAR", "$cell")


def decide(cells: Mapping[str, int], header: str, options: ColumnOptions = ColumnOptions(), habits: Habits = Habits()) -> Reading:
    """How to read a column whose non-empty cells are these, each with its count."""
    if options.type == "VARCHAR":
        return replace(TEXT, forced=True)
    present = {cell: count for cell, count in cells.items() if not is_missing(cell)}
    words = tuple(sorted({cell.strip().casefold() for cell in cells if is_missing(cell)}))
    if not present:
        return _text(cells)
    found = _chosen(present, options) if options.type or options.format else _found(present, header, habits)
    if found.type == "VARCHAR":
        return replace(_text(cells), notes=found.notes, unit=found.unit, forced=found.forced)
    return replace(found, missing=words)


def _found(present: Mapping[str, int], header: str, habits: Habits) -> Reading:
    first = list(present)[:LOOKED_AT_FIRST]
    if {cell.strip().casefold() for cell in first} <= {"true", "false"}:
        return Reading("BOOLEAN", "CASE lower(trim($cell)) WHEN 'true' THEN true WHEN 'false' THEN false END")
    as_numbers = sum(number_in(cell) is not None for cell in first)
    as_dates = sum(bool(dates.formats_of(cell)) for cell in first)
    if max(as_numbers, as_dates) * 2 < len(first):
        return TEXT
    dated = _dates(present, header, habits) if as_dates * 2 >= len(first) else None
    return dated or _numbers(present, header, habits) or TEXT


def _text(cells: Mapping[str, int]) -> Reading:
    """Text as written; only words that can mean nothing else than a missing value are taken as such."""
    values = {cell.strip() for cell in cells}
    words = [word for word in MISSING_TEXT if word in cells and not any(other in values for other in OPPOSITES.get(word, ()))]
    return replace(TEXT, missing=tuple(words))


# ------------------------------------------------------------------------------------------------ dates
def _dates(present: Mapping[str, int], header: str, habits: Habits) -> Reading | None:
    fitting: Counter[str] = Counter()
    for cell, count in present.items():
        for name in dates.formats_of(cell):
            fitting[name] += count
    total = sum(present.values())
    if not fitting:
        return None
    best = max(fitting.values())
    ranked = sorted((name for name, count in fitting.items() if count == best), key=lambda name: _rank(name, habits))
    chosen = ranked[:1]
    if best < total:
        chosen += _completing(present, chosen, total)
    read = sum(count for cell, count in present.items() if dates.formats_of(cell) & set(chosen))
    kinds = {dates.type_of(name) for name in chosen}
    if total - read > TOLERATED * total or (len(kinds) > 1 and kinds != {"DATE", "TIMESTAMP"}):
        return None
    kind = "TIMESTAMP" if "TIMESTAMP" in kinds else kinds.pop()
    if _stays_as_written(chosen[0], present, header):
        return TEXT if chosen[0] != "%Y%m%d" else None
    others = tuple(
        name
        for name in ranked[1:]
        if dates.type_of(name) == dates.type_of(chosen[0]) and chosen[0] != "%Y%m%d" and _order(name) != _order(chosen[0])
    )
    return Reading(kind, dates.expression(chosen), _said(chosen), others, notes=_date_notes(chosen, others, header))


def _completing(present: Mapping[str, int], chosen: Sequence[str], total: int) -> list[str]:
    """Up to two more formats that read the cells which the first leaves, if each reads more than a stray cell."""
    added: list[str] = []
    for _ in range(2):
        rest: Counter[str] = Counter()
        for cell, count in present.items():
            fits = dates.formats_of(cell)
            if not fits & {*chosen, *added}:
                rest.update(dict.fromkeys(fits, count))
        clock = dates.type_of(chosen[0]) == "TIME"
        same_order = [name for name in rest if _order(name) in (_order(chosen[0]), "") and (dates.type_of(name) == "TIME") == clock]
        if not same_order:
            break
        added.append(max(same_order, key=lambda name: rest[name]))
    return added


def _order(name: str) -> str:
    """day or month where they could be mistaken for each other, else empty."""
    day = re.split("[T ]%[HI]", name)[0]
    return "day" if day in dates.DAY_FIRST else "month" if day in dates.MONTH_FIRST else ""


def _rank(name: str, habits: Habits) -> tuple[bool, int]:
    day = re.split("[T ]%[HI]", name)[0]
    known = (*dates.DAYS, *dates.MONTHS)
    against = habits.day_first is not None and _order(name) == ("month" if habits.day_first else "day")
    return against, known.index(day) if day in known else 0


def _stays_as_written(name: str, present: Mapping[str, int], header: str) -> bool:
    """A bare 20240105 may be a number; a month or quarter that is the same in every row has no course over time to show."""
    if name == "%Y%m%d":
        return not DATE_HEADER.search(header) and (CODE_HEADER.search(header) is not None or len(present) < 3)
    whole_period = name == dates.QUARTER or name in dates.MONTHS
    return whole_period and len(present) == 1


def _said(chosen: Sequence[str]) -> str:
    plain = all(name.startswith("%Y-%m-%d") or dates.type_of(name) == "TIME" for name in chosen)
    return "" if plain else " | ".join(chosen)


def _date_notes(chosen: Sequence[str], others: Sequence[str], header: str) -> tuple[Bilingual, ...]:
    notes = []
    if others:
        day_first = _order(chosen[0]) == "day"
        order, other = ("day first", "month first") if day_first else ("month first", "day first")
        order_zh, other_zh = ("日在前", "月在前") if day_first else ("月在前", "日在前")
        notes.append(
            Bilingual(
                f"The dates in “{header}” are read {order} ({chosen[0]}); every one of them could also be {other}. Switch the format if so.",
                f"“{header}”中的日期按{order_zh}读取（{chosen[0]}），但全部也可能是{other_zh}；如不对请切换格式。",
            )
        )
    if any("%y" in name for name in chosen):
        notes.append(
            Bilingual(
                f"“{header}” has two-digit years: 00–29 are read as 2000–2029, 30–99 as 1930–1999.",
                f"“{header}”的年份只有两位：00–29 读作 2000–2029 年，30–99 读作 1930–1999 年。",
            )
        )
    if dates.QUARTER in chosen:
        notes.append(Bilingual(f"Quarters in “{header}” are kept as their first day.", f"“{header}”中的季度以该季度第一天表示。"))
    elif chosen[0] in dates.MONTHS:
        notes.append(Bilingual(f"Months in “{header}” are kept as their first day.", f"“{header}”中的月份以当月第一天表示。"))
    if any("%z" in name for name in chosen):
        notes.append(Bilingual(f"Times in “{header}” carry an offset and are kept in UTC.", f"“{header}”中的时间带时区，统一换算为 UTC。"))
    if len(chosen) > 1:
        listed = ", ".join(chosen)
        notes.append(Bilingual(f"“{header}” writes dates in several ways: {listed}.", f"“{header}”中的日期有多种写法：{listed}。"))
    return tuple(notes)


# ------------------------------------------------------------------------------------------------ numbers
def _numbers(present: Mapping[str, int], header: str, habits: Habits) -> Reading | None:
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
    others = tuple(
        writing.name
        for writing in fitting[1:]
        if writing.name in ("1,234.5", "1.234,5")
        and any(_value(one.digits, writing) != _value(one.digits, fitting[0]) for one in found.values())
    )
    return _number_reading(found, fitting[0], others, header)


def _is_code(cell: str) -> bool:
    """Letters and digits run together, as in A12: the column holds codes, not numbers."""
    return re.fullmatch(r"(?=.*[0-9])(?=.*[^\W\d_])[\w./-]+", cell.strip()) is not None


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
    powers = any("e" in cell.casefold() and one.plain for cell, one in found.items())
    whole = not times and not powers and all(writing.point not in one.digits for one in numbers)
    kind = "BIGINT" if whole else "DOUBLE"
    plain = writing.grouping == "" and all(one.plain for one in numbers)
    sql = _plain_sql(kind) if plain else _dressed_sql(kind, writing, times)
    said = "" if writing.grouping == "" or not any(re.search("[^0-9]", one.digits) for one in numbers) else writing.name
    return Reading(kind, sql, said, others, unit, notes=_number_notes(found, writing, others, unit, times, header))


def _plain_sql(kind: str) -> str:
    """The database's cast rounds 1.5 to 2 and drops the zeros of 007: only a cell that the number writes back alike is read."""
    if kind == "BIGINT":
        return "CASE WHEN CAST(try_cast($cell AS BIGINT) AS VARCHAR) = $cell THEN try_cast($cell AS BIGINT) END"
    return "CASE WHEN isfinite(try_cast($cell AS DOUBLE)) THEN try_cast($cell AS DOUBLE) END"


def _dressed_sql(kind: str, writing: Writing, times: bool) -> str:
    """A number with units, signs or groups; the whole cell must be of that form."""
    around = r"[^0-9A-Za-z.,]{0,3}(?:[A-Z]{1,3}[$]?)?[^0-9A-Za-z.,]{0,3}"
    after = r"[ \x{a0}]{0,2}[亿万]?[ \x{a0}]?[^0-9.,]{0,8}"
    whole = literal(f"{around}(?:{writing.digits}){after}")
    digits = "regexp_extract($cell, '[0-9.,].*[0-9]|[0-9]')"
    if writing.grouping:
        digits = f"regexp_replace({digits}, {literal('[' + writing.grouping + ']')}, '', 'g')"
    if writing.point == ",":
        digits = f"replace({digits}, ',', '.')"
    value = f"try_cast({digits} AS {kind})"
    if times:
        value = (
            f"CAST(try_cast({digits} AS DECIMAL(30, 8)) * CASE WHEN contains($cell, '亿') THEN 100000000"
            " WHEN contains($cell, '万') THEN 10000 ELSE 1 END AS DOUBLE)"
        )
    negative = "regexp_matches($cell, '[-−－(]')"
    return f"CASE WHEN regexp_full_match(trim($cell), {whole}) THEN CASE WHEN {negative} THEN -{value} ELSE {value} END END"


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
        notes.append(
            Bilingual(f"“{header}”: 万 and 亿 are multiplied out (1.2万 is 12000).", f"“{header}”：万、亿已换算（1.2万 记为 12000）。")
        )
    if any("(" in cell for cell in found):
        notes.append(Bilingual(f"“{header}”: (123) is read as −123.", f"“{header}”：(123) 读作 −123。"))
    if others:
        notes.append(
            Bilingual(
                f"The numbers in “{header}” are read as {writing.name}; every one of them could also be {others[0]}. Switch the format if so.",
                f"“{header}”中的数字按 {writing.name} 读取，但也都可能是 {others[0]}；如不对请切换格式。",
            )
        )
    return tuple(notes)


# ------------------------------------------------------------------------------------------------ what the person chose
def _chosen(present: Mapping[str, int], options: ColumnOptions) -> Reading:
    wanted = options.type or ""
    if (options.format and "%" in options.format) or options.format == dates.QUARTER:
        names = [name.strip() for name in (options.format or "").split(" | ")]
        kind = wanted if wanted in ("DATE", "TIMESTAMP") else dates.type_of(names[0])
        return Reading(kind, f"CAST({dates.expression(names)} AS {kind})", _said(names), forced=True)
    if wanted in ("DATE", "TIMESTAMP", "TIME"):
        found = _dates(present, "date", Habits())
        sql = found.sql if found and found.type != "VARCHAR" else f"try_cast($cell AS {wanted})"
        return Reading(
            wanted, f"try_cast({sql} AS {wanted})", found.format if found else "", found.other_formats if found else (), forced=True
        )
    if wanted == "BOOLEAN":
        yes, no = "'true', 't', 'yes', 'y', '1', '是', '真', '有', '对'", "'false', 'f', 'no', 'n', '0', '否', '假', '无', '错'"
        sql = f"CASE WHEN lower(trim($cell)) IN ({yes}) THEN true WHEN lower(trim($cell)) IN ({no}) THEN false END"
        return Reading("BOOLEAN", sql, forced=True)
    return _chosen_number(present, options)


def _chosen_number(present: Mapping[str, int], options: ColumnOptions) -> Reading:
    found = {cell: number for cell in present if (number := number_in(cell)) is not None}
    writing = next((one for one in WRITINGS if one.name == options.format), None)
    if writing is None:
        writing = max(WRITINGS, key=lambda one: sum(present[cell] for cell, number in found.items() if number.fits(one)))
    times = any(one.times for one in found.values())
    kind = options.type if options.type in ("BIGINT", "DOUBLE") else None
    if kind is None:
        kind = "DOUBLE" if times or any(writing.point in one.digits for one in found.values()) else "BIGINT"
    unit = next((one.unit for one in found.values() if one.unit), "")
    return Reading(kind, _dressed_sql(kind, writing, times), writing.name if writing.grouping else "", unit=unit, forced=True)
