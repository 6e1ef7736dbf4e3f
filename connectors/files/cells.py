"""What single cells say: nothing, a number in some writing, or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from connectors.files.dates import formats_of

MISSING = frozenset(
    ("", "n/a", "na", "n.a.", "#n/a", "#na", "<na>", "-", "--", "---", "—", "——", "–", "无", "null", "(null)", "\\n", "空", "nan", "none",
     "nil", "暂无", "缺失", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "?")
)  # fmt: skip
"""Case-folded and trimmed: words for a missing value where the column holds numbers, dates or truth values."""

MISSING_TEXT = ("N/A", "n/a", "#N/A", "NULL", "null", "(null)", "<NA>", "NaN", "nan", "\\N", "-", "--", "—", "——", "无", "空")
"""The same in a column of text, case told apart: Null and Na are people's and cities' names, NA is Namibia, None may be a choice."""

OPPOSITES = {"无": ("有",), "-": ("+",), "--": ("++",), "空": ("满",)}
"""A mark beside its opposite is a value."""

TOTALS = re.compile(r"(grand |sub)?totals?:?|sum:?|合计[:：]?|总计[:：]?|小计[:：]?|总和|合計|總計|全部合计|本页合计", re.IGNORECASE)
"""What the first cell of a total line says."""

CURRENCIES = {
    "￥": "¥", "人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR", "日元": "JPY", "港元": "HKD",
    "英镑": "GBP", "US$": "USD", "HK$": "HKD",
}  # fmt: skip
_SYMBOL = r"US\$|HK\$|NT\$|A\$|C\$|R\$|[$€£¥￥₩₹₽]|USD|EUR|GBP|JPY|CNY|RMB|HKD|CHF|SEK|人民币"
_MEASURE = (
    "kg|g|mg|lbs?|oz|km/h|km|cm|mm|mph|miles?|hours?|hrs?|mins?|minutes?|days?|years?|°C|°F|℃|㎡|m²|m2|m³|kWh|MW|kW|"
    "件|个|人|岁|台|吨|公斤|千克|公里|厘米|平方米|天|分钟|小时|斤|次|套|辆|年|人次|家|户"
)
_SPACE = "\u0020\u00a0\u202f\u2009"
_DIGITS = rf"[0-9](?:[0-9.,'’{_SPACE}]*[0-9])?\.?|[.,][0-9]+"
MINUS = "-−–‒‐﹣－"
"""What stands for a minus: the hyphen, the minus of typesetters, the dash that word processors make of a hyphen, and wide ones."""
TIMES = {"万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2, "k": 3, "K": 3}
"""By what a number is multiplied, as a power of ten; the longer marks first."""
_MULTIPLE = "|".join(word for word in TIMES if not word.isascii()) + "|(?<=[0-9])[kK](?![A-Za-z])"
"""5 kg are no 5,000 g, and 300 K is a temperature."""
POWER = rf"[eE][{MINUS}+]?[0-9]+"

NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[{MINUS}+])?\s*(?P<before>{_SYMBOL})?\s*(?P<inner>[{MINUS}+])?(?P<digits>{_DIGITS})"
    rf"(?P<power>\s?{POWER})?\s*(?P<times>{_MULTIPLE})?\s*"
    rf"(?P<after>%|‰|{_SYMBOL}|元|美元|欧元|日元|港元|英镑|{_MEASURE})?\s*(?P<close>\))?(?P<trailing>[{MINUS}])?"
)
WIDE = str.maketrans("０１２３４５６７８９．，＋－（）％", "0123456789.,+-()%")
"""Digits and marks as wide as Chinese characters, as Chinese keyboards type them."""


PLAIN_NUMBER = re.compile(r"(-)?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
"""What most numbers look like, found without the rest."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A way to write numbers: which digits it allows, its decimal mark and its grouping marks."""

    name: str
    digits: str
    point: str
    grouping: str


WRITINGS = (
    Writing("1234.5", r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", ".", ""),
    Writing("1,234.5", r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+", ".", ","),
    Writing("1.234,5", r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?|,[0-9]+", ",", "."),
    Writing("1 234,5", rf"[0-9]{{1,3}}(?:[{_SPACE}][0-9]{{3}})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?", ",", _SPACE),
    Writing("1 234.5", rf"[0-9]{{1,3}}(?:[{_SPACE}][0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?", ".", _SPACE),
    Writing("1'234.5", r"[0-9]{1,3}(?:['’][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?", ".", "'’"),
)
_ALLOWED = {writing.name: re.compile(writing.digits) for writing in WRITINGS}


@dataclass(frozen=True, slots=True)
class NumberCell:
    """One cell that looks like a number."""

    digits: str
    unit: str
    negative: bool
    times: str
    plain: bool
    """Nothing but digits, a point, a minus and an exponent: the database's own cast reads it."""
    mark: str = ""
    """The unit as it is written."""
    power: bool = False
    """Whether it has an exponent."""

    def fits(self, writing: Writing) -> bool:
        """Whether its digits are a number in that writing."""
        return _ALLOWED[writing.name].fullmatch(self.digits) is not None


def number_in(text: str) -> NumberCell | None:
    """The number that the cell seems to be, None if it is something else."""
    if plain_number := PLAIN_NUMBER.fullmatch(text):
        return NumberCell(plain_number[2], "", bool(plain_number[1]), "", plain=True, power="e" in text.casefold())
    text = text.translate(WIDE) if not text.isascii() else text
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    part = found.groupdict(default="")
    if bool(part["open"]) != bool(part["close"]) or (part["before"] and part["after"]) or sum(map(bool, _signs(part))) > 1:
        return None
    unit = part["before"] or part["after"]
    plain = not (unit or part["times"] or part["open"] or part["trailing"] or part["inner"]) and part["sign"] in ("", "-")
    plain = plain and text == part["sign"] + part["digits"] + part["power"]
    if part["power"] and (part["times"] or part["trailing"]):
        return None
    negative = any(sign and sign in f"{MINUS}(" for sign in _signs(part))
    return NumberCell(part["digits"], CURRENCIES.get(unit, unit), negative, part["times"], plain, unit, bool(part["power"]))


def _signs(part: dict[str, str]) -> tuple[str, str, str, str]:
    return part["sign"], part["inner"], part["trailing"], part["open"]


def is_missing(text: str) -> bool:
    """Whether the cell is empty or a word for a missing value."""
    return text.strip().casefold() in MISSING


@lru_cache(maxsize=65536)
def is_valuelike(text: str) -> bool:
    """Whether the cell is a number, a date or a time rather than words."""
    return number_in(text) is not None or bool(formats_of(text))
