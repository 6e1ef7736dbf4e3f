"""From files as people have them to tables in one DuckDB file, with a report of all that was read.

load() writes a new database file beside the previous one; nothing is dropped or altered without a line in the report.
"""

from connectors.files.child import load_in_child
from connectors.files.load import load
from connectors.files.report import ColumnOptions, LoadedColumn, LoadedTable, LoadReport, Progress, ReadOptions, Source

__all__ = ["ColumnOptions", "LoadReport", "LoadedColumn", "LoadedTable", "Progress", "ReadOptions", "Source", "load", "load_in_child"]
