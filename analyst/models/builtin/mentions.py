"""A question as a row of mentions: columns, tables, values, numbers, periods and requests that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from analyst.models.builtin.clock import clock_times
from analyst.models.builtin.dates import periods
from analyst.models.builtin.exchange import spans_meant
from analyst.models.builtin.numbers import ENGLISH as WORDED_NUMBERS
from analyst.models.builtin.numbers import numbers
from analyst.models.builtin.spoken import Period
from analyst.terms import ColumnMatch, Links, Question, ValueMatch
from analyst.words.lexicon import common_words, everyday_words, header_vocabulary
from analyst.words.requests import Request, longest_request, request_words, requests
from analyst.words.spelling import Speller
from analyst.words.tokens import Word, header_stems, is_chinese, stem, words

REQUEST_WEIGHT = {
    "above": 1.06,
    "apiece": 1.06,
    "below": 1.06,
    "moving": 1.1,
    "cumulative": 1.0,
    "agg": 1.03,
    "count": 1.03,
    "super": 1.03,
    "cmp": 1.02,
    "group": 1.0,
    "neg": 1.0,
    "chart": 0.97,
    "fullname": 1.2,
    "list": 0.55,
    "trend": 1.0,
    "desc": 1.03,
    "asc": 1.03,
    "all": 0.6,
    "rowword": 0.55,
    "axis": 0.5,
    "drill": 0.9,
    "and": 0.9,
    "or": 0.9,
    "to": 0.3,
    "rank": 0.7,
    "which": 0.7,
    "hist": 0.75,
    "growth": 0.8,
    "share": 0.85,
    "grain": 1.0,
    "sort": 0.9,
    "basket": 1.02,
    "margin": 0.9,
    "worth": 1.02,
    "top": 1.0,
    "howmuch": 0.9,
    "both": 0.8,
    "tail": 1.0,
    "corr": 0.8,
    "compare": 0.8,
    "contains": 0.85,
    "moved": 0.9,
    "money": 0.8,
    "null": 1.05,
    "when": 0.9,
    "starts": 0.95,
    "ends": 0.95,
    "weekendsplit": 1.3,
    "idle": 0.9,
}
"""How much a word of a request outweighs a header of the same words (1 for a header's own)."""


BARE = ("数量", "总数", "人数", "次数", "个数", "单数", "quantity")
"""Words that count, unless a header is just that word."""


OF_ORDERS = frozenset(
    ("count", "value", "quantity", "volume", "number", "size", "total", "amount", "status", "id", "date", "line", "item", "history")
)
OF_ORDERING = frozenset(
    ("only", "once", "twice", "more", "less", "at", "a", "an", "the", "least", "nothing", "something", "anything", "exactly", "during")
)
"""Words after 'order' where it is a thing rather than a sorting."""
APIECE = frozenset(("each", "every", "per", "different"))
"""Words before a thing: 'of each rank' sorts nothing."""
PLURALS = frozenset(("orders", "ranks", "lists", "shows"))
"""Things rather than commands: nobody asks to 'orders' rows."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Some words of the question and what they speak of."""

    kind: str
    """column, table, value, number, period, word, sign, or the kind of a request."""
    text: str
    start: int
    end: int
    value: str = ""
    """Of a request: what it asks for."""
    requests: tuple[Request, ...] = ()
    columns: tuple[ColumnMatch, ...] = ()
    values: tuple[ValueMatch, ...] = ()
    number: int | float = 0
    period: Period | None = None
    weight: float = 0.0
    more: tuple[Mention, ...] = ()
    """Other kinds of mention for the same words."""

    def asks(self, kind: str) -> str | None:
        """What this mention asks for of a kind; None if it does not."""
        return next((request.value for request in self.requests if request.kind == kind), None)


def mentions(question: Question, links: Links) -> list[Mention]:
    """The best row of mentions: together they explain the most words, the longest first."""
    text = question.text
    spoken = spelt(text, words(text), links)
    at_start = {word.start: number for number, word in enumerate(spoken)}
    at_end = {word.end: number + 1 for number, word in enumerate(spoken)}
    spans: dict[tuple[int, int], list[Mention]] = {}
    asked = [mention for mention in requested(text, spoken) if not (mention.kind == "basket" and names_rows(mention, links))]
    for mention in [*asked, *splits_week(text), *linked(text, links), *dated(text), *counted(text)]:
        first, last = covering(mention.start, at_start), covering(mention.end, at_end, ending=True)
        if first is not None and last is not None and first < last:
            size = last - first
            spans.setdefault((first, last), []).append(weighed(mention, size))
    row = settled(of_each(split_extremes(best_row(text, spoken, spans))))
    return [mention for mention in row if any(start <= mention.start and mention.end <= end for start, end in spans_meant(text))]


def split_extremes(row: list[Mention]) -> list[Mention]:
    """The row with 'the maximum visitors' of 'the hall with the maximum visitors' in two: an extreme, and the header maxVisitors."""
    found: list[Mention] = []
    for at, mention in enumerate(row):
        first, _, rest = mention.text.partition(" ")
        asked = requests().get((first.lower(),)) if mention.kind == "column" and rest and first.lower() in EXTREMES else None
        if not asked or not {"with", "has", "have"} & {before.text.lower() for before in row[max(0, at - 2) : at]}:
            found.append(mention)
            continue
        cut = mention.start + len(first)
        supers = tuple(request for request in asked if request.kind == "super")
        found += [
            Mention("super", first, mention.start, cut, supers[0].value, supers),
            replace(mention, text=rest.strip(), start=mention.end - len(rest.strip())),
        ]
    return found


EXTREMES = ("maximum", "minimum", "max", "min")


def of_each(row: list[Mention]) -> list[Mention]:
    """The row with the 一个 of 平均一个教练带几个学员 as 每个, and with 月均 in two: 平均 and 每月."""
    found: list[Mention] = []
    for mention in row:
        if mention.kind == "grain" and mention.text in EACH_ON_AVERAGE:  # 月均销售额
            cut = mention.start + 1
            found.append(Mention("agg", "平均", mention.start, cut, "avg", (Request("agg", "avg"),)))
            found.append(replace(mention, text="每" + mention.text[0], start=cut))
            continue
        before = found[-2:]
        if len(before) > 1 and before[0].text == "平均" and before[1].text == "一" and mention.text in ("个", "位", "名", "家", "间"):
            found[-1] = Mention("group", "每" + mention.text, before[1].start, mention.end, "by", (Request("group", "by"),))
        else:
            found.append(mention)
    return found


EACH_ON_AVERAGE = frozenset(("月均", "日均", "周均", "年均"))


def settled(row: list[Mention]) -> list[Mention]:
    """The row with endings read by what stands before them: in 'departing date' the date is that of the departure, 城市名称 is the city,
    段落数 counts paragraphs."""
    said = ["", *(mention.text.lower() for mention in row)]
    row[:] = [
        replace(mention, kind="table", values=()) if is_rows(mention, before) else mention
        for mention, before in zip(row, said, strict=False)
    ]
    for at in range(1, len(row)):
        before, here = row[at - 1], row[at]
        if here.text.lower() in ("mins", "min") and before.kind == "number":
            row[at] = here = Mention("word", here.text, here.start, here.end, value="minute")  # between 30 and 45 mins
        if here.kind == "idle" or here.text.lower() == "either" or (before.kind == here.kind == "column" and ends_header(before, here)):
            row[at] = Mention("word", here.text, here.start, here.end, value="the")
        if before.end != here.start or not is_chinese(before.text):
            continue  # below is Chinese only
        if here.text in NUMBER_ZH and before.text == "的" and at > 2 and row[at - 3].text == "不同" and row[at - 2].columns:
            row[at] = Mention("count", here.text, here.start, here.end, "rows", (Request("count", "rows"),))  # 不同客户的数量
            row[at - 3] = replace(row[at - 3], requests=(Request("distinct", "distinct"),))
        if here.kind == "howmuch" and before.text in ("各", "各有", "各是", "分别有") and at > 1 and row[at - 2].kind == "table":
            row[at] = Mention("count", here.text, here.start, here.end, "rows", (Request("count", "rows"),))  # 男女学员各多少
        whole = before.kind == "column" and bool(before.columns[0].column) and before.columns[0].score >= WHOLE
        if here.text in ("名称", "名字", "名") and here.kind == "column" and whole:
            row[at] = Mention("word", here.text, here.start, here.end, value=here.text)
        elif here.text == "数" and here.kind == "word" and before.kind == "table":
            row[at] = Mention("count", here.text, here.start, here.end, "rows", (Request("count", "rows"),))
    return row


NUMBER_ZH = ("数量", "个数", "数目")


def overlapping(row: Sequence[Mention], start: int, end: int) -> list[int]:
    """Places of the mentions that hold a part of a stretch of the text."""
    return [at for at, mention in enumerate(row) if mention.start < end and mention.end > start]


def naming(mention: Mention, table: str, column: str) -> ColumnMatch:
    """What a mention is linked with where it is known to name a column."""
    return ColumnMatch(mention.text, mention.start, table, column, 1.0)


def is_rows(mention: Mention, before: str = "") -> bool:
    """Whether the word for a table's rows is no cell: gardeners, one of whose jobs is Gardener; the driver, whom one row calls driver;
    cards, of which some are of credit."""
    if mention.kind not in ("value", "table") or not mention.columns or mention.columns[0].column or not mention.values:
        return False
    score, said, cell = mention.columns[0].score, mention.text.lower(), str(mention.values[0].value)
    plural = said.endswith("s") and not cell.lower().endswith("s")
    in_other_words = stem(said) not in {stem(word) for word in cell.lower().split()}
    return (score >= 1.0 and (plural or (before in THING_AFTER and mention.text == said))) or (score >= ROWS and in_other_words)


ROWS = 0.85  # of a link with a table, from where on a cell that is called otherwise is not meant
THING_AFTER = ("the", "a", "an", "each", "every")


def ends_header(before: Mention, here: Mention) -> bool:
    """Whether a word for kinds of columns only ends the name of the one before it, as 'date' does in 'arriving date' for date_arrived."""
    best = before.columns[0]
    said = {stem(word) for word in here.text.lower().removesuffix(" of").split()}
    weak = here.columns[0].score < HELD and best.score >= HELD and len(before.columns) == 1
    return weak and bool(said) and said <= set(header_stems(best.column, header_vocabulary())) & ENDINGS


ENDINGS = frozenset(("date", "time", "number", "name", "code", "type", "id", "year"))


def names_rows(mention: Mention, links: Links) -> bool:
    """Whether a figure's words end in those of a table, as 'average tickets' over a table of tickets."""
    tables = [match for match in links.columns if not match.column and match.score >= HELD]
    return mention.text.lower().endswith("s") and any(mention.end == match.start + len(match.words) for match in tables)


def spelt(text: str, spoken: tuple[Word, ...], links: Links) -> tuple[Word, ...]:
    """The words with slips mended where a request was meant and nothing in the data answers to them: 'hwo many', 'avarage', 'revnue'."""
    held = {at for match in links.columns if match.score >= HELD for at in range(match.start, match.start + len(match.words))}
    held |= {at for value in links.values if value.score >= HELD for at in range(value.start, value.start + len(value.words))}
    held |= {at for mention in dated(text) for at in range(mention.start, mention.end)}
    return tuple(word if word.start in held else mended(word) for word in spoken)


def mended(word: Word) -> Word:
    """The word as it is spelt in requests; itself where it is known, a name, an inflected form of another word, or too far off."""
    plain = word.stem.isascii() and word.stem.isalpha() and not word.text[:1].isupper() and not word.stem.endswith(INFLECTED)
    if not plain or word.stem in known_words():
        return word
    form = SWAPPED.get(word.stem) or (speller().correct(word.stem) if len(word.stem) >= MENDED else None)
    return Word(word.text, form, word.start, word.end) if form and (form[0] == word.stem[0] or word.stem in SWAPPED) else word


SWAPPED = {"hwo": "how", "teh": "the", "waht": "what", "wich": "which", "whcih": "which", "mnay": "many", "hte": "the", "adn": "and"}
HELD = 0.5  # of a link, from where on its words are not misspelt requests
INFLECTED = ("ing", "ed", "er", "ly", "al")
MENDED = 6  # letters of the shortest word that is mended by its look


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Words that need no mending."""
    return common_words() | everyday_words() | request_words() | header_vocabulary()


@lru_cache(maxsize=1)
def speller() -> Speller:
    """Mends words of requests."""
    return Speller(word for word in request_words() if len(word) >= MENDED)


def weighed(mention: Mention, size: int) -> Mention:
    """The mention with its weight for a number of words."""
    return Mention(
        mention.kind,
        mention.text,
        mention.start,
        mention.end,
        mention.value,
        mention.requests,
        mention.columns,
        mention.values,
        mention.number,
        mention.period,
        mention.weight * size + 0.3 * (size - 1) * min(1.0, mention.weight),
    )


def covering(place: int, places: dict[int, int], ending: bool = False) -> int | None:
    """The word that begins (or ends) at a place, or the nearest beyond it."""
    if place in places:
        return places[place]
    nearer = [number for at, number in places.items() if (at >= place if ending else at <= place)]
    return (min(nearer) if ending else max(nearer)) if nearer else None


def best_row(text: str, spoken: tuple[Word, ...], spans: dict[tuple[int, int], list[Mention]]) -> list[Mention]:
    """Mentions that do not overlap with the greatest sum of weights; words without one stay as words."""
    count = len(spoken)
    best: list[tuple[float, int, Mention | None]] = [(0.0, 0, None)] * (count + 1)
    ending: dict[int, list[tuple[int, list[Mention]]]] = {}
    for (first, last), found in spans.items():
        ending.setdefault(last, []).append((first, found))
    for at in range(1, count + 1):
        best[at] = (best[at - 1][0], at - 1, None)
        for first, found in ending.get(at, ()):
            ranked = sorted(found, key=lambda mention: -mention.weight)
            total = best[first][0] + ranked[0].weight
            if total > best[at][0] + 1e-9:
                best[at] = (total, first, with_others(ranked))
    row: list[Mention] = []
    at = count
    while at:
        _, before, mention = best[at]
        if mention:
            row.append(mention)
        else:
            word = spoken[at - 1]
            row.append(Mention("word" if word.text[0].isalnum() else "sign", word.text, word.start, word.end, value=word.stem))
        at = before
    return row[::-1]


def with_others(ranked: list[Mention]) -> Mention:
    """The likeliest of several mentions of the same words, with what the others know."""
    first = ranked[0]
    columns = first.columns or next((other.columns for other in ranked if other.columns), ())
    values = first.values or next((other.values for other in ranked if other.values), ())
    asked = first.requests or next((other.requests for other in ranked if other.requests), ())
    period = first.period or next((other.period for other in ranked if other.period), None)
    number = first.number or next((other.number for other in ranked if other.number), 0)
    return Mention(
        first.kind, first.text, first.start, first.end, first.value, asked, columns, values, number, period, first.weight, tuple(ranked[1:])
    )


def requested(text: str, spoken: tuple[Word, ...]) -> list[Mention]:
    """Every phrase of a request."""
    found = []
    known, longest = requests(), longest_request()
    for first in range(len(spoken)):
        for last in range(first + 1, min(len(spoken), first + longest) + 1):
            run = [word for word in spoken[first:last] if word.text not in "-'"]
            asked = known.get(tuple(word.stem for word in run)) if run and run[0] is spoken[first] and run[-1] is spoken[last - 1] else None
            if asked and run[0].text.lower() in PLURALS and (len(run) == 1 or asked[0].kind == "sort"):
                asked = None
            if asked and asked[0].kind == "null" and run[0].start and text[run[0].start - 1] in NOT_EMPTY:
                asked = None
            if asked and asked[0].kind == "tail" and last < len(spoken) and spoken[last].text[:1].isdigit():
                asked = None  # 'above 50 or below 46' compares with two numbers
            if asked and not (asked[0].kind == "sort" and is_noun(spoken, first, last)):
                start, end = run[0].start, run[-1].end
                weight = max(REQUEST_WEIGHT.get(request.kind, 0.92) for request in asked)
                weight *= BY if asked[0].kind == "growth" and run[0].stem == "by" else 1.0  # by how many percent
                weight *= (
                    WHICH if asked[0].kind in ("list", "which") and text[start : start + 2] == "哪几" else 1.0
                )  # 哪几家 counts nothing
                weight *= THE if len(run) == 2 and run[0].stem == "the" else 1.0
                found.append(Mention(asked[0].kind, text[start:end], start, end, asked[0].value, asked, weight=weight))
    return found


BY = 1.2
WHICH = 1.6


SPLIT = re.compile(
    r"周末(?:[(（][^()（）]*[)）])?(?:和|与|跟|、|对比|比)(?:工作日|平时|平日)|工作日(?:[(（][^()（）]*[)）])?(?:和|与|跟|、|对比|比)周末"
)
"""'周末(周六周日)和工作日'."""


def splits_week(text: str) -> list[Mention]:
    """Where weekends are told apart from working days, with what stands between in brackets."""
    asked = (Request("weekendsplit", "split"),)
    found = SPLIT.finditer(text)
    return [Mention("weekendsplit", m[0], m.start(), m.end(), "split", asked, weight=REQUEST_WEIGHT["weekendsplit"]) for m in found]


def is_noun(spoken: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether 'order' is a thing rather than a sorting: 'orders by status', 'order count', 'how many orders'."""
    said = spoken[first].text.lower()
    if said == "orders" or (said in ("order", "rank") and first and spoken[first - 1].text.lower() in APIECE):
        return True
    after = spoken[last].stem if last < len(spoken) else ""
    if said == "ordered" and last == first + 1 and after in OF_ORDERING:
        return True
    return said == "order" and last == first + 1 and after in OF_ORDERS


def linked(text: str, links: Links) -> list[Mention]:
    """Columns, tables and values, one mention a span."""
    columns: dict[tuple[int, int], list[ColumnMatch]] = {}
    for match in links.columns:
        columns.setdefault((match.start, match.start + len(match.words)), []).append(match)
    cells: dict[tuple[int, int], list[ValueMatch]] = {}
    for value in links.values:
        cells.setdefault((value.start, value.start + len(value.words)), []).append(value)
    found = []
    for (start, end), matches in columns.items():
        if commands(text, start, end):
            continue
        if end - start == 1 and is_chinese(text[start:end]) and start and text[start - 1] in COUNTED:
            continue
        top = matches[0]
        if text[start:end].lower() in WORDED_NUMBERS and top.score < WHOLE:
            continue  # two singles are no column of singles
        twin = not top.column and any(match.column and match.table == top.table and match.score >= top.score - 0.001 for match in matches)
        kind = "column" if top.column or twin else "table"
        weight = max(match.score for match in matches)
        asks = any(character in text[start:end] for character in "多少几") or (text[start:end] in BARE and weight >= 0.99)
        counting = weight >= OF_COUNT and text[start:end].lower().endswith(COUNTING)
        weight = 1.6 if counting else 1.1 if asks else WHOLE_HEADER if top.score >= WHOLE and " " in text[start:end] else weight
        found.append(Mention(kind, text[start:end], start, end, columns=tuple(matches), weight=weight))
    tables = {match.start + len(match.words) for match in links.columns if not match.column and match.score >= 1.0}
    for (start, end), values in cells.items():
        if commands(text, start, end) or (text[start:end].startswith("the ") and end in tables):
            continue
        found.append(
            Mention(
                "value",
                text[start:end],
                start,
                end,
                values=tuple(values),
                weight=values[0].score * (0.85 if text[start:end].isdigit() else 1.01),
            )
        )
    return found


WHOLE_HEADER = 1.08  # of the weight, for headers of several words that are said in full: a market share is no share
THE = 0.7  # of the weight where 'the' is one of two words: 'the most common' is 'most common' rather than 'the most'
COUNTED = "0123456789一二两三四五六七八九十几少"
"""Before a single character that is a measure word then: 三名, 多少名."""
NOT_EMPTY = "航天时星太夜高低"
"""Before 空, which is no missing cell then: 航空的."""
WHOLE = 0.97  # of a match with a whole header
OF_COUNT = 0.89  # of a match with a header that counts or numbers: flight numbers for FlightNo
COUNTING = (" count", " number", " total", " amount", " counts", " numbers")
"""How headers end that hold a count: 'room count of' names one before it asks to count."""
COMMANDS = frozenset(("return", "show", "list", "find", "plot", "draw", "give", "display", "create", "return me", "show me", "give me"))
ARTICLES = ("a ", "an ", "the ", "me ", "all ", "us ", "each ", "your ")


def commands(text: str, start: int, end: int) -> bool:
    """Whether the first word bids to do something, as in 'Return a bar chart': it is no cell and no header then."""
    return not text[:start].strip() and text[start:end].lower() in COMMANDS and text[end:].lstrip().lower().startswith(ARTICLES)


def dated(text: str) -> list[Mention]:
    """Periods."""
    return [
        Mention("period", text[one.start : one.end], one.start, one.end, period=one.period, weight=1.04)
        for one in [*clock_times(text), *periods(text)]
    ]


def counted(text: str) -> list[Mention]:
    """Numbers; those written as words weigh less, as they may be part of something else."""
    return [
        Mention("number", text[one.start : one.end], one.start, one.end, number=one.value, weight=0.7 if one.worded else 1.0)
        for one in numbers(text)
    ]


QUOTED = re.compile(r"[\"“”「《]([^\"“”」》]+)[\"“”」》]|(?<![A-Za-z])'([^']+)'(?![A-Za-z])|‘([^’]+)’")


def quotations(text: str) -> list[tuple[str, int, int]]:
    """Quoted texts with their places, quotation marks included."""
    return [(next(part for part in found.groups() if part), found.start(), found.end()) for found in QUOTED.finditer(text)]
