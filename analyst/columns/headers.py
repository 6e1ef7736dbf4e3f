"""What a column header says: its words, and the unit it names."""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[\u3400-\u9fff]+|[^\W\d_A-Za-z\u3400-\u9fff]+")
BRACKETED = re.compile(r"[\(\[（【]([^\)\]）】]{1,16})[\)\]）】]\s*$")

SYMBOLS = {
    "usd": "$", "us$": "$", "$": "$", "dollar": "$", "dollars": "$", "美元": "美元", "eur": "€", "euro": "€", "euros": "€", "€": "€",
    "欧元": "欧元", "gbp": "£", "£": "£", "cny": "¥", "rmb": "¥", "¥": "¥", "￥": "¥", "元": "元", "人民币": "元", "万元": "万元",
    "亿元": "亿元", "jpy": "JPY", "inr": "INR", "chf": "CHF", "cad": "CAD", "aud": "AUD", "hkd": "HKD", "%": "%", "percent": "%",
    "percentage": "%", "pct": "%", "百分比": "%", "‰": "‰", "kg": "kg", "kgs": "kg", "mg": "mg", "lb": "lb", "lbs": "lb", "oz": "oz",
    "公斤": "公斤", "千克": "千克", "克": "克", "吨": "吨", "km": "km", "cm": "cm", "mm": "mm", "ft": "ft", "feet": "ft", "inches": "in",
    "miles": "mi", "mile": "mi", "公里": "公里", "千米": "千米", "米": "米", "厘米": "厘米", "sqft": "sq ft", "m2": "m²", "m²": "m²",
    "㎡": "㎡", "km2": "km²", "km²": "km²", "平方米": "平方米", "亩": "亩", "kwh": "kWh", "mwh": "MWh", "kw": "kW", "mw": "MW",
    "mph": "mph", "kmh": "km/h", "km/h": "km/h", "mpg": "mpg", "rpm": "rpm", "kb": "KB", "mb": "MB", "gb": "GB", "ms": "ms", "secs": "s",
    "seconds": "s", "秒": "秒", "mins": "min", "minutes": "min", "分钟": "分钟", "hours": "h", "hrs": "h", "小时": "小时", "天": "天",
    "celsius": "°C", "fahrenheit": "°F", "°c": "°C", "°f": "°F", "℃": "°C", "℉": "°F", "摄氏度": "°C", "件": "件", "个": "个", "人": "人",
    "台": "台", "套": "套", "次": "次", "万人": "万人", "ppm": "ppm", "bps": "bps",
}  # fmt: skip
"""How a unit is written in headers -> how we write it."""

BRACKETS_ONLY = {
    "g": "g", "m": "m", "t": "t", "l": "L", "ml": "mL", "h": "h", "s": "s", "min": "min", "in": "in", "mi": "mi", "c": "°C", "f": "°F",
}  # fmt: skip
"""Units that are also a letter or a word, so they count only where a header puts them in brackets."""


@lru_cache(maxsize=8192)
def header_words(header: str) -> tuple[str, ...]:
    """The words of a header or table name in lower case: 'CustomerID' and 'customer_id' both give customer, id."""
    return tuple(word.casefold() for word in WORD.findall(header))


@lru_cache(maxsize=8192)
def header_unit(header: str) -> str:
    """The unit a header names, as in 'Weight (kg)', 'price_usd', 'Revenue ($)', '销售额（万元）'; empty where it names none."""
    bracketed = BRACKETED.search(header)
    if bracketed:
        written = bracketed[1].strip().casefold()
        return SYMBOLS.get(written) or BRACKETS_ONLY.get(written) or _compound(bracketed[1].strip())
    # "Tax 5%" names a rate, and its cells hold amounts.
    if re.search(r"(?<!\d)\s*[%$€£¥]$", header.rstrip()) and not re.search(r"\d\s*%$", header.rstrip()):
        return header.rstrip()[-1]
    words = header_words(header)
    # The first word alone is a name: a column called "Miles" or "Hours" counts them, one called "Percent" is a percentage.
    if len(words) < 2 and words not in (("percent",), ("percentage",), ("pct",), ("百分比",)):
        return ""
    return SYMBOLS.get(words[-1], "")


def singular(word: str) -> str:
    """An English word without its plural ending; close enough to compare names with."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "uses")) and not word.endswith(("ouses", "auses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _compound(written: str) -> str:
    """Units joined by a slash or a hyphen, such as USD/kg; empty if a part is unknown."""
    parts = [part.strip().casefold() for part in written.split("/")]
    known = [SYMBOLS.get(part) or BRACKETS_ONLY.get(part) or (part if part in PER else "") for part in parts]
    return "/".join(known) if len(parts) > 1 and all(known) else ""


PER = {"year", "month", "week", "day", "hour", "person", "capita", "unit", "年", "月", "日", "天", "人", "平方米", "㎡"}
