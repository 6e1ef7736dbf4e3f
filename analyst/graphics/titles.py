"""The title of a chart: what is measured, by what, in the question's language."""

from __future__ import annotations

import re

from analyst.columns.headers import header_words
from analyst.graphics.shapes import Encoding, Shape, View
from analyst.sql.lineage import Lineage
from analyst.terms import Bilingual, Language, Mark
from analyst.writing.periods import Grain

LONGEST = 90
"""Characters of a title; a longer one would be cut on a phone."""

ACRONYMS = frozenset({"id", "gdp", "usd", "eur", "vat", "roi", "kpi", "url", "api", "hr", "it", "us", "uk", "eu", "bmi", "sku", "ceo"})

FUNCTIONS: dict[str, Bilingual] = {
    "sum": Bilingual("total {}", "{}总计"),
    "avg": Bilingual("average {}", "平均{}"),
    "median": Bilingual("median {}", "{}中位数"),
    "quantilecont": Bilingual("quantile of {}", "{}分位数"),
    "min": Bilingual("lowest {}", "最低{}"),
    "max": Bilingual("highest {}", "最高{}"),
    "stddev": Bilingual("standard deviation of {}", "{}标准差"),
    "count": Bilingual("number of different {}", "不同{}的数量"),
}
"""How an unnamed aggregate is called."""

CALL = re.compile(r"(\w+)\s*\((.*)\)")
WRAPPERS = frozenset({"round", "cast", "coalesce"})
"""Functions that change nothing of what a column means."""

GRAINS: dict[Grain, Bilingual] = {
    "year": Bilingual("by year", "历年{}"),
    "quarter": Bilingual("by quarter", "各季度{}"),
    "month": Bilingual("by month", "每月{}"),
    "week": Bilingual("by week", "每周{}"),
    "day": Bilingual("by day", "每日{}"),
    "minute": Bilingual("over time", "{}随时间的变化"),
    "quarter_of_year": Bilingual("by quarter", "各季度{}"),
    "month_of_year": Bilingual("by month of the year", "各月{}"),
    "weekday": Bilingual("by day of the week", "一周各天{}"),
    "day_of_month": Bilingual("by day of the month", "每月各日{}"),
    "hour_of_day": Bilingual("by hour of the day", "各时段{}"),
}


def title(view: View, encoding: Encoding, mark: Mark, language: Language) -> str:
    """A title such as 'Total sales by region: top 5' or '各地区的销售额（前5名）'."""
    words = _chinese(view, encoding, mark) if language == "zh" else _english(view, encoding, mark)
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _english(view: View, encoding: Encoding, mark: Mark) -> str:
    x, y, color = encoding.x, encoding.y, encoding.color
    measured = _listed([measure_name(shape, "en") for shape in y], ", ", " and ")
    match mark:
        case "table" | "number" if not y:
            words = _listed([plain_name(shape.name) for shape in view.shapes[:4]], ", ", " and ")
        case "histogram" if x is not None:
            words = f"distribution of {measure_name(x, 'en')}"
        case "box":
            words = f"spread of {measured}" + (f" by {plain_name(x.name)}" if x else "")
        case "scatter" if x is not None:
            words = f"{measured} against {measure_name(x, 'en')}" + (f", by {plain_name(color.name)}" if color else "")
        case _:
            words = measured + _english_groups(x, color)
    words += _top(view.lineage, x, view.rows, "en") if mark not in {"table", "number", "scatter"} else ""
    return words[:1].upper() + words[1:]


def _english_groups(x: Shape | None, color: Shape | None) -> str:
    if x is None:
        return ""
    first = GRAINS[x.grain].en if x.grain else f"by {plain_name(x.name)}"
    return f" {first}" + (f" and {plain_name(color.name)}" if color else "")


def _chinese(view: View, encoding: Encoding, mark: Mark) -> str:
    x, y, color = encoding.x, encoding.y, encoding.color
    measured = _listed([measure_name(shape, "zh") for shape in y], "、", "和")
    match mark:
        case "table" | "number" if not y:
            return _listed([plain_name(shape.name) for shape in view.shapes[:4]], "、", "和")
        case "histogram" if x is not None:
            return f"{measure_name(x, 'zh')}的分布"
        case "box":
            return spaced(f"各{plain_name(x.name)}的{measured}分布" if x else f"{measured}的分布")
        case "scatter" if x is not None:
            return spaced(f"{measured}与{measure_name(x, 'zh')}的关系" + (f"（按{plain_name(color.name)}）" if color else ""))
    words = _chinese_groups(x, color, measured)
    return spaced(words + (_top(view.lineage, x, view.rows, "zh") if mark not in {"table", "number"} else ""))


def _chinese_groups(x: Shape | None, color: Shape | None, measured: str) -> str:
    if x is None:
        return measured
    if x.grain:
        return (f"各{plain_name(color.name)}" if color else "") + GRAINS[x.grain].zh.format(measured)
    return f"各{plain_name(x.name)}" + (f"、{plain_name(color.name)}" if color else "") + f"的{measured}"


def _top(known: Lineage, x: Shape | None, rows: int, language: Language) -> str:
    """Says that only the first few are shown, where the query ordered and cut its rows."""
    if x is None or x.grain or not known.ordered or known.limit is None or known.limit > 50 or rows < 2 or rows != known.limit:
        return ""
    if language == "zh":
        return f"（{'前' if known.descending else '后'}{rows}名）"
    return f": {'top' if known.descending else 'lowest'} {rows}"


def measure_name(shape: Shape, language: Language) -> str:
    """What a column measures, by its alias if it has one, else by the function around its column."""
    name, origin = shape.name, shape.origin
    known = next((words for key, words in FUNCTIONS.items() if origin.function.startswith(key)), None)
    # An alias of a letter or two says nothing; a name with brackets is the database's own.
    if known is None or ("(" not in name and (len(name) > 2 or not name.isascii())):
        return column_label(name, language)
    return _of_function(known, origin.name, language)


def _of_function(words: Bilingual, column: str, language: Language) -> str:
    if not column or column == "*":
        return "数量" if language == "zh" else "number of rows"
    name = plain_name(column)
    # A column called total or 平均价 says itself what the function would add.
    told = words.en.split()[0] in name.split() or words.zh.replace("{}", "") in name
    return name if told else spaced(words.in_language(language).format(name))


def column_label(name: str, language: Language) -> str:
    """An output column's name as words, also where the database made it up: 'sum("Sales")' gives 'total Sales'."""
    called = CALL.fullmatch(name.strip())
    while called and called[1].casefold() in WRAPPERS:
        name = called[2].rsplit(",", 1)[0]
        called = CALL.fullmatch(name.strip())
    words = FUNCTIONS.get(called[1].casefold().removesuffix("_star")) if called else None
    if called is None or words is None:
        return plain_name(name.strip().strip('"'))
    return _of_function(words, called[2].strip().strip("*").strip('"').rsplit(".", 1)[-1].strip('"'), language)


def plain_name(header: str) -> str:
    """A header as words: 'unit_price' and 'UnitPrice' give 'unit price'; Chinese and headers with spaces stay as they are."""
    header = header.strip()
    if not header.isascii() or " " in header:
        return header
    words = [word.upper() if word in ACRONYMS else word for word in header_words(header)]
    return " ".join(words) or header


def spaced(text: str) -> str:
    """The text with a thin gap between Chinese characters and Latin words, as Chinese typesetting has it."""
    out = ""
    for character in text:
        if out and _meets(out[-1], character):
            out += " "
        out += character
    return out


def _meets(left: str, right: str) -> bool:
    chinese = ["\u3400" <= character <= "\u9fff" for character in (left, right)]
    latin = [character.isascii() and character.isalpha() for character in (left, right)]
    return (chinese[0] and latin[1]) or (latin[0] and chinese[1])


def _listed(names: list[str], comma: str, last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return comma.join(names[:-1]) + last + names[-1]
