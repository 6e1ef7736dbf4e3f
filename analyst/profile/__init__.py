"""From the tables of a connector to a Schema: roles, units, ranges, samples, keys and joins, with the person's edits on top."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analyst.columns.headers import header_unit, header_words
from analyst.columns.roles import kind_of, names_things, role_of
from analyst.profile.joins import declared_joins, find_joins
from analyst.terms import Column, ColumnEdit, Edits, Join, JoinEnds, Schema, Table
from connectors.base import ColumnListing, ColumnStatistics, Connector, TableListing

EXACT_ROWS = 1_000_000  # up to here `distinct` is counted, above it is estimated to a few percent
NO_UNITS: Mapping[str, str] = {}


def profile(connector: Connector, edits: Edits = Edits(), loaded_units: Mapping[str, str] = NO_UNITS) -> Schema:  # noqa: B008 - a frozen value
    """What the tables hold, and what the person says of them; `loaded_units` has the units met while reading, by `table.column`.

    Raises QueryFailed or ConnectionFailed where the connector does.
    """
    listings = connector.tables()
    tables = tuple(_table(listing, connector.statistics(listing.name), loaded_units) for listing in listings)
    names = {table.name for table in tables}
    declared = {
        listing.name: [
            (key.columns[0], key.referred_table, key.referred_columns[0])
            for key in listing.foreign_keys
            if len(key.columns) == 1 == len(key.referred_columns) and key.referred_table in names
        ]
        for listing in listings
    }
    joins = find_joins(tables, connector, declared_joins(declared, connector))
    edited = tuple(_edited(_with_references(table, joins), edits) for table in tables)
    joins = _edited_joins(joins, edits, connector, edited)
    schema = Schema(edited, joins, edits.glossary, connector.dialect)
    return replace(schema, version=hashlib.sha256(repr(schema).encode()).hexdigest()[:16])


def _table(listing: TableListing, statistics: Sequence[ColumnStatistics], units: Mapping[str, str]) -> Table:
    types = {column.name: column for column in listing.columns}
    unique = {column.name for column in statistics if _is_key(column)} | set(listing.primary_key if len(listing.primary_key) == 1 else ())
    columns = tuple(
        _column(column, types[column.name], column.name in unique, units.get(f"{listing.name}.{column.name}", "")) for column in statistics
    )
    rows = max((column.rows for column in statistics), default=0)
    return Table(listing.name, columns, rows, _keys(listing, columns, unique), listing.comment)


def _column(statistics: ColumnStatistics, listing: ColumnListing, key: bool, unit: str) -> Column:
    numeric = kind_of(listing.type) in ("number", "integer")
    role = role_of(statistics, listing.type, key)
    return Column(
        name=statistics.name,
        type=listing.type,
        role=role,
        unit=unit or (header_unit(statistics.name) if numeric and role == "measure" else ""),
        description=listing.comment,
        rows=statistics.rows,
        missing=statistics.missing,
        distinct=statistics.distinct,
        minimum=statistics.minimum,
        maximum=statistics.maximum,
        mean=statistics.mean,
        frequent=statistics.frequent[:20],
    )


def _is_key(statistics: ColumnStatistics) -> bool:
    """Whether no cell is missing and none repeats; above a million rows the most frequent value decides, as the count is an estimate."""
    if statistics.missing or not statistics.rows:
        return False
    if statistics.rows <= EXACT_ROWS:
        return statistics.distinct == statistics.rows
    return statistics.distinct > 0.9 * statistics.rows and bool(statistics.frequent) and statistics.frequent[0][1] == 1


def _keys(listing: TableListing, columns: Sequence[Column], unique: set[str]) -> tuple[tuple[str, ...], ...]:
    """Candidate keys, likeliest first: the declared one, identifiers, then whatever else never repeats, as it stands from left to right.

    Fractions are left out: that no two of them agree is chance.
    """
    table_words = set(header_words(listing.name))

    def unlikeliness(column: Column) -> tuple[int, int]:
        named = names_things(header_words(column.name))
        own = bool(table_words & set(header_words(column.name)))
        return (0 if named and own else 1 if named else 2 if column.role != "measure" else 3, columns.index(column))

    singles = [
        column
        for column in columns
        if column.name in unique and (column.role == "identifier" or kind_of(column.type) not in ("number", "other"))
    ]
    found = [(column.name,) for column in sorted(singles, key=unlikeliness)]
    declared = [tuple(listing.primary_key)] if listing.primary_key else []
    return (*declared, *(key for key in found if key not in declared))


def _with_references(table: Table, joins: Sequence[Join]) -> Table:
    """The table with whole numbers that point to another table marked as identifiers: nobody adds them up."""
    pointing = {join.column for join in joins if join.table == table.name}
    return replace(
        table,
        columns=tuple(
            replace(column, role="identifier", unit="") if column.role == "measure" and column.name in pointing else column
            for column in table.columns
        ),
    )


def _edited(table: Table, edits: Edits) -> Table:
    by_name = {(owner.casefold(), column.casefold()): edit for (owner, column), edit in edits.columns.items()}
    descriptions = {name.casefold(): words for name, words in edits.tables.items()}
    columns = tuple(_edited_column(column, by_name.get((table.name.casefold(), column.name.casefold()))) for column in table.columns)
    return replace(table, columns=columns, description=descriptions.get(table.name.casefold(), table.description))


def _edited_column(column: Column, edit: ColumnEdit | None) -> Column:
    if not edit:
        return column
    return replace(
        column,
        role=edit.role or column.role,
        unit=column.unit if edit.unit is None else edit.unit,
        description=column.description if edit.description is None else edit.description,
        synonyms=column.synonyms if edit.synonyms is None else edit.synonyms,
    )


def _edited_joins(joins: Sequence[Join], edits: Edits, connector: Connector, tables: Sequence[Table]) -> tuple[Join, ...]:
    """The joins without those removed, those confirmed marked as the person's, and those added in front."""
    removed = {_plain(ends) for ends in edits.joins_removed}
    confirmed = {_plain(ends) for ends in edits.joins_confirmed}
    kept = [
        replace(join, origin="person") if _plain(join.ends) in confirmed else join for join in joins if _plain(join.ends) not in removed
    ]
    present = {_plain(join.ends) for join in kept}
    schema = Schema(tuple(tables))
    added = [
        Join(*ends, round(connector.containment(*ends), 4), "person")
        for ends in edits.joins_added
        if _plain(ends) not in present and _exists(ends, schema)
    ]
    return (*added, *kept)


def _exists(ends: JoinEnds, schema: Schema) -> bool:
    """Whether both columns are still there: a replaced file may have lost one."""
    child, parent = schema.table(ends.table), schema.table(ends.parent_table)
    return bool(child and parent and child.column(ends.column) and parent.column(ends.parent_column))


def _plain(ends: JoinEnds) -> tuple[str, ...]:
    return tuple(name.casefold() for name in ends)
