"""Headers without the unit of their numbers: a price in dollars is a price."""

from __future__ import annotations

import re

from analyst.columns.headers import header_unit

BRACKETED = re.compile(r"\s*[(（\[【]([^)）\]】]*)[)）\]】]\s*$")
SPELT = re.compile(
    r"(?<=[a-z0-9一-鿿])[_\s]+(usd|eur|gbp|cny|rmb|jpy|inr|kwh|mwh|kw|kg|lbs?|km|cm|mm|mm_s|ms|secs|mins|hrs|minutes|kmh|mph|mb|gb|ml"
    r"|celsius|fahrenheit|万元|亿元|美元|欧元|人民币|元|(?<=temp_)[cf]|(?<=temperature_)[cf])\s*$"
    r"|(?<=duration_)mins?$|(?<=time_)mins?$|(?<=wait_)mins?$|(?<=delay_)mins?$|(?<=length_)mins?$"
    r"|(?<=distance_)m$|(?<=length_)m$|(?<=height_)m$|(?<=depth_)m$|(?<=width_)m$|(?<=elevation_)m$|(?<=altitude_)m$"
    r"|(?-i:(?:(?<=uration)|(?<=ength)|(?<=ime)|(?<=ait)|(?<=elay))Mins?$|(?<=[a-z])(?:Hrs|Secs|Sec|Kg|Km|Cm|Mm|Usd|Eur|Gbp)$)"
    r"|(?<=[一-鿿])(kg|km|cm|mm|kwh|mb|gb|ml|usd|eur|cny|rmb)$"
    r"|(?<=[一-鿿]{2})(小时|秒|分钟|公里|公斤|千克|万元|亿元|美元|欧元|人民币|(?<!单)元)$",
    re.IGNORECASE,
)
"""Units that stand at the end of a header, in brackets or after an underscore."""


def without_unit(header: str) -> str:
    """The header without the unit at its end; itself where there is none, or nothing else."""
    pattern = BRACKETED if BRACKETED.search(header) and header_unit(header) else SPELT
    return pattern.sub("", header).strip() or header


def unit_of(header: str) -> str:
    """The unit at the end of a header, in lower case; empty where there is none."""
    bare = without_unit(header)
    return header[len(bare) :].strip(" _()（）[]【】").lower() if bare != header else ""
