"""Which table and column every name in a SELECT stands for, and which names stand for none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from analyst.sql.bounds import Allowance
from analyst.terms import Schema, Table

NEAR = 0.7  # likeness from which a name is worth naming in a hint
SURE = 0.8  # likeness from which a single near name is taken for the one that was meant
PSEUDO_COLUMNS = frozenset({"rowid"})
GENERATED = frozenset({"range", "generate_series", "unnest"})
UNNAMED = ""
"""Stands for columns that nobody named, which DuckDB calls by their expression, such as "sum(amount)"."""

Names = frozenset[str] | None
"""Column names in casefold; None where they cannot be known before the query runs."""


@dataclass(frozen=True, slots=True)
class UnknownIdentifier:
    """A name in the SQL that stands for nothing."""

    identifier: exp.Identifier
    searched: tuple[str, ...]
    """Tables in which a column was looked for; empty if a table is missing."""
    near: tuple[str, ...]
    """Names that resemble it, nearest first."""
    sure: str = ""
    """The one name that must have been meant, if there is exactly one."""
    elsewhere: tuple[str, ...] = ()
    """Tables not searched that have a column of this name."""
    known: tuple[str, ...] = ()
    """All names that could have stood there."""
    is_qualifier: bool = False
    """Whether it stands before a dot and for nothing that the query reads from."""

    @property
    def is_table(self) -> bool:
        """Whether a table is missing rather than a column."""
        return not self.searched

    @property
    def written(self) -> str:
        """The name as the SQL writes it, with the schema that a table is looked for in."""
        table = self.identifier.parent
        return ".".join(part.name for part in table.parts) if isinstance(table, exp.Table) else self.identifier.name


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the names of a SELECT stand for."""

    tables: tuple[str, ...]
    """The tables that are read, as the schema writes them, in order of appearance."""
    unknown: tuple[UnknownIdentifier, ...]
    unvisited: tuple[exp.Table, ...]
    """Table names that no scope accounts for; a SELECT has none."""


def resolve_names(tree: exp.Expr, schema: Schema, allowance: Allowance) -> Resolution:
    """Resolve every name by scope: a name of a WITH clause hides a table only where that clause is in force.

    Raises UnsafeSQL where the names take more than the allowance.
    """
    tables = {table.name.casefold(): table for table in schema.tables}
    read: dict[str, None] = {}
    unknown: list[UnknownIdentifier] = []
    visited: set[int] = set()
    views = _Views(tables, allowance)
    for scope in traverse_scope(tree):
        visited.update(id(table) for table in scope.tables)
        for source in scope.sources.values():
            if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
                continue
            known = tables.get(source.name.casefold()) if _in_main(source) else None
            if known is None:
                unknown.append(_unknown_table(source, schema))
            else:
                read[known.name] = None
        unknown.extend(_unknown_columns(views.of(scope), schema))
    unvisited = tuple(table for table in tree.find_all(exp.Table) if id(table) not in visited)
    return Resolution(tuple(read), tuple(unknown), unvisited)


class _Views:
    """One view a scope, made when first asked for: a WITH clause that is read many times is resolved once."""

    def __init__(self, tables: Mapping[str, Table], allowance: Allowance) -> None:
        self.tables = tables
        self.allowance = allowance
        self._made: dict[int, _View] = {}

    def of(self, scope: Scope) -> _View:
        """The view from a scope."""
        self.allowance.spend()
        if id(scope) not in self._made:
            self._made[id(scope)] = _View(scope, self)
        return self._made[id(scope)]


class _View:
    """The names that can be seen from one scope."""

    def __init__(self, scope: Scope, views: _Views) -> None:
        self.scope = scope
        self.tables = views.tables
        self._views = views

    @cached_property
    def sources(self) -> dict[str, Names]:
        """What the SELECT reads from, by name in casefold."""
        return {name.casefold(): self._columns(source) for name, source in self.spelled_sources.items()}

    @cached_property
    def spelled_sources(self) -> dict[str, exp.Expr | Scope]:
        """The same as they are spelled, without those names of a WITH clause that the SELECT does not read."""
        read = {table.alias_or_name for table in self.scope.tables}
        sources: dict[str, exp.Expr | Scope] = dict(self.scope.sources)
        return {name: source for name, source in sources.items() if name in read or not (isinstance(source, Scope) and source.is_cte)}

    @cached_property
    def outputs(self) -> Names:
        """The columns that the scope's query gives."""
        return self._outputs(self.scope.expression)

    def here_and_outward(self) -> Iterator[_View]:
        """This view, then those that enclose it."""
        scope: Scope | None = self.scope
        while isinstance(scope, Scope):
            yield self._views.of(scope)
            scope = scope.parent

    def has(self, name: str) -> bool:
        """Whether an unqualified name stands for something."""
        return name in self.own_names or any(
            name in view.sources or name in view.aliases or any(_holds(names, name) for names in view.sources.values())
            for view in self.here_and_outward()
        )

    @cached_property
    def aliases(self) -> set[str]:
        """Names that the SELECT gives to what it computes; DuckDB lets every clause use them."""
        return {projection.alias.casefold() for projection in self.scope.expression.expressions if isinstance(projection, exp.Alias)}

    @cached_property
    def own_names(self) -> set[str]:
        """Names that hold in this scope and in none inside it: variables of list comprehensions, and the columns of a UNION."""
        expression = self.scope.expression
        if isinstance(expression, exp.SetOperation):
            return set(self.outputs) if self.outputs is not None else {name.name.casefold() for name in expression.find_all(exp.Column)}
        return {variable.expression.name.casefold() for variable in expression.find_all(exp.Comprehension)}

    def _columns(self, source: exp.Expr | Scope) -> Names:
        if isinstance(source, Scope):
            return self._scope_columns(source)
        renamed = frozenset(name.casefold() for name in source.alias_column_names)
        if not isinstance(source.this, exp.Identifier):
            return renamed | GENERATED | {source.alias.casefold()}
        table = self.tables.get(source.name.casefold())
        if table is None:
            return None
        return frozenset(column.name.casefold() for column in table.columns) | renamed | PSEUDO_COLUMNS

    def _scope_columns(self, scope: Scope) -> Names:
        expression = scope.expression
        holder = expression.parent
        while isinstance(holder, (exp.SetOperation, exp.Paren)):
            holder = holder.parent
        renamed = [*expression.alias_column_names, *(holder.alias_column_names if holder is not None else ())]
        renamed_names = frozenset(name.casefold() for name in renamed)
        if isinstance(expression, exp.Unnest):
            return renamed_names | GENERATED | {expression.alias.casefold()}
        if isinstance(expression, exp.Query):
            outputs = self._views.of(scope).outputs
            return None if outputs is None else outputs | renamed_names
        return renamed_names or None

    def _outputs(self, query: exp.Expr) -> Names:
        if isinstance(query, exp.SetOperation):
            parts = [self._views.of(part).outputs for part in self.scope.set_operation_scopes]
            return None if None in parts or not parts else frozenset().union(*(part for part in parts if part is not None))
        if not isinstance(query, exp.Select):
            return None
        names: set[str] = set()
        for projection in query.expressions:
            found = self._output(projection)
            if found is None:
                return None
            names |= found
        return frozenset(names)

    def _output(self, projection: exp.Expr) -> Names:
        if isinstance(projection, exp.Alias):
            return frozenset({projection.alias.casefold()})
        plain = projection.unnest()
        if isinstance(plain, exp.Column) and not plain.is_star:
            return frozenset({plain.name.casefold()})
        if isinstance(plain, (exp.Explode, exp.Unnest, exp.PositionalColumn)):
            return None
        if not plain.is_star and plain.find(exp.Columns) is None:
            return frozenset({UNNAMED, plain.sql("duckdb").casefold()})
        return self._starred(plain)

    def _starred(self, projection: exp.Expr) -> Names:
        qualifier = projection.args.get("table")
        if qualifier is not None:
            return self.sources.get(qualifier.name.casefold())
        everything = list(self.sources.values())
        if None in everything:
            return None
        renamed = {alias.alias.casefold() for alias in projection.find_all(exp.Alias)}
        return frozenset(renamed).union(*(names - PSEUDO_COLUMNS for names in everything if names is not None))


def _holds(names: Names, name: str) -> bool:
    """Whether a name is, or may be, among names."""
    return names is None or name in names or (UNNAMED in names and not name.isidentifier())


def _in_main(table: exp.Table) -> bool:
    return not table.catalog and table.db.casefold() in ("", "main")


def _unknown_table(source: exp.Table, schema: Schema) -> UnknownIdentifier:
    known = [table.name for table in schema.tables]
    near, sure = _near(source.name, known)
    return UnknownIdentifier(source.this, (), near, sure if _in_main(source) else "", known=tuple(known))


def _unknown_columns(view: _View, schema: Schema) -> Iterator[UnknownIdentifier]:
    scope = view.scope
    for column in scope.find_all(exp.Column):
        if (column.table or not column.is_star) and not _is_keyword(column):
            yield from _check_column(column, view, schema)
    for join in scope.expression.args.get("joins") or ():
        for identifier in join.args.get("using") or ():
            if isinstance(identifier, exp.Identifier) and not view.has(identifier.name.casefold()):
                yield _unknown_column(identifier, list(view.spelled_sources), view, schema)


def _is_keyword(column: exp.Column) -> bool:
    """ORDER BY ALL and GROUP BY ALL read as if ALL were a column."""
    return column.name.casefold() == "all" and not column.table and isinstance(column.parent, (exp.Ordered, exp.Group))


def _check_column(column: exp.Column, view: _View, schema: Schema) -> Iterator[UnknownIdentifier]:
    path = [part for part in column.parts if isinstance(part, exp.Identifier)]
    if len(path) > 2 and path[0].name.casefold() == "main":
        path = path[1:]
    first = path[0].name.casefold()
    qualified = len(path) > 1 or column.is_star
    for seen in view.here_and_outward() if qualified else ():
        if first in seen.sources and len(path) == 1:
            return
        if first in seen.sources:
            names = seen.sources[first]
            if not _holds(names, path[1].name.casefold()):
                yield _unknown_column(path[1], [path[0].name], view, schema)
            return
    if view.has(first):
        return
    if not qualified:
        yield _unknown_column(path[0], list(view.spelled_sources), view, schema)
    else:
        readable = tuple(filter(None, view.spelled_sources))
        near, sure = _near(path[0].name, list(readable))
        yield UnknownIdentifier(path[0], (), near, sure, known=readable, is_qualifier=True)


def _unknown_column(identifier: exp.Identifier, sources: Iterable[str], view: _View, schema: Schema) -> UnknownIdentifier:
    names, searched = _spelled_names(sources, view)
    near, sure = _near(identifier.name, names)
    read = {table.casefold() for table in searched}
    elsewhere = [table.name for table in schema.tables if table.name.casefold() not in read and table.column(identifier.name)]
    return UnknownIdentifier(identifier, tuple(searched) or ("",), near, sure, tuple(elsewhere), tuple(names))


def _spelled_names(sources: Iterable[str], view: _View) -> tuple[list[str], list[str]]:
    """The columns of sources as the schema spells them, and the sources' own names."""
    names: dict[str, None] = {}
    searched: list[str] = []
    for seen in view.here_and_outward():
        for name in sources:
            source = seen.spelled_sources.get(name)
            table = view.tables.get(source.name.casefold()) if isinstance(source, exp.Table) else None
            searched.extend([table.name if table else name] if source is not None and name else [])
            names.update(dict.fromkeys(column.name for column in table.columns) if table else {})
            names.update(dict.fromkeys(sorted((seen.sources.get(name.casefold()) or frozenset()) - {UNNAMED})) if table is None else {})
    return list(names), list(dict.fromkeys(searched))


def _near(name: str, names: list[str]) -> tuple[tuple[str, ...], str]:
    """Names that resemble a name, nearest first, and the one that must be meant, if any."""
    wanted = _bare(name)
    same = [other for other in names if _bare(other) == wanted]
    if same:
        return tuple(same), same[0] if len(same) == 1 else ""
    likeness = sorted(((_likeness(wanted, _bare(other)), other) for other in names), reverse=True)
    near = [other for ratio, other in likeness if ratio >= NEAR][:3]
    return tuple(near), near[0] if len(near) == 1 and likeness[0][0] >= SURE else ""


def _likeness(wanted: str, other: str) -> float:
    """How alike two names are, 0 to 1; 0 where it can be seen at a glance that they are not near."""
    matcher = difflib.SequenceMatcher(None, wanted, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR else 0.0


def _bare(name: str) -> str:
    """A name without what people vary in it: case, blanks, underscores, hyphens."""
    return re.sub(r"[\s_\-.]+", "", name).casefold()
