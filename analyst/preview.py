"""The first rows of a table, as a person wants to see them before asking."""

from __future__ import annotations

from threading import Event

from sqlglot import exp

from analyst.terms import Candidate, Refusal, ResultSet
from analyst.validation import validate
from analyst.workspace import Data
from connectors.base import Limits


def first_rows(data: Data, table: str, count: int, limits: Limits) -> ResultSet | None:
    """Up to `count` rows in the order in which they lie; None where the table may not be read. Raises QueryFailed."""
    select = exp.select("*").from_(exp.to_table(exp.to_identifier(table, quoted=True).sql(data.names.dialect))).limit(count)
    query = validate(Candidate(select.sql(dialect=data.names.dialect), 1.0), data.names)
    return None if isinstance(query, Refusal) else data.connector.execute(query, limits, Event())
