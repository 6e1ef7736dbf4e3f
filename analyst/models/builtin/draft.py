"""What has been understood of a question so far, and how its mentions are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import exp

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.choices import Chooser
from analyst.models.builtin.headers import is_very_header
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Condition, Elapsed, Expression, Field, GrainUnit, Measure, Order, Output, Test, TopEach, fields
from analyst.terms import Language, Mark
from analyst.words.names import WEAK_ALONE
from analyst.words.tokens import header_stems, stem

FILLERS = frozenset((
    "of", "the", "a", "an", "is", "are", "was", "were", "be", "been", "in", "on", "at", "for", "to", "with", "from", "that",
    "which", "who", "whose", "their", "its", "his", "her", "our", "my", "your", "it", "they", "them", "this", "these", "those",
    "has", "have", "had", "do", "does", "did", "as", "than", "there", "one", "ones", "all", "any", "only", "just", "also",
    "so", "please", "me", "us", "i", "we", "you", "and", "or", ",", "的", "了", "是", "在", "有", "地", "得", "那", "这", "个",
    "是", "我", "们", "你", "他", "她", "它", "呢", "吗", "中", "里", "内", "各", "自", "所", "被", "把", "给", "为", "将",
    "其", "该", "于", "之", "时", "和", "与", "and", "家", "名", "位", "座", "种", "类", "笔", "单", "条", "只", "本", "部",
    "款", "间", "场", "辆", "店", "上", "就", "都", "及", "-", "里面", "那些", "one", "范", "围", "区", "间", "位", "处", "达",
    "s", "each", "other", "than", "value", "values", "number", "这些", "said", "do", "out", "up", "have", "having", "over",
))  # fmt: skip
SEVERAL = re.compile(r"\s*what are the numbers? of (?!all |different |distinct |total )", re.IGNORECASE)
"""'What are the number of the cities of ...' asks for several numbers: one for each cell of the column."""
CURRENCIES = frozenset(("usd", "eur", "cny", "dollar", "美", "rmb"))
QUOTES = "\"'“”‘’《》「」()（）$¥€£￥"
OWNED = 0.5  # of a match, for a column of the very thing whose it is said to be
AGAIN = 0.4  # of a match, for what the answer before was grouped by
OWN_HEAD = 0.2  # of a match, for what the things just named have of what is said
OWN_KEY = 0.04  # of a match, for a key in the very table whose rows it tells apart
VERY = 0.95  # of a link with a header that is said word for word
HALF = 0.5  # of a match, from which it speaks of a column
FAR = 99  # joins, where none lead to a table
SHARPNESS = 7.0  # how much likelier a better match is: a score 0.1 higher counts twice


def part_of(mention: Mention, option: Field) -> bool:
    """Whether a mention names another part of a column's header."""
    return mention.kind == "column" and any(
        match.column == option.column and match.table == option.table and match.score < 0.8 for match in mention.columns
    )


@dataclass(slots=True)
class Top:
    """A superlative or a 'top n': which end, how many, and what the question says next to it."""

    at: int
    descending: bool
    limit: int | None
    concept: str = ""
    """The quality it names by itself, such as price for 'cheapest'."""
    counted: bool = False
    """Whether a number was said."""
    part: float = 0.0
    """The part of the rows, where the number was one of percent."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Which end of the changes from one period to the next is asked for."""

    descending: bool
    percent: bool
    unit: GrainUnit | None
    """The periods, where they are named."""
    said: str
    """The words."""


@dataclass(slots=True)
class Draft:
    """The parts of a plan, as far as they are known, and the mentions they were read from."""

    text: str
    language: Language
    catalog: Catalog
    mentions: list[Mention]
    chooser: Chooser
    used: set[int] = field(default_factory=set)
    mark: Mark | None = None
    where: list[Test] = field(default_factory=list)
    value_tests: list[Test] = field(default_factory=list)
    period_tests: list[Test] = field(default_factory=list)
    having: list[Test] = field(default_factory=list)
    group: list[Expression] = field(default_factory=list)
    measures: list[Output] = field(default_factory=list)
    projections: list[Expression] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    sorts: list[tuple[str, bool]] = field(default_factory=list)
    """Sorting by an axis: x, y or ''."""
    axes: dict[str, Output] = field(default_factory=dict)
    """What the axes show, where a question says so."""
    lone_x: Field | None = None
    """What the x-axis shows, where nothing is said of the other."""
    top: Top | None = None
    top_each: TopEach | None = None
    tables: list[str] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    """Requests without a place of their own: share, growth, cumulative, distinct, everything..."""
    shown: list[Expression] = field(default_factory=list)
    """Columns that are named to be shown."""
    subject: str | None = None
    """The table whose rows are asked for."""
    context: tuple[str, ...] = ()
    """Tables that the question before was about."""
    number_before: Field | None = None
    """The column of numbers that the answer before showed, sorted by or was tested by."""
    figure_before: Measure | None = None
    """What the answer before computed for each group."""
    groups_before: tuple[Expression, ...] = ()
    """What the answer before was grouped by, without times."""
    times_before: tuple[tuple[Test, ...], ...] = ()
    """The periods that the queries before it were about, the latest first."""
    weekday_of: Field | None = None
    """The date whose days of the week are tested."""
    certain: set[Test] = field(default_factory=set)
    """Tests that are never weighed away, as no other words of the question stand for them."""
    tested_before: frozenset[Field] = frozenset()
    """Columns whose cells the query before tested."""
    counted: Field | None = None
    """The column whose cells are counted, if one is named."""
    counted_table: str = ""
    """The table whose rows are counted, if one is named."""
    placed: dict[Test, int] = field(default_factory=dict)
    """Where the question speaks of a test."""
    from_tables: set[Expression] = field(default_factory=set)
    """Groups that stand for the rows of a table rather than for a column that was named."""
    inner_top: tuple[Field, bool, int] | None = None
    """A ranking whose rows alone are ranked again: its column, whether from the top, and how many."""
    elapsed: Elapsed | None = None
    """The time between two days of a row, where that is asked for."""
    movement: Movement | None = None
    """What moved most, where that is asked for."""
    absence_at: int = -1
    """Where the question says that something is not there."""
    absent: str = ""
    """The table of which no row is to be there."""
    measures_said: bool = False
    """Whether a measure was named rather than assumed."""
    unknown: list[str] = field(default_factory=list)
    """Words with meaning that nothing in the data answers to."""
    missing_period: bool = False
    notes: list[tuple[str, str]] = field(default_factory=list)

    # ------------------------------------------------------------------ looking around
    def asks(self, at: int, kind: str) -> str | None:
        """What the mention at a place asks for of a kind."""
        return self.mentions[at].asks(kind) if 0 <= at < len(self.mentions) else None

    def free(self, kind: str) -> Iterator[int]:
        """Places of unused mentions of a kind, or that can be read as one."""
        for at, mention in enumerate(self.mentions):
            if at not in self.used and (mention.kind == kind or mention.asks(kind)):
                yield at

    def next_to(self, at: int, step: int, reach: int = 3, wanted: Callable[[int], bool] | None = None) -> int | None:
        """The nearest place in a direction, over fillers only, that is wanted."""
        here, skipped = at + step, 0
        while 0 <= here < len(self.mentions) and skipped <= reach:
            if wanted is None or wanted(here):
                if wanted or not self.is_filler(here):
                    return here
            elif not self.is_filler(here):
                return None
            here += step
            skipped += 1
        return None

    def is_filler(self, at: int) -> bool:
        """Whether a mention is a small word that stands between others."""
        mention = self.mentions[at]
        if mention.kind == "range" and mention.text.lower() in ("from", "在"):
            return True
        return (mention.kind == "word" and mention.value in FILLERS) or (mention.kind == "sign" and mention.text in QUOTES)

    def unread_after(self, at: int) -> str:
        """The words after a place that nothing answers to."""
        places = range(at + 1, len(self.mentions))
        left = [self.mentions[place] for place in places if place not in self.used and self.mentions[place].kind == "word"]
        left = [mention for mention in left if mention.value not in FILLERS]
        return self.text[left[0].start : left[-1].end] if left else ""

    def bring(self, table: str | None) -> None:
        """Have a table take part, behind those that do."""
        if table and table not in self.tables:
            self.tables.append(table)

    def nameable(self, at: int) -> bool:
        """Whether the mention can be a column."""
        return bool(self.mentions[at].columns)

    def is_column(self, at: int) -> bool:
        """Whether the mention is read as a column or a table."""
        return self.mentions[at].kind in ("column", "table")

    def limit_said(self, at: int) -> bool:
        """Whether a number stands right beside a place."""
        return any(0 <= place < len(self.mentions) and self.mentions[place].kind == "number" for place in (at - 1, at + 1))

    @property
    def focus(self) -> list[str]:
        """Tables that hold what is measured: of the number columns that are named, or of the money."""
        found: list[str] = []
        for mention in self.mentions:
            if mention.kind == "column":
                best = next((match for match in mention.columns if match.column), None)
                field = Field(best.table, best.column) if best else None
                if best and field and best.score >= 0.7 and self.catalog.is_measure(field) and not self.catalog.is_parent_key(field):
                    found.append(best.table)
            elif mention.kind in ("money", "howmuch", "basket") or self.adds_up_from(mention):
                money = self.catalog.money(self.all_tables)
                found += [field.table for field in fields(money)][:1]
        return list(dict.fromkeys(found))

    def adds_up_from(self, mention: Mention) -> bool:
        """Whether 'total from' or 'total for' asks for money without naming it."""
        return (
            mention.kind == "agg" and mention.text.lower() == "total" and self.text[mention.end :].lower().startswith((" from ", " for "))
        )

    @property
    def counted_home(self) -> list[str]:
        """The table whose rows are counted or lead the question: of 'how many tickets came from customers last month' the tickets."""
        for at, mention in enumerate(self.mentions):
            counts = at == 0 or any(
                self.mentions[place].asks("count") or self.mentions[place].asks("super") for place in (at - 1, at - 2) if place >= 0
            )
            if mention.kind == "table" and counts and (table := self.table(at)):
                return [table]
        return []

    @property
    def asks_several(self) -> bool:
        """Whether several numbers are asked for, one for each cell of a column."""
        return bool(SEVERAL.match(self.text))

    def dates(self) -> list[Field]:
        """All time columns, the likeliest to tell when something happened first."""
        found = [field for table in self.all_tables if table not in self.unjoined for field in self.catalog.dates(table)]
        near = self.catalog.steps_up(self.focus or self.counted_home or self.tables)
        main = self.catalog.steps_up([self.catalog.main_table])

        before = set(fields(self.times_before[:1]))
        begun = {field.table for field in found if self.catalog.is_ending(field)}

        def rank(field: Field) -> tuple[int, bool, bool, int, bool, int, bool]:
            concepts = self.catalog.concepts(field)
            personal = "birth date" in concepts or ("hire date" in concepts and field.table not in begun)
            far, home = near.get(field.table, FAR), main.get(field.table, FAR)
            ends = self.catalog.is_ending(field)
            return (self.silence(field), field not in before, personal, far, field.table not in self.tables, home, ends)

        return sorted(found, key=rank)

    @property
    def unjoined(self) -> set[str]:
        """Tables that the rows asked for point to no row of: the drivers of 'trips without a driver'."""
        keys = {test.left for test in self.certain if isinstance(test, Condition) and test.sign == "is null"}
        return {join.parent_table for join in self.catalog.schema.joins if Field(join.table, join.column) in keys}

    def silence(self, field: Field) -> int:
        """0 where the question says the very header of a date, 1 where it speaks of it in other words, 2 where it does not."""
        if any(
            mention.kind == "table" and (mention.columns[0].table, mention.value) == (field.table, field.column)
            for mention in self.mentions
        ):
            return 0  # sign-ups, by the day of signing up
        if not self.speaks_of(field):
            return 2
        said = (mention for mention in self.mentions if mention.kind == "column" and self.means_only(mention, field))
        return 0 if any(mention.columns[0].score >= VERY for mention in said) else 1

    def speaks_of(self, field: Field) -> bool:
        """Whether the question holds what a header says of its date, as 'departed' of date_departed and '入职' of '入职日期'."""
        rated = int(self.flags.get("share at", "0")) - 1  # a rate of what was completed is told by when it began
        if any(mention.kind == "column" and self.means_only(mention, field) for at, mention in enumerate(self.mentions) if at != rated):
            return True
        bare = field.column.removesuffix("日期").removesuffix("时间").removesuffix("日")
        text = self.text.replace(f"{bare}率", "")
        return len(bare) > 1 and bare != field.column and not bare.isascii() and bare in text

    @staticmethod
    def means_only(mention: Mention, field: Field) -> bool:
        """Whether a mention speaks of a column rather than of any other."""
        best = mention.columns[0]
        others = [match for match in mention.columns[1:] if match.score >= best.score - 0.05]
        return best.score >= HALF and not others and (best.table, best.column) == (field.table, field.column)

    # ------------------------------------------------------------------ columns
    def options(self, at: int, want: str = "") -> list[tuple[Field, float]]:
        """The columns a mention can mean, with weights, likeliest first; `want` is number, time, dimension or nothing."""
        found: dict[Field, float] = {}
        said = self.mentions[at].columns
        names = bool(said) and bool(said[0].column) and said[0].score >= VERY and self.catalog.has(Field(said[0].table, said[0].column))
        thing = names and want in ("number", "sum") and not self.catalog.is_number(Field(said[0].table, said[0].column))
        for match in said:
            if not match.column or (thing and match.score < VERY):
                continue  # 'item' names the column of items, and not how many there were
            option = Field(match.table, match.column)
            if self.catalog.has(option) and self.fits(option, want, match.score >= 0.97):
                found[option] = max(found.get(option, 0.0), exp(SHARPNESS * (match.score + self.closeness(at, option, want))))
        return sorted(found.items(), key=lambda option: -option[1])

    def fits(self, option: Field, want: str, exact: bool = False) -> bool:
        """Whether a column can play a part."""
        catalog = self.catalog
        if want in ("number", "sum"):
            return catalog.is_number(option) and (
                (exact and want == "sum") or (not catalog.is_parent_key(option) and catalog.column(option).role != "identifier")
            )
        return catalog.is_time(option) if want == "time" else True

    def closeness(self, at: int, option: Field, want: str) -> float:
        """What the rest of the question says for a column: its table is named nearby, or it suits the part it plays."""
        bonus = 0.0
        for place, mention in enumerate(self.mentions):
            if (
                mention.kind == "table"
                and mention.columns
                and any(match.table == option.table and not match.column for match in mention.columns[:2])
            ):
                bonus = max(bonus, 0.2 if 0 < abs(place - at) <= 3 else 0.12)
        column = self.catalog.column(option)
        said = self.mentions[at]
        if at > 1 and self.mentions[at - 1].text == "的" and self.mentions[at - 2].kind == "table" and self.table(at - 2) == option.table:
            bonus = OWNED  # 演唱会的名字
        if bonus and self.is_own_head(at, option):
            bonus += OWN_HEAD
        if is_very_header(said, option):
            bonus += 0.2  # it outweighs another word for a column of a table that is nearer
        if any(
            place != at
            and mention.kind == "column"
            and mention.columns[0].table == option.table
            and mention.columns[0].score >= 0.9
            and (len(mention.columns) < 2 or mention.columns[1].score < 0.85 or mention.columns[1].table == option.table)
            for place, mention in enumerate(self.mentions)
        ):
            bonus = max(bonus, 0.13)
        if option in self.groups_before:
            bonus += AGAIN
        if self.catalog.is_pointed_to(option) and not any(mention.kind == "table" for mention in self.mentions):
            bonus += OWN_KEY
        if option.table in self.tables[:1]:
            bonus += 0.06
        if want != "value" and not self.context and self.shares_table(at, option):
            bonus += 0.05
        if want in ("value", "dimension") and option.table in self.focus:
            bonus = max(bonus, 0.1)
        if want in ("dimension", "") and self.catalog.column(option).distinct > 100:
            bonus -= 0.03
        if option.table in self.context:
            bonus = max(bonus, 0.15)
        if want in ("number", "sum") and column.role == "measure":
            bonus += 0.08
        if want == "dimension" and (column.role in ("dimension", "time") or self.catalog.is_time(option)):
            bonus += 0.12
        if want == "dimension" and self.catalog.is_number(option) and not self.catalog.is_time(option):
            bonus -= 0.15
        if any(word in CURRENCIES for word in self.catalog.words(option)) or (column.unit and column.unit != "%"):
            bonus += 0.16
        if any(part_of(other, option) for place, other in enumerate(self.mentions) if abs(place - at) <= 4 and place != at):
            bonus += 0.1
        if column.distinct <= 1 and column.rows > 1 and want != "value":
            bonus -= 0.3
        if column.rows and column.missing == column.rows:
            bonus -= 0.3
        return bonus

    def is_own_head(self, at: int, option: Field) -> bool:
        """Whether a column of the things that are counted ends in the word that is said: customers per town, by their home town."""
        said = self.mentions[at].text.lower()
        header = header_stems(option.column)
        things = [self.table(place) for place in range(max(0, at - 3), at) if self.mentions[place].kind == "table"]
        return len(header) > 1 and header[-1] == stem(said) and header[-1] not in WEAK_ALONE and option.table in things

    def shares_table(self, at: int, option: Field) -> bool:
        """Whether another column that is named as clearly can stand in the same table."""
        return any(
            place != at
            and mention.kind == "column"
            and mention.text != self.mentions[at].text
            and any(
                match.table == option.table and match.column not in ("", option.column) and match.score >= 0.9 for match in mention.columns
            )
            for place, mention in enumerate(self.mentions)
        )

    def named_of(self, field: Field) -> Field | None:
        """The column of names beside one that tells how many there were: GuestName beside Guests."""
        header = self.catalog.words(field)
        if len(header) != 1 or not self.catalog.is_measure(field):
            return None
        names = (other for other in self.catalog.fields(field.table) if self.catalog.words(other) == (*header, "name"))
        return next(names, None)

    def column(self, at: int, want: str = "") -> Field | None:
        """The column a mention means for the part it plays; None if it can mean none."""
        options = self.options(at, want)
        return self.chooser.choose(f"column {at} {want}", options[:4]) if options else None

    def table(self, at: int) -> str | None:
        """The table a mention means."""
        matches = [match for match in self.mentions[at].columns if not match.column]
        return matches[0].table if matches else None

    def use(self, *places: int) -> None:
        """Mark mentions as understood."""
        self.used.update(places)

    @property
    def all_tables(self) -> list[str]:
        """Tables in play: those named, else all."""
        named = list(dict.fromkeys((*self.tables, *self.context)))
        return named + [table.name for table in self.catalog.schema.tables if table.name not in named]

    @property
    def eq_fields(self) -> set[Field]:
        """Columns held to one value."""
        return {
            test.left
            for test in (*self.where, *self.value_tests, *self.period_tests)
            if isinstance(test, Condition) and test.sign == "=" and isinstance(test.left, Field)
        }
