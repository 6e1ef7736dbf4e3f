"""A large delimited file through the database's own reader: one pass that stops at the first cell which is not as the sample promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from pathlib import Path

import duckdb

from connectors.files import encodings
from connectors.files.cells import MISSING_TEXT, OPPOSITES
from connectors.files.column import Reading
from connectors.files.heap import Noticed, repeated_header_note
from connectors.files.names import literal, path_literal, quoted
from connectors.files.records import records
from connectors.files.report import LoadedTable, Progress
from connectors.files.staging import Draft, at_cell, decide_all, empty_rows_note, finished, is_total, settle
from connectors.files.target import Target
from connectors.files.textfile import Text
from connectors.wording import Bilingual


def read_natively(target: Target, text: Text, draft: Draft) -> Generator[Progress, None, LoadedTable | None]:
    """Read with the database's own reader; None if a row or a cell is not as the sample promised, so that a slower look is due."""
    path = text.path
    words = Bilingual(f"Reading {draft.path.name}", f"正在读取 {draft.path.name}")
    if text.encoding not in ("utf-8", "utf-8-sig"):
        path = target.scratch / "as-utf8.csv"
        try:
            for share in encodings.as_utf8(text.path, text.encoding, path):
                yield Progress(share / 2, words)
        except UnicodeDecodeError:
            return None
    cells = [Counter(row[at] for row in text.sample if at < len(row) and row[at]) for at in range(text.width)]
    readings = decide_all(draft, cells)
    try:
        yield from target.run(_strict_load(draft, text, path, readings), words)
        return _after_native(target, draft, text, readings)
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException):
        pass
    try:
        yield from target.run(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM {_reader(text, path)}", words)
        if _has_rows_of_words(target, readings):
            return None
        _drop_empty_rows(target, "staged", [f"c{at}" for at in range(text.width)])
        source = "(SELECT rowid + 1 AS line, * FROM staged)"
        return (yield from settle(target, draft, source, lambda rows: _lines_of_rows(text, rows)))
    except duckdb.InvalidInputException:
        return None
    finally:
        target.rows("DROP TABLE IF EXISTS staged")


def _reader(text: Text, path: Path) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(text.width))
    dialect = text.dialect
    return (
        f"read_csv({path_literal(path)}, auto_detect = false, header = false, skip = {text.first_line - 1},"
        f" delim = {literal(dialect.delimiter)}, quote = {literal(dialect.quote)}, escape = {literal(dialect.escape)}, strict_mode = true,"
        f" columns = {{{columns}}})"
    )


def _strict_load(draft: Draft, text: Text, path: Path, readings: list[Reading]) -> str:
    """The statement that fails at the first cell which is not what its column's sample was."""
    names, _ = draft.names()
    values = []
    for at, reading in enumerate(readings):
        value = "$cell"
        if reading.type != "VARCHAR":
            value = f"coalesce({reading.sql}, CASE WHEN $cell IS NULL THEN NULL ELSE error('unread: ' || $cell) END)"
        values.append(f"{at_cell(value, at)} AS {quoted(names[at])}")
    return f"CREATE OR REPLACE TABLE {quoted(draft.table)} AS SELECT {', '.join(values)} FROM {_reader(text, path)}"


def _has_rows_of_words(target: Target, readings: list[Reading]) -> bool:
    """Whether a row has words in every column of values, as the header of another table has: rows are then looked at one by one."""
    typed = [f"c{at}" for at, reading in enumerate(readings) if reading.type not in ("VARCHAR", "BOOLEAN")]
    if not typed:
        return False
    words = " AND ".join(f"coalesce(regexp_matches({cell}, '^\\s*\\pL'), true)" for cell in typed)
    return bool(target.rows(f"SELECT 1 FROM staged WHERE coalesce({', '.join(typed)}) IS NOT NULL AND {words} LIMIT 1"))


def _headers_again(target: Target, draft: Draft, text: Text, readings: list[Reading]) -> list[Bilingual]:
    """Take rows out that are the header once more, which only columns of text can have let in."""
    names, _ = draft.names()
    if not draft.header_lines or len(names) < 2 or any(reading.type != "VARCHAR" for reading in readings):
        return []
    table = quoted(draft.table)
    same = " AND ".join(
        f"coalesce({quoted(name)}, '') = {literal(header)}" for name, header in zip(names, text.header.headers, strict=True)
    )
    found = {int(row[0]) for row in target.rows(f"SELECT rowid + 1 FROM {table} WHERE {same}")}
    if not found:
        return []
    target.rows(f"DELETE FROM {table} WHERE {same}")
    noticed = Noticed()
    for line in sorted(_lines_of_rows(text, found).values()):
        noticed.add(line)
    note = repeated_header_note(noticed)
    return [note] if note else []


def _after_native(target: Target, draft: Draft, text: Text, readings: list[Reading]) -> LoadedTable:
    """Words for missing values in text columns, empty rows and totals, in a table already written."""
    names, notes = draft.names()
    table = quoted(draft.table)
    notes += _headers_again(target, draft, text, readings)
    for name, reading in zip(names, readings, strict=True):
        if reading.type != "VARCHAR" or reading.forced:
            continue
        # The sample may have missed the words, so all of them are looked for; opposites are then looked for as well.
        found = target.rows(_words_in_text(table, quoted(name)))
        if not found:
            continue
        listed = ", ".join(literal(str(word)) for word, _ in found)
        target.rows(f"UPDATE {table} SET {quoted(name)} = NULL WHERE {quoted(name)} IN ({listed})")
        count, said = sum(int(number) for _, number in found), ", ".join(f"“{word}”" for word, _ in found)
        notes.append(
            Bilingual(f"“{name}”: {count} cells say {said} and count as missing.", f"“{name}”：{count} 个单元格写着{said}，视为缺失。")
        )
    notes += _drop_empty_rows(target, table, [quoted(name) for name in names])
    (count,) = target.row(f"SELECT count(*) FROM {table}")
    last = target.rows(f"SELECT * FROM {table} LIMIT 3 OFFSET {max(0, count - 3)}")
    if any(is_total(row) for row in last):
        notes.append(
            Bilingual(
                "One of the last rows looks like a total; it is counted as a row like any other.",
                "最后几行中有一行像是合计行；目前仍作为普通数据行。",
            )
        )
    return finished(target, draft, readings, draft.rejects, [*draft.notes, *notes], [0] * len(names))


def _words_in_text(table: str, name: str) -> str:
    words = ", ".join(literal(word) for word in MISSING_TEXT)
    opposites = " ".join(
        f"AND NOT ({name} = {literal(word)} AND EXISTS (SELECT 1 FROM {table} WHERE {name} IN ({', '.join(map(literal, others))})))"
        for word, others in OPPOSITES.items()
    )
    return f"SELECT {name}, count(*) FROM {table} WHERE {name} IN ({words}) {opposites} GROUP BY 1"


def _drop_empty_rows(target: Target, table: str, columns: list[str]) -> list[Bilingual]:
    """Rows with nothing in any cell are leftovers of a spreadsheet's grid."""
    empty = " AND ".join(f"{column} IS NULL" for column in columns)
    (count,) = target.row(f"SELECT count(*) FROM {table} WHERE {empty}")
    if not count:
        return []
    target.rows(f"DELETE FROM {table} WHERE {empty}")
    return [empty_rows_note(count)]


def _lines_of_rows(text: Text, rows: set[int]) -> Mapping[int, int]:
    """Line numbers of the rows with these numbers, counted from 1 in the table."""
    wanted, found, number, last = rows, {}, 0, max(rows)
    with text.path.open("rb") as raw:
        for record in records(text.path, raw, text.encoding, text.dialect):
            if record.line < text.first_line:
                continue
            number += 1
            if number in wanted:
                found[number] = record.line
            if number >= last:
                break
    return found
