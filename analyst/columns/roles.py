"""What a column is for, from its type, its header and its cells."""

from __future__ import annotations

import re
from typing import Literal

from analyst.columns.headers import header_words
from analyst.terms import Role
from connectors.base import ColumnStatistics

Kind = Literal["number", "integer", "text", "boolean", "date", "time", "other"]
"""What a database type holds; integer is a number without fractions, time is a time of day."""

NUMBER = re.compile(r"^(DECIMAL|NUMERIC|NUMBER|DOUBLE|FLOAT|REAL|MONEY)", re.I)
INTEGER = re.compile(r"^(U?(TINY|SMALL|BIG|HUGE|MEDIUM)?INT|INTEGER|(BIG|SMALL)?SERIAL|LONG|SHORT|BYTE$)", re.I)
TEXT = re.compile(
    r"^(VARCHAR|CHAR|TEXT|STRING|NVARCHAR|NCHAR|CLOB|ENUM|UUID|(LONG|MEDIUM|TINY)TEXT|BPCHAR|CITEXT|FIXEDSTRING|LOWCARDINALITY)", re.I
)
MOMENT = re.compile(r"^(DATE|TIMESTAMP|DATETIME)", re.I)

IDENTIFIERS = {
    "id", "ids", "uid", "uuid", "guid", "key", "phone", "telephone", "tel", "mobile", "fax", "isbn", "issn", "ssn", "sku", "ean", "upc",
    "vin", "iban", "imei", "barcode", "email", "url", "hash", "token", "username", "login", "编号", "序号", "单号", "订单号", "电话",
    "手机", "手机号", "身份证", "身份证号", "证件号", "邮箱", "学号", "工号", "卡号", "账号", "流水号",
}  # fmt: skip
"""Header words of columns whose cells name one thing each."""
CODES = {
    "zip", "zipcode", "postcode", "postal", "code", "邮编", "邮政编码", "代码", "区号", "编码", "lat", "lng", "latitude", "longitude",
    "纬度", "经度",
}  # fmt: skip
"""Header words of columns that look like numbers and are neither summed nor unique."""
COUNTED = {"total", "sum", "avg", "average", "mean", "max", "min", "count", "of"}
"""Header words by which number means how many, as in total_number."""
NUMBERS_OF_THINGS = {"no", "nr", "num", "nbr", "number", "#", "index", "idx", "rowid", "row", "号", "号码"}
"""Header words that mean an identifier only where every cell differs."""
YEARS = {"year", "years", "yr", "fy", "年", "年份", "年度", "founded", "opened", "established", "built", "birthyear", "since", "出生年"}
PERIODS = {"month", "quarter", "qtr", "week", "weekday", "dayofweek", "day", "hour", "月", "月份", "季度", "周", "星期", "日", "小时"}
CLASSES = {
    "class", "pclass", "level", "grade", "tier", "type", "category", "group", "cluster", "status", "flag", "stage", "phase", "round",
    "season", "segment", "sex", "gender", "is", "has", "survived", "等级", "级别", "类型", "类别", "状态", "性别", "档", "季",
}  # fmt: skip
"""Header words of whole numbers that name a kind and are not added up."""
YEAR_MONTH = re.compile(r"^\d{4}[-/.年](0?[1-9]|1[0-2])月?$|^\d{4}[- ]?Q[1-4]$|^\d{4}年?第?[一二三四1-4]季度$")
LONG_TEXT = 60  # characters; values longer than this on average are sentences, which nobody groups by


def kind_of(type_name: str) -> Kind:
    """What a database type holds, such as number for DECIMAL(12,2)."""
    bare = re.sub(r"^(Nullable|LowCardinality)\((.*)\)$", r"\2", type_name.strip())
    if bare.upper().startswith("BOOL"):
        return "boolean"
    if bare.endswith("]") or bare.upper().startswith(("STRUCT", "MAP", "LIST", "ARRAY", "UNION", "JSON", "BLOB", "INTERVAL")):
        return "other"
    if MOMENT.match(bare):
        return "date"
    if INTEGER.match(bare):
        return "integer"
    if NUMBER.match(bare):
        return "number"
    if TEXT.match(bare):
        return "text"
    return "time" if bare.upper().startswith("TIME") else "other"


def role_of(statistics: ColumnStatistics, type_name: str, key: bool = False) -> Role:
    """The role of a column; `key` says that its cells are never missing and never repeat."""
    words = header_words(statistics.name)
    match kind_of(type_name):
        case "boolean" | "time":
            return "dimension"
        case "date":
            return "time"
        case "integer":
            return _role_of_integers(statistics, words, key)
        case "number":
            return _role_of_numbers(statistics, words)
        case "text":
            return _role_of_text(statistics, words, key)
        case _:
            return "text"


def names_things(words: tuple[str, ...]) -> bool:
    """Whether a header says that its cells are identifiers."""
    return any(_ends_with(words, ending) for ending in IDENTIFIERS)


def _role_of_integers(statistics: ColumnStatistics, words: tuple[str, ...], key: bool) -> Role:
    if names_things(words) or (key and any(_ends_with(words, ending) for ending in NUMBERS_OF_THINGS)) or (key and _run_together(words)):
        return "identifier"
    if len(words) > 1 and words[-1] in NUMBERS_OF_THINGS and not COUNTED & set(words):
        return "identifier"
    if words and len(words[-1]) > 1 and words[-1].endswith(("号", "号码")) and not words[-1].endswith(("型号", "几号")):
        return "identifier"  # 小票号, 房号: nobody adds them up
    if any(_has(words, word) for word in CODES):
        return "identifier" if key else "dimension"
    low, high = statistics.minimum, statistics.maximum
    if isinstance(low, int) and isinstance(high, int):
        if any(_has(words, word) for word in YEARS) and 1000 <= low <= high <= 2200:
            return "time"
        if any(_ends_with(words, word) for word in PERIODS) and 0 <= low <= high <= 53:
            return "dimension"
        if {low, high} <= {0, 1} and statistics.distinct <= 2 and statistics.rows > 2:
            return "dimension"
    if any(_has(words, word) for word in CLASSES) and statistics.distinct <= 20:
        return "dimension"
    return "measure"


def _role_of_numbers(statistics: ColumnStatistics, words: tuple[str, ...]) -> Role:
    # Whole numbers with missing cells arrive as DOUBLE from some sources.
    whole = all(isinstance(value, (int, float)) and float(value).is_integer() for value, _ in statistics.frequent)
    if whole and statistics.frequent and names_things(words):
        return "identifier"
    return "dimension" if any(_has(words, word) for word in CODES) else "measure"


def _role_of_text(statistics: ColumnStatistics, words: tuple[str, ...], key: bool) -> Role:
    samples = [str(value) for value, _ in statistics.frequent]
    if not samples:
        return "dimension"
    if all(YEAR_MONTH.match(sample) for sample in samples):
        return "time"
    if sum(map(len, samples)) / len(samples) > LONG_TEXT:
        return "text"
    if names_things(words):
        return "identifier"
    numbered = any(character.isdigit() for character in samples[0]) and " " not in samples[0]
    if key and numbered and any(_ends_with(words, ending) for ending in NUMBERS_OF_THINGS | CODES):
        return "identifier"
    return "dimension"


def _has(words: tuple[str, ...], word: str) -> bool:
    return word in words or (not word.isascii() and any(word in own for own in words if len(word) > 1 or own.endswith(word)))


def _ends_with(words: tuple[str, ...], ending: str) -> bool:
    """Whether the last word is the ending; Chinese words run together, and English ids may, as in 'userid'."""
    if not words:
        return False
    last = words[-1]
    if last == ending or (not ending.isascii() and last.endswith(ending)):
        return True
    return ending == "id" and len(last) > 4 and last.endswith("id") and last not in NO_IDS


def _run_together(words: tuple[str, ...]) -> bool:
    """Whether a header is one word that ends in 'num' or 'nbr', as in 'storenum'."""
    return len(words) == 1 and len(words[0]) > 5 and words[0].endswith(("num", "nbr"))


NO_IDS = {
    "paid", "valid", "invalid", "grid", "hybrid", "covid", "rapid", "unpaid", "prepaid", "liquid", "solid", "fluid", "android", "humid",
    "acid", "bid",
}  # fmt: skip
