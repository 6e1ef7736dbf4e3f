"""Dates and times as people write them: which formats a cell fits, and the SQL that reads a format."""

from __future__ import annotations

import re
from functools import lru_cache

from connectors.files.names import literal

_Y, _Y2 = r"(?:[0-9]{4})", r"(?:[0-9]{2})"
_M, _D = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12][0-9]|3[01])"
_B = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_FULL = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_PARTS = {"%Y": _Y, "%y": _Y2, "%m": _M, "%d": _D, "%b": _B, "%B": _FULL}

DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d号", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y",
    "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%Y-%b-%d",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%m-%d-%y", "%d-%m-%y", "%d-%b-%y", "%d %b %y", "%Y%m%d",
)  # fmt: skip
"""Where two fit every cell, the earlier is taken unless the file has a habit of its own."""
MONTHS = ("%Y-%m", "%Y/%m", "%Y年%m月", "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%B-%y", "%m/%Y", "%b, %Y", "%B, %Y")
QUARTER = "Q1 2024"
QUARTERS = re.compile(r"(?:Q[1-4][ \-/']*[0-9]{4}|[0-9]{4}[ \-/]*Q[1-4]|[0-9]{4} ?年 ?第? ?[一二三四1-4] ?季度?)", re.IGNORECASE)
TIMES = ("%H:%M", "%H:%M:%S")
DAY_FIRST = frozenset(name for name in DAYS if name[:2] == "%d" and "%m" in name)
MONTH_FIRST = frozenset(name for name in DAYS if name[:2] == "%m")
TWO_DIGIT_YEAR_TURNS = 2030
"""Two-digit years from 30 on are 19xx, as spreadsheets read them."""


def _pattern(name: str) -> re.Pattern[str]:
    if name == "%Y%m%d":
        return re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
    return re.compile("".join(_PARTS.get(part) or re.escape(part) for part in re.split("(%[A-Za-z])", name)), re.IGNORECASE)


_PATTERNS = {name: _pattern(name) for name in (*DAYS, *MONTHS)}
_TIME = re.compile(
    r"(?:(?P<date>.*?[0-9日号])(?P<gap> +|T))?(?P<clock>[0-9]{1,2}:[0-9]{2}(?P<seconds>:[0-9]{2})?(?P<fraction>[.][0-9]{1,9})?)"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone> ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
)


@lru_cache(maxsize=65536)
def formats_of(text: str) -> frozenset[str]:
    """Every format that the cell fits: strptime patterns, `Q1 2024` for quarters; empty if it is no date or time.

    A time of day follows its date as %H:%M:%S and the like; %z stands for an offset of any writing.
    """
    cell = text.strip()
    if not 4 <= len(cell) <= 40 or not any("0" <= character <= "9" for character in cell):
        return frozenset()
    if QUARTERS.fullmatch(cell):
        return frozenset([QUARTER])
    timed = _TIME.fullmatch(cell) if ":" in cell else None
    if timed is None:
        return frozenset(name for name, pattern in _PATTERNS.items() if pattern.fullmatch(cell))
    clock = _clock_format(timed)
    if not clock:
        return frozenset()
    if timed["date"] is None:
        # 3:45 may as well be a duration, 03:45 hardly.
        return frozenset() if timed["zone"] or len(timed["clock"].split(":")[0]) < 2 else frozenset([clock])
    gap = "T" if timed["gap"] == "T" else " "
    return frozenset(f"{name}{gap}{clock}" for name in DAYS if _PATTERNS[name].fullmatch(timed["date"]))


def _clock_format(timed: re.Match[str]) -> str:
    if timed["fraction"] and not timed["seconds"]:
        return ""
    hour, minute = (int(part) for part in timed["clock"].split(":")[:2])
    if hour > 23 or minute > 59 or (timed["half"] and not 1 <= hour <= 12) or int((timed["seconds"] or ":0")[1:]) > 59:
        return ""
    clock = ("%I:%M" if timed["half"] else "%H:%M") + (":%S" if timed["seconds"] else "")
    if timed["fraction"]:
        clock += ".%f"
    return clock + ((" %p" if timed["half"][0] == " " else "%p") if timed["half"] else "") + ("%z" if timed["zone"] else "")


def type_of(name: str) -> str:
    """DATE, TIME or TIMESTAMP."""
    has_clock = "%H" in name or "%I" in name
    return "DATE" if not has_clock else "TIMESTAMP" if "%Y" in name or "%y" in name else "TIME"


def expression(names: list[str]) -> str:
    """SQL that reads `$cell` in any of the formats (all of one type), NULL where none fits."""
    kind = type_of(names[0])
    if len({type_of(name) for name in names}) > 1:
        each = [f"CAST({expression([name])} AS TIMESTAMP)" for name in names]
        return f"coalesce({', '.join(each)})"
    if names == [QUARTER]:
        plain = "translate(upper($cell), '一二三四', '1234')"
        year, quarter = f"regexp_extract({plain}, '[0-9]{{4}}')", f"regexp_extract({plain}, '(?:Q|第|年) ?第? ?([1-4])', 1)"
        return f"try_cast(concat({year}, '-', try_cast({quarter} AS INTEGER) * 3 - 2, '-01') AS DATE)"
    if names == ["%Y-%m-%d"]:
        return "CASE WHEN length($cell) BETWEEN 8 AND 10 THEN try_cast($cell AS DATE) END"
    if kind == "TIME":
        return "CASE WHEN length($cell) <= 15 AND contains($cell, ':') THEN try_cast(trim($cell) AS TIME) END"
    if all("%z" in name and name.startswith("%Y-%m-%d") for name in names):
        return "CASE WHEN length($cell) >= 14 THEN try_cast($cell AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END"
    if all(name.startswith("%Y-%m-%d") and "%H" in name for name in names):
        return _iso_timestamp()
    listed = ", ".join(literal(name) for name in names)
    parsed = f"try_strptime(trim($cell), [{listed}])"
    if any("%y" in name for name in names):
        parsed = (
            f"CASE WHEN year({parsed}) >= {TWO_DIGIT_YEAR_TURNS} AND regexp_matches($cell, '[^0-9][0-9]{{2}}( |$)')"
            f" THEN {parsed} - INTERVAL 100 YEAR ELSE {parsed} END"
        )
    return parsed if kind == "TIMESTAMP" else f"CAST({parsed} AS DATE)"


def _iso_timestamp() -> str:
    """An offset must not be cut off in silence, so a cell with more than a date and a clock is left unread."""
    return (
        "CASE WHEN length($cell) BETWEEN 14 AND 29 AND NOT contains(substr($cell, 12), '-') AND NOT contains($cell, '+') "
        "THEN try_cast($cell AS TIMESTAMP) END"
    )
