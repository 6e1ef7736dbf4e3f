"""For every connector, how to make the two tables that the contract test asks about; returns the address to open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

SALES = [
    (1, "West", 10.5, 1, "2024-01-05"),
    (2, "East", 20.0, 2, "2024-02-06"),
    (3, "West", 30.0, 1, None),
    (4, None, 40.0, 9, "2024-04-08"),
]
CUSTOMERS = [(1, "Ann"), (2, "Bob"), (3, "安")]


def duckdb_file(folder: Path) -> str:
    path = folder / "contract sample.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER, region VARCHAR, amount DOUBLE, customer_id INTEGER, sold_on DATE)")
        connection.execute("CREATE TABLE customers (id INTEGER, name VARCHAR)")
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", SALES)
        connection.executemany("INSERT INTO customers VALUES (?, ?)", CUSTOMERS)
    return path.as_uri().replace("file:", "duckdb:")


SAMPLES: dict[str, Callable[[Path], str]] = {"duckdb": duckdb_file}
