"""JSON: lists of objects, one object a line, or an object around such lists; records inside records become columns."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import FileRejected
from connectors.files import encodings
from connectors.files.grid import read_grid
from connectors.files.names import path_literal
from connectors.files.rejection import READABLE, damaged, without_table
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft, settle
from connectors.files.target import Target
from connectors.files.typed import columns_of, reading_of
from connectors.wording import Bilingual

LARGEST_WHOLE = 300_000_000
"""A single object is read at once, so it must fit into memory; lists and lines of any size are read by the database."""
LARGEST_RECORD = 100_000_000


def read_json(target: Target, path: Path, called: str, options: ReadOptions, origin: Path) -> Generator[Progress, None, list[LoadedTable]]:
    """Read the tables of a JSON file. Raises FileRejected."""
    words = Bilingual(f"Reading {origin.name}", f"正在读取 {origin.name}")
    encoding = options.encoding or encodings.detect(path)
    if encoding != "utf-8":
        converted = target.scratch / "as-utf8.json"
        for share in encodings.as_utf8(path, encoding, converted):
            yield Progress(share / 2, words)
        path = converted
    draft = Draft(table="", path=origin, headers=(), options=options, encoding=encoding)
    if _is_list_or_lines(path, origin):
        return [(yield from _records(target, path, draft, called))]
    tables = []
    parts = _parts(path, origin, called)
    for number, (name, value) in enumerate(parts):
        yield Progress(number / len(parts), words)
        tables.append((yield from _part(target, draft, name, value, number)))
    return tables


def _is_list_or_lines(path: Path, origin: Path) -> bool:
    """Whether it is a list of objects or an object a line, which the database reads on its own. Raises FileRejected."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = [line for line in (file.readline(1_000_000) for _ in range(20)) if line.strip()][:2]
    if not lines:
        raise FileRejected(Bilingual(f"{origin.name} is empty.", f"{origin.name} 是空文件。"), READABLE)
    begin = "".join(lines).lstrip()
    if begin[0] == "[":
        return begin[1:].lstrip()[:1] == "{"
    if begin[0] != "{":
        raise FileRejected(
            Bilingual(
                f"{origin.name} is no JSON: it begins with “{begin[:20].strip()}”.",
                f"{origin.name} 不是 JSON：开头是“{begin[:20].strip()}”。",
            ),
            READABLE,
        )
    return len(lines) > 1 and _is_object(lines[0]) and lines[1].lstrip().startswith("{")


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _records(target: Target, path: Path, draft: Draft, called: str) -> Generator[Progress, None, LoadedTable]:
    """One table of a list of objects or of lines."""
    words = Bilingual(f"Reading {draft.path.name}", f"正在读取 {draft.path.name}")
    reader = (
        f"read_json({path_literal(path)}, sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0,"
        f" maximum_object_size = {LARGEST_RECORD})"
    )
    try:
        yield from target.run(f"CREATE OR REPLACE TEMP TABLE staged_json AS SELECT * FROM {reader}", words)
        columns = columns_of(target, "staged_json")
        readings = [reading_of(column) for column in columns]
        cells = ", ".join(
            f"{reading.sql.replace('$cell', column.sql)} AS c{at}"
            for at, (column, reading) in enumerate(zip(columns, readings, strict=True))
        )
        fixed = {at: reading for at, (column, reading) in enumerate(zip(columns, readings, strict=True)) if column.type != "VARCHAR"}
        settled = Draft(
            table=target.name_for(called),
            path=draft.path,
            headers=tuple(column.header for column in columns),
            options=draft.options,
            encoding=draft.encoding,
            notes=draft.notes,
            fixed={at: reading.carried_over() for at, reading in fixed.items()},
        )
        return (yield from settle(target, settled, f"(SELECT rowid + 1 AS line, {cells} FROM staged_json)"))
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise damaged(draft.path.name, str(error).splitlines()[0]) from error
    finally:
        target.rows("DROP TABLE IF EXISTS staged_json")


def _parts(path: Path, origin: Path, called: str) -> list[tuple[str, Any]]:
    """The tables within one object or an unusual list: name and value of each."""
    if path.stat().st_size > LARGEST_WHOLE:
        raise FileRejected(
            Bilingual(
                f"{origin.name} is one JSON object of more than {LARGEST_WHOLE // 1_000_000} MB.",
                f"{origin.name} 是一个超过 {LARGEST_WHOLE // 1_000_000} MB 的 JSON 对象。",
            ),
            Bilingual("Write it as one object a line (NDJSON), then add it again.", "请改写为每行一个对象的 NDJSON 后再添加。"),
        )
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise damaged(origin.name, str(error)) from error
    if isinstance(whole, list):
        return [(called, whole)] if whole else _none(origin)
    lists = {
        key: value for key, value in whole.items() if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    }
    if lists:
        return [(called if len(lists) == 1 else f"{called}_{key}", value) for key, value in lists.items()]
    return [(called, _turned(whole))] if whole else _none(origin)


def _none(origin: Path) -> list[tuple[str, Any]]:
    raise without_table(origin.name)


def _turned(whole: dict[str, Any]) -> list[Any]:
    """Records of an object of columns, each a list or an object by row; else the object itself as the one record."""
    values = list(whole.values())
    if all(isinstance(value, list) for value in values) and len({len(value) for value in values}) == 1:
        return [dict(zip(whole, row, strict=True)) for row in zip(*values, strict=True)]
    if len(values) > 1 and all(isinstance(value, dict) for value in values):
        if all(value.keys() == values[0].keys() for value in values) and list(values[0]) == [str(at) for at in range(len(values[0]))]:
            return [{key: column[row] for key, column in whole.items()} for row in values[0]]
        return [{"key": key, **value} for key, value in whole.items()]
    return [whole]


def _part(target: Target, draft: Draft, name: str, value: list[Any], number: int) -> Generator[Progress, None, LoadedTable]:
    if all(isinstance(item, dict) for item in value):
        path = target.scratch / f"part-{number}.ndjson"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in value)
        return (yield from _records(target, path, draft, name))
    rows = value if all(isinstance(item, list) for item in value) else [["value"], *([item] for item in value)]
    width = max((len(row) for row in rows), default=0)
    texts = [[_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    grid = Draft(table=target.name_for(name), path=draft.path, headers=(), options=draft.options, encoding=draft.encoding)
    return (yield from read_grid(target, grid, list(enumerate(texts, start=1))))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else "" if cell is None else json.dumps(cell, ensure_ascii=False)
