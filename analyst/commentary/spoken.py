"""Numbers, units and column names as a sentence says them, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.wording import Language

SCALES: Mapping[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}
CURRENCY_WORDS: Mapping[str, str] = {"$": "美元", "US$": "美元", "¥": "元", "￥": "元", "€": "欧元", "£": "英镑"}
"""Chinese puts the currency behind the number, as a word."""
CURRENCY_SIGNS: Mapping[str, str] = {"元": "¥", "美元": "$", "欧元": "€", "英镑": "£", "￥": "¥"}
"""English puts it before the number, as a sign."""
SCALED_UNIT = re.compile(r"^[十百千万亿]")
"""Units such as 万元 that hold a scale already; a second one before them reads wrong."""
CALL = re.compile(r"^\s*(\w+)\s*\(\s*(?:distinct\s+)?[\"']?(.*?)[\"']?\s*\)\s*$", re.IGNORECASE)
CALLED: Mapping[str, tuple[str, str]] = {
    "sum": ("total {}", "{}总和"),
    "avg": ("average {}", "平均{}"),
    "mean": ("average {}", "平均{}"),
    "min": ("lowest {}", "最低{}"),
    "max": ("highest {}", "最高{}"),
    "median": ("median {}", "{}中位数"),
    "count": ("number of {}", "{}数量"),
}


def spoken(number: float, language: Language, unit: str = "") -> str:
    """A number in three or four digits with its unit: 1.23 million, 123万, $4,560, 12.5%, 30 kg."""
    unit = unit.strip()
    size = abs(number)
    scales = () if SCALED_UNIT.match(unit) or unit == "%" else SCALES[language]
    # 999,996 is written 1 million: the scale is chosen by what would be written.
    scale, word = next(((scale, word) for scale, word in scales if size >= scale * 0.99995), (1.0, ""))
    return _with_unit(digits(number / scale) + word, language, unit)


def percent(number: float) -> str:
    """A percentage: 12.5%."""
    return digits(number, 1) + "%"


def digits(number: float, decimals: int | None = None) -> str:
    """A number with thousands separators and as many decimals as matter: 1,234, 123.4, 1.23, 0.0123."""
    size = abs(number)
    if size and size < (0.05 if decimals == 1 else 1):
        text = f"{number:.3g}" if size >= 0.0001 else f"{number:.2e}"
        return text if "e" in text else _plain(text)
    places = decimals if decimals is not None else 0 if size >= 1000 else 1 if size >= 100 else 2
    text = f"{number:,.{places}f}"
    return _plain(text)


def spoken_name(name: str, language: Language) -> str:
    """A result column's name as a sentence can hold it: count_star() becomes number of rows, total_sales total sales."""
    called = CALL.match(name)
    if name.strip().casefold() in ("count_star()", "count(*)", "count(1)"):
        return "number of rows" if language == "en" else "行数"
    if called and called[1].casefold() in CALLED:
        pattern = CALLED[called[1].casefold()][0 if language == "en" else 1]
        inner = spoken_name(called[2].rsplit(".", 1)[-1].strip('"'), language)
        # A column called Total needs no second "total".
        return inner if inner.casefold().split()[:1] == pattern.split()[:1] else pattern.format(inner)
    return name.replace("_", " ").strip() if re.fullmatch(r"\w+", name) else name


def _plain(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "-0.0") else text


def _with_unit(text: str, language: Language, unit: str) -> str:
    if not unit:
        return text
    if language == "zh" and unit in CURRENCY_WORDS:
        return text + CURRENCY_WORDS[unit]
    unit = CURRENCY_SIGNS.get(unit, unit) if language == "en" else unit
    if unit in CURRENCY_WORDS:
        return f"-{unit}{text[1:]}" if text.startswith("-") else unit + text
    if unit in ("%", "‰", "°C", "°F", "°"):
        return text + unit
    return f"{text} {unit}" if language == "en" or unit.isascii() else text + unit
