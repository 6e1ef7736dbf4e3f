"""Columns that come with a type: which of ours it becomes, and the SQL that carries values over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.files.column import TEXT, Reading
from connectors.files.names import quoted
from connectors.files.target import Target
from connectors.wording import Bilingual

SAME = ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIME", "BOOLEAN")
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER")
WIDE = ("HUGEINT", "UHUGEINT", "UBIGINT", "BIGNUM")
DEEPEST = 6
"""Records inside records become columns down to this depth; below it they stay JSON text."""


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column of a relation, possibly inside a record of it."""

    header: str
    sql: str
    """An expression over the relation."""
    type: str


def columns_of(target: Target, relation: str) -> list[TypedColumn]:
    """The columns of a relation, records taken apart: `address.city`."""
    described = target.rows(f"DESCRIBE SELECT * FROM {relation}")
    return [inner for row in described for inner in _taken_apart(target, relation, str(row[0]), quoted(str(row[0])), str(row[1]), 1)]


def _taken_apart(target: Target, relation: str, header: str, sql: str, kind: str, depth: int) -> list[TypedColumn]:
    if not kind.startswith("STRUCT(") or kind.endswith("]") or depth > DEEPEST:
        return [TypedColumn(header, sql, kind)]
    inner = target.rows(f"DESCRIBE SELECT unnest({sql}) FROM {relation} LIMIT 0")
    return [
        part
        for row in inner
        for part in _taken_apart(
            target,
            relation,
            f"{header}.{row[0]}",
            f"struct_extract({sql}, '{str(row[0]).replace(chr(39), chr(39) * 2)}')",
            str(row[1]),
            depth + 1,
        )
    ]


def reading_of(column: TypedColumn) -> Reading:
    """How a typed column is taken over: `sql` is over `$cell`."""
    kind, header = column.type, column.header
    if kind in SAME:
        return Reading(kind, "$cell")
    if kind in WHOLE:
        return Reading("BIGINT", "CAST($cell AS BIGINT)")
    if kind == "FLOAT" or kind.startswith("DECIMAL") or kind in WIDE:
        lossy = kind in WIDE
        said = Bilingual(
            f"“{header}” has numbers beyond 18 digits; they are kept to 15.", f"“{header}”中有超过 18 位的数字，保留 15 位精度。"
        )
        sql = "CAST(CAST($cell AS VARCHAR) AS DOUBLE)" if kind == "FLOAT" else "CAST($cell AS DOUBLE)"
        return Reading("DOUBLE", sql, notes=(said,) if lossy else ())
    if kind == "TIMESTAMP WITH TIME ZONE":
        said = Bilingual(f"Times in “{header}” carry an offset and are kept in UTC.", f"“{header}”中的时间带时区，统一换算为 UTC。")
        return Reading("TIMESTAMP", "$cell AT TIME ZONE 'UTC'", notes=(said,))
    if kind.startswith("TIMESTAMP"):
        return Reading("TIMESTAMP", "CAST($cell AS TIMESTAMP)")
    if kind == "VARCHAR":
        return TEXT
    return _as_text(kind, header)


def _as_text(kind: str, header: str) -> Reading:
    if re.match(r"ENUM|UUID|INTERVAL|TIME|BIT", kind):
        return Reading("VARCHAR", "CAST($cell AS VARCHAR)")
    if kind == "BLOB":
        said = Bilingual(
            f"“{header}” holds binary content; it is kept as hexadecimal text.", f"“{header}”是二进制内容，以十六进制文本保存。"
        )
        return Reading("VARCHAR", "hex($cell)", notes=(said,))
    said = Bilingual(f"“{header}” holds lists or records; they are kept as JSON text.", f"“{header}”中是列表或嵌套记录，以 JSON 文本保存。")
    return Reading("VARCHAR", "CAST(to_json($cell) AS VARCHAR)", notes=(said,))


def selected(columns: Sequence[TypedColumn], readings: Sequence[Reading], names: Sequence[str]) -> str:
    """The select list that takes the columns over under these names."""
    return ", ".join(
        f"{reading.sql.replace('$cell', column.sql)} AS {quoted(name)}"
        for column, reading, name in zip(columns, readings, names, strict=True)
    )
