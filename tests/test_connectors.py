"""What every connector keeps, whatever it connects to; a connector in the registry is tested without a word here."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import sqlglot

from connectors.base import Connector, Limits, Query
from connectors.errors import ConnectionFailed, QueryCancelled, QueryFailed
from connectors.registry import CONNECTORS, connect
from tests.connector_samples import SAMPLES

USUAL = Limits(seconds=20)


@pytest.fixture(scope="module", params=sorted(CONNECTORS))
def connector(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connector]:
    address = SAMPLES[request.param](tmp_path_factory.mktemp(request.param))
    connector = connect(address)
    yield connector
    connector.close()


def rows(connector: Connector, sql: str, limits: Limits = USUAL) -> list[list[object]]:
    return connector.execute(Query(sql, connector.dialect, ()), limits, Event()).rows()  # type: ignore[return-value]


def test_it_speaks_a_dialect_that_sqlglot_knows(connector: Connector) -> None:
    assert sqlglot.transpile("SELECT 1", read=connector.dialect, write=connector.dialect)


def test_it_lists_tables_with_their_columns_in_order(connector: Connector) -> None:
    listed = {table.name: [column.name for column in table.columns] for table in connector.tables()}
    assert listed == {"sales": ["id", "region", "amount", "customer_id", "sold_on"], "customers": ["id", "name"]}


def test_it_counts_rows_missing_cells_and_different_values(connector: Connector) -> None:
    seen = {column.name: column for column in connector.statistics("sales")}
    assert list(seen) == ["id", "region", "amount", "customer_id", "sold_on"]
    region, amount, day = seen["region"], seen["amount"], seen["sold_on"]
    assert (region.rows, region.missing, region.distinct, region.frequent) == (4, 1, 2, (("West", 2), ("East", 1)))
    assert (amount.minimum, amount.maximum, amount.mean) == (10.5, 40.0, 25.125)
    assert (day.minimum, day.maximum, day.missing) == ("2024-01-05", "2024-04-08", 1)


def test_it_gives_values_most_frequent_first(connector: Connector) -> None:
    assert connector.values("sales", "region", 5) == ("West", "East")
    assert connector.values("sales", "customer_id", 1) == (1,)


def test_it_measures_how_far_one_column_is_contained_in_another(connector: Connector) -> None:
    assert connector.containment("sales", "customer_id", "customers", "id") == pytest.approx(2 / 3)
    assert connector.containment("customers", "id", "sales", "id") == 1.0


def test_it_runs_a_query_and_keeps_the_order_of_rows(connector: Connector) -> None:
    sql = "SELECT region, sum(amount) AS total FROM sales WHERE region IS NOT NULL GROUP BY region ORDER BY total DESC"
    result = connector.execute(Query(sql, connector.dialect, ("sales",)), USUAL, Event())
    assert (result.columns, result.rows(), result.truncated) == (("region", "total"), [["West", 40.5], ["East", 20.0]], False)
    assert 0 <= result.seconds < 20


def test_it_keeps_whole_numbers_dates_and_any_script(connector: Connector) -> None:
    sql = "SELECT sum(s.id) AS n, min(s.sold_on) AS day, max(c.name) AS name FROM sales s, customers c"
    (row,) = connector.execute(Query(sql, connector.dialect, ()), USUAL, Event()).table.to_pylist()
    assert (row["n"], row["day"], row["name"]) == (30, datetime.date(2024, 1, 5), "安")
    assert isinstance(row["n"], int)


def test_it_cuts_rows_at_the_limit_and_says_so(connector: Connector) -> None:
    query = Query("SELECT id FROM sales ORDER BY id", connector.dialect, ("sales",))
    cut, whole = (connector.execute(query, Limits(rows=limit), Event()) for limit in (2, 4))
    assert (cut.rows(), cut.truncated) == ([[1], [2]], True)
    assert (len(whole.rows()), whole.truncated) == (4, False)


def test_no_rows_still_have_columns(connector: Connector) -> None:
    result = connector.execute(Query("SELECT id, region FROM sales WHERE id < 0", connector.dialect, ("sales",)), USUAL, Event())
    assert (result.columns, result.rows()) == (("id", "region"), [])


def test_it_tells_a_failed_query_in_both_languages_and_goes_on(connector: Connector) -> None:
    with pytest.raises(QueryFailed) as failure:
        rows(connector, "SELECT nope FROM sales")
    assert "nope" in failure.value.message.en
    assert "nope" in failure.value.message.zh
    assert rows(connector, "SELECT count(*) FROM sales") == [[4]]


def test_it_ends_a_query_that_is_cancelled_and_goes_on(connector: Connector) -> None:
    cancelled = Event()
    threading.Timer(0.3, cancelled.set).start()
    numbers = "(SELECT a.id AS id FROM sales a, sales b, sales c, sales d, sales e)"
    endless = f"SELECT count(*) FROM {numbers} v, {numbers} w, {numbers} x, {numbers} y WHERE (v.id * w.id + x.id * y.id) % 7 = 3"
    with pytest.raises(QueryCancelled):
        connector.execute(Query(endless, connector.dialect, ("sales",)), USUAL, cancelled)
    assert rows(connector, "SELECT count(*) FROM sales") == [[4]]


@pytest.mark.parametrize("scheme", sorted(CONNECTORS))
def test_it_can_be_closed_twice(tmp_path: Path, scheme: str) -> None:
    second = connect(SAMPLES[scheme](tmp_path))
    assert second.tables()
    second.close()
    second.close()


def test_an_address_that_no_connector_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConnectionFailed) as failure:
        connect("gopher://somewhere/data")
    assert "gopher" in failure.value.message.en
    assert all(scheme in failure.value.hint.zh for scheme in CONNECTORS)
