"""Columns of dates and times: which formats read them, and whether another would as well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from connectors.files import dates
from connectors.files.column import CODE_HEADER, DATE_HEADER, TEXT, TOLERATED, Habits, Reading
from connectors.wording import Bilingual


def read_dates(present: Mapping[str, int], header: str, habits: Habits) -> Reading | None:
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
    return Reading(kind, dates.expression(chosen), formats_said(chosen), others, notes=_date_notes(chosen, others, header))


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


def formats_said(chosen: Sequence[str]) -> str:
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
                f"The dates in “{header}” are read {order} ({chosen[0]}); all of them could also be {other}. Switch the format if so.",
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
