"""Values to JSON text and back, results to Arrow bytes and back.

Each text is {"format": 1, "value": ...}. Fields that this version does not know are passed over, fields that an older version did
not write take their default, so either version reads what the other wrote.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from analyst.terms import Answer, Clarification, Failure, Refusal, Reply

FORMAT = 1
ROWS_KEPT = 10_000  # as many as a question hands back by default
BYTES_KEPT = 8 * 2**20  # so that a thousand answers with long texts do not fill the disk
KINDS: Mapping[str, type[Reply]] = {"answer": Answer, "clarification": Clarification, "refusal": Refusal, "failure": Failure}

T = TypeVar("T")
Plain = Any  # what json.loads gives: dicts, lists, texts, numbers, None
Hint = Any  # a type as get_type_hints gives it


class Unreadable(ValueError):
    """What was stored has not the shape of the value it should be."""


# ------------------------------------------------------------------------------------------------ replies
def kind_of(reply: Reply) -> str:
    """Its name in the store."""
    return next(name for name, kind in KINDS.items() if isinstance(reply, kind))


def pack_reply(reply: Reply) -> tuple[str, bytes | None]:
    """A reply as JSON text, and its rows as Arrow bytes; rows past the cap are left out and the result then says so."""
    if not isinstance(reply, Answer):
        return pack(reply), None
    kept = cap(reply.result.table)
    plain = as_json(reply)
    plain["result"]["truncated"] = reply.result.truncated or kept.num_rows < reply.result.table.num_rows
    return in_envelope(plain), to_bytes(kept)


def unpack_reply(kind: str, text: str, result: bytes | None) -> Reply:
    """A reply as it was packed. Raises Unreadable."""
    plain = from_envelope(text)
    if kind not in KINDS:
        raise Unreadable(f"no reply is called {kind}")
    if kind == "answer":
        if not isinstance(plain, dict) or not isinstance(plain.get("result"), dict):
            raise Unreadable("an answer without a result")
        plain["result"]["table"] = from_bytes(result)
    reply: Reply = from_json(KINDS[kind], plain)
    return reply


# ------------------------------------------------------------------------------------------------ rows
def cap(table: pa.Table) -> pa.Table:
    """The first rows, as many as are kept."""
    table = table.slice(0, ROWS_KEPT)
    while table.num_rows and len(to_bytes(table)) > BYTES_KEPT:
        table = table.slice(0, table.num_rows // 2)
    return table


def to_bytes(table: pa.Table) -> bytes:
    """A table as a compressed Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_bytes(stored: bytes | None) -> pa.Table:
    """The table of an Arrow IPC stream. Raises Unreadable."""
    try:
        return pa.ipc.open_stream(stored or b"").read_all()
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"the rows: {error}") from error


# ------------------------------------------------------------------------------------------------ any value
def pack(value: object) -> str:
    """A value as JSON text; tables in it are left out."""
    return in_envelope(as_json(value))


def unpack(kind: type[T], text: str) -> T:
    """A value of that type as it was packed. Raises Unreadable."""
    value: T = from_json(kind, from_envelope(text))
    return value


def in_envelope(plain: object) -> str:
    """JSON text with the number of its format."""
    return json.dumps({"format": FORMAT, "value": plain}, separators=(",", ":"))


def from_envelope(text: str) -> Plain:
    """What is in the JSON text. Raises Unreadable."""
    try:
        envelope = json.loads(text)
        if envelope["format"] == FORMAT:
            return envelope["value"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(f"no stored value: {error}") from error
    raise Unreadable(f"format {envelope['format']}")


def as_json(value: object) -> Plain:
    """A value as dicts, lists and plain values."""
    if is_dataclass(value):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: as_json(part) for name, part in named if not isinstance(part, pa.Table)}
    if isinstance(value, Mapping):
        return {str(name): as_json(part) for name, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return as_json(value._asdict())
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return as_plain(value)


def as_plain(value: object) -> str | int | float | bool | None:
    """A single value as JSON can hold it."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    # NumPy's numbers come out of the statistics.
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return str(value)


def from_json(kind: Hint, plain: Plain) -> Plain:
    """A value of that type out of dicts, lists and plain values. Raises Unreadable."""
    origin: object = get_origin(kind)
    if origin in (Union, types.UnionType):
        return from_union(get_args(kind), plain)
    if origin is tuple:
        return from_list(get_args(kind), plain)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return from_dict(kind, plain)
    if origin is not None and issubclass(origin if isinstance(origin, type) else object, Mapping):
        _, part_kind = get_args(kind)
        return {name: from_json(part_kind, part) for name, part in checked(dict, plain).items()}
    return from_plain(kind, plain)


def from_union(members: tuple[Hint, ...], plain: Plain) -> Plain:
    """A value of one of the types: None, the only other one, or the plain type it already has."""
    if plain is None and types.NoneType in members:
        return None
    others = [member for member in members if member is not types.NoneType]
    if len(others) == 1:
        return from_json(others[0], plain)
    if type(plain) in others:
        return plain
    raise Unreadable(f"{type(plain).__name__} is none of {members}")


def from_list(members: tuple[Hint, ...], plain: Plain) -> tuple[Plain, ...]:
    """A tuple, of one type throughout or of one type a place."""
    parts = checked(list, plain)
    if members[-1] is Ellipsis:
        return tuple(from_json(members[0], part) for part in parts)
    if len(parts) != len(members):
        raise Unreadable(f"{len(parts)} parts in place of {len(members)}")
    return tuple(from_json(member, part) for member, part in zip(members, parts, strict=True))


def from_dict(kind: Hint, plain: Plain) -> Plain:
    """A dataclass or named tuple by its fields."""
    given = checked(dict, plain)
    try:
        return kind(**{name: from_json(part, given[name]) for name, part in hints_of(kind).items() if name in given})
    except TypeError as error:
        raise Unreadable(str(error)) from error


def from_plain(kind: Hint, plain: Plain) -> Plain:
    """A single value."""
    origin: object = get_origin(kind)
    if origin is Literal:
        if plain in get_args(kind):
            return plain
        raise Unreadable(f"{plain!r} is none of {get_args(kind)}")
    if kind in (date, datetime, Path):
        text = checked(str, plain)
        try:
            return Path(text) if kind is Path else kind.fromisoformat(text)
        except ValueError as error:
            raise Unreadable(str(error)) from error
    if kind is float and type(plain) is int:
        return plain
    return checked(kind, plain)


def checked(kind: type[T], plain: Plain) -> T:
    """The value itself if it is of the type. Raises Unreadable."""
    if isinstance(plain, kind):
        return plain
    raise Unreadable(f"{type(plain).__name__} in place of {kind.__name__}")


@lru_cache(maxsize=128)
def hints_of(kind: type) -> Mapping[str, Hint]:
    """Field -> type, for the fields that the constructor takes."""
    return get_type_hints(kind)
