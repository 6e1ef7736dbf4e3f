"""What each column of a result is to a chart: a time axis, a category, a measure or an identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyst.columns.headers import header_words
from analyst.columns.roles import names_things
from analyst.sql.lineage import Lineage, Origin, lineage
from analyst.terms import Cell, ChartSpec, Column, Query, ResultSet, Schema
from analyst.writing.periods import Grain, grain_of

Kind = Literal["time", "category", "measure", "identifier"]

UNKNOWN = Origin()
UNREAD = Lineage()


@dataclass(frozen=True, slots=True)
class Shape:
    """One column of a result, as a chart sees it."""

    name: str
    kind: Kind
    values: tuple[Cell, ...]
    origin: Origin = UNKNOWN
    grain: Grain | None = None
    """Set for a time axis."""

    @property
    def present(self) -> tuple[Cell, ...]:
        """The values that are not missing."""
        return tuple(value for value in self.values if value is not None)

    @property
    def distinct(self) -> int:
        """Different values, missing counted as one."""
        return len(set(self.values))

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values as numbers; empty for texts."""
        return tuple(float(value) for value in self.present if isinstance(value, int | float) and not isinstance(value, bool))

    @property
    def unique(self) -> bool:
        """True if no value repeats."""
        return self.distinct == len(self.values)


@dataclass(frozen=True, slots=True)
class View:
    """A result as a chart sees it: the shapes of its columns and what the query says of its rows."""

    shapes: tuple[Shape, ...]
    rows: int
    lineage: Lineage = UNREAD

    def of_kind(self, *kinds: Kind) -> tuple[Shape, ...]:
        """The columns of these kinds, in order."""
        return tuple(shape for shape in self.shapes if shape.kind in kinds)

    @property
    def numbered_identifiers(self) -> tuple[Shape, ...]:
        """Identifiers that are numbers, for a person who asks to see them drawn; the first column stays to name the rows."""
        return tuple(shape for shape in self.of_kind("identifier") if shape.numbers and shape is not self.shapes[0])

    def shape(self, name: str | None) -> Shape | None:
        """The column of that name; None if there is none."""
        return next((shape for shape in self.shapes if shape.name == name), None)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Which columns a mark reads."""

    x: Shape | None = None
    y: tuple[Shape, ...] = ()
    color: Shape | None = None


def view(result: ResultSet, schema: Schema | None = None, query: Query | None = None, spec: ChartSpec | None = None) -> View:
    """The shapes of all columns; an earlier chart of the same rows says which of them it measured and which it grouped by."""
    rows = result.rows()
    columns = dict(zip(result.columns, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(result.columns, ())
    known = lineage(query, schema or Schema(()), len(result.columns))
    origins = known.origins or tuple(Origin(column, unit=column.unit) if column else Origin() for column in _by_name(result, schema, query))
    by_name = dict(zip(result.columns, origins, strict=True))
    shapes = tuple(_shape(name, values, by_name[name], known, spec) for name, values in columns.items())
    return View(shapes, len(rows), known)


def _by_name(result: ResultSet, schema: Schema | None, query: Query | None) -> list[Column | None]:
    tables = schema.tables if schema else ()
    read = {name.casefold() for name in query.tables} if query else set()
    places = [table for table in tables if not read or table.name.casefold() in read]
    return [next((column for table in places if (column := table.column(name))), None) for name in result.columns]


def _shape(name: str, values: tuple[Cell, ...], origin: Origin, known: Lineage, spec: ChartSpec | None) -> Shape:
    numeric = any(is_number(value) for value in values) and all(value is None or is_number(value) for value in values)
    grain = _grain(name, values, origin, numeric)
    if spec and name in spec.y and numeric:
        return Shape(name, "measure", values, origin)
    if grain:
        return Shape(name, "time", values, origin, grain)
    if not numeric:
        return Shape(name, "identifier" if _names_things(name, origin) else "category", values, origin)
    return Shape(name, _kind_of_numbers(name, origin, known, spec), values, origin)


def _kind_of_numbers(name: str, origin: Origin, known: Lineage, spec: ChartSpec | None) -> Kind:
    if origin.function and not origin.grouped:
        return "measure"
    if _names_things(name, origin):
        return "identifier"
    role = origin.column.role if origin.column else None
    spoken = spec is not None and spec.mark not in {"scatter", "histogram"} and name in {spec.x, spec.color}
    return "category" if origin.grouped or role == "dimension" or spoken else "measure"


def _grain(name: str, values: tuple[Cell, ...], origin: Origin, numeric: bool) -> Grain | None:
    column = origin.column
    if numeric and (origin.function in {"count", "sum", "avg"} or (column is not None and column.role == "measure")):
        return None
    # A part of a date, such as a year under the alias y, is told by its values and by the function that took it.
    spoken = [name, origin.part] if origin.part else [name, "year"] if column is not None and column.role == "time" else [name]
    return next((grain for words in [*spoken, origin.name] if words and (grain := grain_of(words, values))), None)


def _names_things(name: str, origin: Origin) -> bool:
    if origin.column is not None and not origin.function:
        return origin.column.role == "identifier"
    return names_things(header_words(name))


def is_number(value: Cell) -> bool:
    """True for a number, and not for true and false."""
    return isinstance(value, int | float) and not isinstance(value, bool)
