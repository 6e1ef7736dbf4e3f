"""Joins between tables, proved by containment where the names already speak for them, or where the values could hardly agree by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyst.columns.headers import header_words, singular
from analyst.columns.roles import kind_of
from analyst.terms import Column, Join, Table
from connectors.base import Cell, Connector

CONTAINED = 0.95  # a few orphans are ordinary in real data; more mean another relation
KEYS_TRIED = 4  # of one table, the likeliest; in a small table almost every column happens to be unique
PROOFS = 400  # containment queries at most, so that a folder of many tables stays quick
CONTAINED_WHERE_NAMED = 0.75  # where the names leave no doubt, more orphans only show how messy the data are
SURE, LIKELY, WEAK, FAINT = 1.0, 0.8, 0.5, 0.3  # how loudly two names speak for a join
NAME_NEEDED = 0.7  # for small whole numbers, which lie inside any column 1..n
NAME_NEEDED_FOR_TELLING_VALUES = 0.5  # for values that hardly agree by chance, such as airport codes
BY_VALUES = 0.45  # as loudly speak values that cannot agree by chance, where the names say nothing: an advisor with a number of the faculty
SCATTERED = 10  # times as many whole numbers as there are keys lie between the least and the greatest key
TELLING = 5  # distinct values from which agreement of texts is no chance

ID_WORDS = {
    "id", "ids", "uid", "code", "no", "nr", "num", "number", "key", "fk", "pk", "ref", "uuid", "ssn", "isbn", "sku", "编号", "代码", "号",
    "编码",
}  # fmt: skip
PREPOSITIONS = {"in", "of", "for", "by", "at", "on"}
PLAIN_IDS = {"id", "code", "no", "nr", "num", "number", "key", "编号", "代码", "号", "编码"}
GENERIC = {
    "name", "first", "last", "full", "middle", "birth", "title", "date", "year", "month", "type", "status", "description", "value",
    "rank", "age", "state", "city", "country", "score", "gender", "price", "amount", "quantity", "level", "position", "nationality",
    "location", "address", "phone", "email", "名称", "姓名", "日期", "类型", "状态", "城市", "省份", "地址",
}  # fmt: skip
"""Words that many tables use for things of their own."""
OFFICES = {
    "manager", "mgr", "rep", "supervisor", "boss", "head", "leader", "salesperson", "salesman", "agent", "author", "owner", "经理",
    "负责人",
}  # fmt: skip
PEOPLE = {"employee", "emp", "staff", "person", "people", "user", "员工", "人员", "用户"}
"""A column named after an office may hold a person of these tables."""
SELF_REFERENCES = {
    "parent", "manager", "supervisor", "boss", "report", "head", "leader", "mentor", "superior", "previous", "上级", "父", "主管", "经理",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns that could be joined, and how loudly their names say so."""

    table: Table
    column: Column
    parent_table: Table
    parent: Column
    names: float


def find_joins(tables: Sequence[Table], connector: Connector, declared: Sequence[Join] = ()) -> tuple[Join, ...]:
    """Declared joins and those proved: nearly every value of the column occurs in a key column of the parent table.

    A column gets one parent, the likeliest; the joins come likeliest first.
    """
    taken = {(join.table, join.column) for join in declared}
    pairs = [pair for pair in _pairs(tables) if (pair.table.name, pair.column.name) not in taken]
    pairs.sort(key=lambda pair: -pair.names - _home(pair) / 10)
    proved: dict[tuple[str, str], tuple[float, Join]] = {}
    for pair in pairs[:PROOFS]:
        ends = (pair.table.name, pair.column.name)
        if ends in proved and proved[ends][0] >= pair.names + (1 + _home(pair)) / 10:
            continue  # even full containment would not make it likelier
        share = connector.containment(pair.table.name, pair.column.name, pair.parent_table.name, pair.parent.name)
        if share < _contained_at_least(pair.names):
            continue
        score = pair.names + share / 10 + _home(pair) / 10
        if ends not in proved or proved[ends][0] < score:
            proved[ends] = (score, Join(*ends, pair.parent_table.name, pair.parent.name, round(share, 4)))
    ranked = sorted(proved.values(), key=lambda scored: (-scored[0], scored[1].table, scored[1].column))
    return (*declared, *_one_way([join for _, join in ranked]))


@lru_cache(maxsize=65536)
def name_evidence(table: str, column: str, parent_table: str, parent_column: str) -> float:
    """How loudly the names speak for a join, 0 to 1: orders.customer_id and customers.id say 1, sales.amount and items.id 0."""
    if table != parent_table and (run_together := _evidence_of_run_together(column, parent_table, parent_column)):
        return run_together
    child, parent, home = _subject(column), _subject(parent_column), _words(parent_table)
    if not child:
        return _evidence_of_bare_names(column, parent_column) if not parent else 0.0
    if table == parent_table:
        return LIKELY if set(child) & SELF_REFERENCES and (not parent or not set(child) & set(home) or child[-1] == parent[-1]) else 0.0
    full = home if not parent else parent if set(home) & set(parent) else home + parent
    if child == parent and set(child) <= GENERIC and not set(parent) & set(home):
        return FAINT
    if child in (parent, full) or (child == home and not set(parent) - set(home)):
        return SURE
    specific = [ending for ending in (parent, full) if ending and not set(ending) <= GENERIC]
    if any(_ends_with(child, ending) for ending in specific):
        return 0.9
    if home and not set(parent) - set(home) - GENERIC and (child[-1] == home[-1] or (child[-1] in OFFICES and home[-1] in PEOPLE)):
        return LIKELY
    if full and child[: len(full)] == full and len(child) > len(full) and child[len(full)] in PREPOSITIONS:
        return LIKELY
    if any(_shortened("".join(child), "".join(whole), len(child) == 1) for whole in (home, parent)):
        return NAME_NEEDED
    return WEAK if set(child) & (set(home) | set(parent)) - GENERIC else 0.0


CALLED = ("表", "信息", "档案", "资料", "列表", "名单", "清单", "主数据", "基本")
"""Ends of Chinese table names that say nothing of what the table holds."""
NUMBERED = ("编号", "代码", "编码", "工号", "学号", "号码", "号", "ID", "id", "Id")
"""Ends of Chinese headers of keys."""


def _evidence_of_run_together(column: str, parent_table: str, parent_column: str) -> float:
    """What Chinese names say, which have no spaces: 医生工号 is the 工号 of 医生, 主治医生 one of them; 0 where they say nothing."""
    home = parent_table
    for ending in CALLED:
        home = home.removesuffix(ending) or home
    key = next((parent_column.removesuffix(ending) for ending in NUMBERED if parent_column.endswith(ending)), None)
    if len(home) < 2 or home.isascii() or column.isascii() or key is None or key not in ("", home):
        return 0.0
    if column in (home + parent_column, home + parent_column.removeprefix(home)):
        return SURE
    bare = next((column.removesuffix(ending) for ending in NUMBERED if column.endswith(ending)), column)
    if bare == home:
        return SURE if bare != column else LIKELY
    return LIKELY if bare.endswith(home) else 0.0


def _evidence_of_bare_names(column: str, parent_column: str) -> float:
    """What it says that both are called uid or ssn; that both are called id or code says little."""
    same = column.casefold() == parent_column.casefold()
    return LIKELY if same and not set(_words(column)) <= PLAIN_IDS else WEAK


@lru_cache(maxsize=8192)
def _words(name: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in header_words(name))


def _contained_at_least(names: float) -> float:
    return 1.0 if names == BY_VALUES else CONTAINED_WHERE_NAMED if names == SURE else CONTAINED


@lru_cache(maxsize=8192)
def _subject(column: str) -> tuple[str, ...]:
    """The words of a column without those that only say 'identifier'."""
    words = _words(column)
    while len(words) > 1 and words[-1].isdigit():  # club_id_1 and club_id_2 both hold clubs
        words = words[:-1]
    bare = tuple(word for word in words if word not in ID_WORDS)
    if len(bare) == 1 and len(bare[0]) > 4 and bare[0].endswith("id"):
        return (bare[0][:-2],)
    return bare


def _ends_with(words: tuple[str, ...], ending: tuple[str, ...]) -> bool:
    return bool(ending) and len(ending) < len(words) and words[-len(ending) :] == ending


def _shortened(short: str, whole: str, either: bool = True) -> bool:
    """Whether the first is an abbreviation of the second by its beginning, such as cust for customer; or `either` of the other."""
    return min(len(short), len(whole)) >= 3 and (whole.startswith(short) or (either and short.startswith(whole)))


def _pairs(tables: Sequence[Table]) -> Iterator[Pair]:
    """Columns that could be joined: a key of the parent, same kind, ranges that fit, and names that speak for it."""
    parents = [(table, column) for table in tables for column in _key_columns(table)]
    for table in tables:
        for column in table.columns:
            if column.distinct == 0 or (column.role in ("text", "time") and kind_of(column.type) != "integer"):
                continue
            for parent_table, parent in parents:
                if parent is column or not _fits(column, parent):
                    continue
                names = name_evidence(table.name, column.name, parent_table.name, parent.name)
                if not names and table is not parent_table and _told_by_values(column, parent) and not _is_home(table, column):
                    yield Pair(table, column, parent_table, parent, BY_VALUES)
                    continue
                needed = SURE if _is_home(table, column) or _counts(column) else _needed(column, parent)
                if names >= needed and _could_lie_inside(column, parent, names):
                    yield Pair(table, column, parent_table, parent, names)


def _told_by_values(column: Column, parent: Column) -> bool:
    """Whether whole numbers hardly lie among the keys by chance: the keys are few of the numbers in their range."""
    low, high = parent.minimum, parent.maximum
    scattered = isinstance(low, int) and isinstance(high, int) and high - low + 1 > SCATTERED * parent.distinct
    whole = kind_of(column.type) == kind_of(parent.type) == "integer"
    return whole and scattered and column.distinct >= TELLING and _could_lie_inside(column, parent, BY_VALUES) and not _counts(column)


def _counts(column: Column) -> bool:
    """Whether a number column is named in the plural, as counts are: home_games points to no game."""
    last = (header_words(column.name) or ("",))[-1]
    return column.role == "measure" and singular(last) != last


def _is_home(table: Table, column: Column) -> bool:
    """Whether a column is the key that its table is named after; such a key points elsewhere only under the very same name."""
    return bool(table.keys) and table.keys[0] == (column.name,) and bool(set(_subject(column.name)) & set(_words(table.name)))


def _key_columns(table: Table) -> Iterator[Column]:
    for key in table.keys[:KEYS_TRIED]:
        column = table.column(key[0]) if len(key) == 1 else None
        if column and column.distinct > 1 and _joined_as(column) in ("integer", "text"):
            yield column


def _joined_as(column: Column) -> str:
    """What a column holds when it comes to joining: whole numbers may have been read as fractions."""
    kind = kind_of(column.type)
    ends = (column.minimum, column.maximum)
    whole = all(isinstance(end, (int, float)) and float(end).is_integer() for end in ends)
    return "integer" if kind == "number" and (column.role == "identifier" or whole) else kind


def _fits(column: Column, parent: Column) -> bool:
    return _joined_as(column) == _joined_as(parent) and column.distinct * CONTAINED_WHERE_NAMED <= parent.distinct


def _could_lie_inside(column: Column, parent: Column, names: float) -> bool:
    """Whether enough values of a number column could lie between the ends of the parent's."""
    cells: tuple[Cell, ...] = (column.minimum, column.maximum, parent.minimum, parent.maximum)
    if not all(isinstance(cell, (int, float)) for cell in cells):
        return True
    low, high, parent_low, parent_high = (float(cell) for cell in cells if cell is not None)
    slack = 0 if names < SURE else max(high - low, 1)  # orphans may lie outside, and 0 often stands for none
    return low >= parent_low - slack and high <= parent_high + slack


def _needed(column: Column, parent: Column) -> float:
    """How much the names must say before values are compared at all."""
    if kind_of(parent.type) == "text":
        return NAME_NEEDED_FOR_TELLING_VALUES if column.distinct >= TELLING else NAME_NEEDED
    low, high = parent.minimum, parent.maximum
    sparse = isinstance(low, int) and isinstance(high, int) and high - low + 1 > 2 * parent.distinct
    return NAME_NEEDED_FOR_TELLING_VALUES if sparse and column.distinct >= TELLING else NAME_NEEDED


def _home(pair: Pair) -> float:
    """How much the parent table looks like the place where its key is at home, 0 to 1."""
    subject, home = _subject(pair.parent.name), _words(pair.parent_table.name)
    named = 0.6 if not subject or set(subject) & set(home) or _shortened("".join(subject), "".join(home)) else 0.0
    return named + (0.4 if pair.parent_table.keys[0] == (pair.parent.name,) else 0.0)


def _one_way(joins: Sequence[Join]) -> list[Join]:
    """Of two columns that contain each other, only the likelier direction."""
    kept: dict[frozenset[tuple[str, str]], Join] = {}
    for join in joins:
        kept.setdefault(frozenset(((join.table, join.column), (join.parent_table, join.parent_column))), join)
    return list(kept.values())


def declared_joins(foreign_keys: Mapping[str, Sequence[tuple[str, str, str]]], connector: Connector) -> tuple[Join, ...]:
    """Joins that the database declares: table -> (column, parent table, parent column); the share of values found is measured."""
    return tuple(
        Join(table, column, parent, parent_column, round(connector.containment(table, column, parent, parent_column), 4), "declared")
        for table, keys in foreign_keys.items()
        for column, parent, parent_column in keys
    )
