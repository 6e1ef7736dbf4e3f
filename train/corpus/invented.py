"""Business tables that were invented for the corpus: from a short description to rows, the same rows each time.

A description is JSON: {"table", "rows", "columns": [{"name", "kind", …}]}. Kinds and what they take:
id (pattern such as "SO-{:05d}", start), date and moment (from, to as ISO dates, grain: day or month), choice (values, weights), person
(language), integer and decimal (low, high, digits), flag (values), ref (table, column: a cell of a table described before), product (of:
names of columns before it), and any of them with missing: the share of empty cells.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

Description = Mapping[str, Any]
Row = dict[str, Any]
Tables = dict[str, list[Row]]

GIVEN = (
    "Anna", "Ben", "Carla", "David", "Elena", "Frank", "Grace", "Hassan", "Ines", "Jack", "Karin", "Liam", "Mei", "Noah", "Olga", "Paul",
    "Rosa", "Sam", "Tara", "Umar", "Vera", "Will", "Yuki", "Zoe",
)  # fmt: skip
FAMILY = (
    "Adams", "Baker", "Costa", "Diaz", "Evans", "Fischer", "Garcia", "Hughes", "Ivanov", "Jones", "Kim", "Lopez", "Meyer", "Novak", "Owen",
    "Patel", "Reed", "Silva", "Turner", "Vogel", "Walsh", "Young",
)  # fmt: skip
FAMILY_ZH, GIVEN_ZH = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红建文辉梅"


def build_tables(descriptions: Sequence[Description]) -> dict[str, pa.Table]:
    """The tables of one description list, in order. Raises KeyError or ValueError where a description is wrong."""
    made: Tables = {}
    for description in descriptions:
        made[description["table"]] = rows_of(description, made)
    return {name: pa.Table.from_pylist(rows) for name, rows in made.items()}


def rows_of(description: Description, made: Tables) -> list[Row]:
    """The rows of one table; a column may look at those before it and at tables made before."""
    chance = random.Random(f"{description['table']} {[column['name'] for column in description['columns']]}")
    rows: list[Row] = []
    for number in range(int(description.get("rows", 200))):
        row: Row = {}
        for column in description["columns"]:
            value = KINDS[column["kind"]](column, chance, number, row, made)
            row[column["name"]] = None if chance.random() < column.get("missing", 0) else value
        rows.append(row)
    return rows


Cells = Callable[[Mapping[str, Any], random.Random, int, Row, Tables], Any]


def _id(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> object:
    place = number + int(column.get("start", 1))
    return str(column["pattern"]).format(place) if "pattern" in column else place


def _date(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> date:
    first, last = date.fromisoformat(column["from"]), date.fromisoformat(column["to"])
    day = date.fromordinal(chance.randint(first.toordinal(), last.toordinal()))
    return day.replace(day=1) if column.get("grain") == "month" else day


def _moment(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> datetime:
    day = _date(column, chance, number, row, made)
    return datetime(day.year, day.month, day.day) + timedelta(minutes=chance.randint(7 * 60, 22 * 60))


def _choice(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> object:
    values = column["values"]
    weights = column.get("weights") or [1 / (place + 2) for place in range(len(values))]
    return chance.choices(values, weights[: len(values)])[0]


def _person(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> str:
    if column.get("language") == "zh":
        return chance.choice(FAMILY_ZH) + "".join(chance.choices(GIVEN_ZH, k=chance.choice((1, 2, 2))))
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"


def _integer(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> int:
    return chance.randint(int(column["low"]), int(column["high"]))


def _decimal(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> float:
    low, high = float(column["low"]), float(column["high"])
    return round(low + (high - low) * chance.random() ** 1.6, int(column.get("digits", 2)))


def _ref(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> object:
    return chance.choice(made[column["table"]])[column["column"]]


def _product(column: Mapping[str, Any], chance: random.Random, number: int, row: Row, made: Tables) -> float | None:
    factors = [row[name] for name in column["of"]]
    if None in factors:
        return None
    result = 1.0
    for factor in factors:
        result *= factor
    return round(result, 2)


KINDS: dict[str, Cells] = {
    "id": _id, "date": _date, "moment": _moment, "choice": _choice, "flag": _choice, "person": _person, "integer": _integer,
    "decimal": _decimal, "money": _decimal, "ref": _ref, "product": _product,
}  # fmt: skip
