"""The query to take away: SQL with the question above it, and Python that reads the files and gives the rows again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from analyst.terms import Query
from analyst.writing.plain import visible
from connectors.files import LoadedTable
from connectors.files.cells import MISSING_TEXT

READERS = {
    ".parquet": "database.read_parquet({path}).df()",
    ".json": "database.read_json({path}).df()",
    ".ndjson": "database.read_json({path}).df()",
    ".jsonl": "database.read_json({path}).df()",
    ".xlsx": "pd.read_excel({path})",
    ".xls": "pd.read_excel({path})",
    ".tsv": 'pd.read_csv({path}, sep="\\t")',
}
"""How a file is read of which only the path is known; all else as CSV."""

SQLITE = b"SQLite format 3\x00"
"""How a SQLite file begins; databases of both kinds are called .db."""


def to_sql(query: Query, question: str = "") -> str:
    """The query laid out over several lines, with the question as a comment above it."""
    try:
        written = sqlglot.transpile(query.sql, read=query.dialect, write=query.dialect, pretty=True)[0]
    except SqlglotError:
        written = query.sql.strip().rstrip(";")
    return f"{_comment(question, '-- ')}{written};\n"


def to_python(query: Query, sources: Sequence[Path | LoadedTable], question: str = "") -> str:
    """A Python program that needs duckdb and pandas only: it reads the files and prints the rows of the answer.

    A LoadedTable tells how its file was read; for a bare path the program leaves that to pandas.
    """
    named = [source for source in sources if _table_name(source).casefold() in {table.casefold() for table in query.tables}]
    body = "\n".join(_read(source) for source in named or sources)
    sql = to_sql(query).rstrip().rstrip(";").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    standard = "import sqlite3\n\n" if "sqlite3." in body else ""
    helpers = NUMBER_READER if "numbers(" in body else ""
    return (
        f"{_comment(question, '# ')}{standard}import duckdb\nimport pandas as pd\n{helpers}\ndatabase = duckdb.connect()\n\n{body}\n"
        f'\nrows = database.sql(\n    """\n{_indented(sql)}\n    """\n).df()\nprint(rows.to_string())\n'
    )


def _table_name(source: Path | LoadedTable) -> str:
    return source.stem if isinstance(source, Path) else source.name


def _comment(text: str, mark: str) -> str:
    lines = visible(text).strip().splitlines()
    return "".join(f"{mark}{line.strip()}\n" for line in lines)


def _indented(sql: str) -> str:
    # A line break inside a quoted text must stay as it is, so such SQL is not moved.
    return sql if any(line.count("'") % 2 for line in sql.splitlines()) else "\n".join(f"    {line}" for line in sql.splitlines())


def _read(source: Path | LoadedTable) -> str:
    """The lines that read one file and give its rows the table's name."""
    if isinstance(source, Path):
        reader = READERS.get(source.suffix.lower(), "pd.read_csv({path})").format(path=repr(str(source)))
        return f"table = {reader}\ndatabase.register({source.stem!r}, table)\n"
    lines = [f"table = {_reader(source)}", f"table.columns = {[column.name for column in source.columns]!r}"]
    if _as_text(source):
        lines += [line for column in source.columns for line in _typed(column.name, column.type, column.format)]
    return "\n".join([*lines, f"database.register({source.name!r}, table)", ""])


def _as_text(table: LoadedTable) -> bool:
    """True for files whose cells are text, which the program then reads as the answer did."""
    return table.path.suffix.lower() not in {
        ".parquet",
        ".json",
        ".ndjson",
        ".jsonl",
        ".xlsx",
        ".xls",
        ".duckdb",
        ".db",
        ".sqlite",
        ".sqlite3",
    }


def _reader(table: LoadedTable) -> str:
    path, ending = repr(str(table.path)), table.path.suffix.lower()
    if ending in {".xlsx", ".xls"}:
        sheet = f", sheet_name={table.sheet!r}" if table.sheet else ""
        return f"pd.read_excel({path}{sheet}, skiprows={table.skipped_lines + table.header_lines}, header=None)"
    if ending in {".duckdb", ".db", ".sqlite", ".sqlite3"}:
        return _database_reader(table)
    if not _as_text(table):
        return READERS[ending].format(path=path)
    options = [f"encoding={table.encoding or 'utf-8'!r}", f"sep={table.delimiter or ','!r}"]
    options += [
        f"skiprows={table.skipped_lines + table.header_lines}",
        "header=None",
        "dtype=str",
        f"na_values={['', *MISSING_TEXT]!r}",
        "keep_default_na=False",
    ]
    return f"pd.read_csv({path}, {', '.join(options)})"


def _database_reader(table: LoadedTable) -> str:
    rows = exp.select("*").from_(exp.table_(table.sheet or table.name, quoted=True))
    sql, path = repr(rows.sql("duckdb")), repr(str(table.path))
    with table.path.open("rb") as file:
        is_sqlite = file.read(len(SQLITE)) == SQLITE
    if is_sqlite:
        return f"pd.read_sql_query({sql}, sqlite3.connect({path}))"
    return f"duckdb.connect({path}, read_only=True).sql({sql}).df()"


def _typed(name: str, kind: str, form: str) -> list[str]:
    """Lines that turn a column of text into the type it was read as."""
    column, upper = f"table[{name!r}]", kind.upper()
    if upper.startswith(("DATE", "TIMESTAMP")):
        formats = [part.strip() for part in form.split("|") if part.strip()]
        read = (
            f'pd.to_datetime({column}, format={formats[0]!r}, errors="coerce")' if formats else f'pd.to_datetime({column}, errors="coerce")'
        )
        return [f"{column} = {read}{'.dt.date' if upper == 'DATE' else ''}"]
    if upper.startswith("BOOL"):
        return [f'{column} = {column}.str.lower().map({{"true": True, "t": True, "yes": True, "false": False, "f": False, "no": False}})']
    if upper.startswith(("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL")):
        comma = "," if form in {"1.234,5", "1 234,5"} else "."
        whole = '.astype("Int64")' if "INT" in upper else ""
        return [f"{column} = numbers({column}, {comma!r}){whole}"]
    return []


NUMBER_READER = '''

def numbers(column, point):
    """Numbers as people write them: 1,234.5, (5), $3, 12%, 3万."""
    text = column.str.strip()
    times = text.str.contains("亿").map({True: 1e8, False: 1.0}) * text.str.contains("万").map({True: 1e4, False: 1.0})
    sign = (text.str.startswith("(") | text.str.contains("[-−]")).map({True: -1, False: 1})
    digits = text.str.replace("[^0-9eE" + point + "]", "", regex=True).str.replace(point, ".", regex=False)
    return pd.to_numeric(digits, errors="coerce") * times * sign

'''
