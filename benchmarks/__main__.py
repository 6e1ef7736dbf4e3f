"""`make bench`: load and opening time against a bare read, what a question costs, what the built-in model costs."""

import datetime
import platform

import duckdb

from benchmarks import load, opening, overhead, speed

print(f"{datetime.date.today()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, {platform.machine()}\n")
print("## Loading a CSV\n")
load.main()
print("\n## From a path to the first answer\n")
opening.main()
print("\n## A question, without its model and its query\n")
speed.main([10_000, 1_000_000, 50_000_000])
print("\n## The connector beside a bare DuckDB\n")
overhead.main()
