"""Answers to take away: files that open safely, pages that ask nothing of any server, programs that run."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import openpyxl
import plotly.graph_objects as go
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst.chart import choose_chart
from analyst.draw import draw
from analyst.errors import AnalystError
from analyst.export import Tile, dashboard_html, image_panel_html, to_csv, to_excel, to_html, to_png, to_python, to_sql, to_svg
from analyst.terms import Query, Question, ResultSet, Schema
from connectors.files import LoadedColumn, LoadedTable


def rows_of(sql: str) -> ResultSet:
    return ResultSet(duckdb.sql(sql).to_arrow_table(), truncated=False, seconds=0.0)


CITIES = "SELECT * FROM (VALUES ('上海', 12.5), ('北京', 9.0), ('</script><script>alert(1)</script>', 4.0)) AS t(城市, 销售额)"
HOSTILE = "SELECT '=HYPERLINK(\"http://e.vil\")' AS a, '+86 138' AS b, '-5' AS c, -5 AS d, '@SUM(1)' AS e, '\tx' AS f, 'plain' AS g"


@pytest.fixture(scope="module")
def figure() -> go.Figure:
    result = rows_of(CITIES)
    spec = choose_chart(result, Question("各城市的销售额", "zh"), Schema(()), query=Query(CITIES, "duckdb", ()))
    drawn = draw(spec, result, "zh")
    assert drawn is not None
    return drawn


# ------------------------------------------------------------------------------------------------ rows
def test_csv_opens_in_excel_with_its_chinese() -> None:
    written = to_csv(rows_of("SELECT '上海' AS 城市, 12.5 AS 销售额, DATE '2024-01-05' AS 日期, NULL AS 备注"))
    assert written.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig")))) == [
        ["城市", "销售额", "日期", "备注"],
        ["上海", "12.5", "2024-01-05", ""],
    ]


def test_csv_cells_that_a_spreadsheet_would_run_are_defused_and_numbers_are_left_alone() -> None:
    cells = list(csv.reader(io.StringIO(to_csv(rows_of(HOSTILE)).decode("utf-8-sig"))))[1]
    assert cells == ['\'=HYPERLINK("http://e.vil")', "'+86 138", "-5", "-5", "'@SUM(1)", "'\tx", "plain"]


def test_headers_are_defused_too() -> None:
    assert fields_of(to_csv(rows_of('SELECT 1 AS "=1+1"')))[0] == ["'=1+1"]


def fields_of(written: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=separator))


def runs(field: str) -> bool:
    """Whether a spreadsheet would take a field for a formula."""
    bare = field.strip(' "\u00a0\t\r\n')
    number = r'[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?["\s]*([,;|\t\r\n]|$)'  # other columns may follow where the separator is another one
    return bare[:1] in tuple("=+-@＝＋－＠") and not re.match(number, bare)


TAGS = set("html head meta title style body h1 main article h2 div table thead tr th tbody td p details summary pre code".split())  # noqa: SIM905
PIECES = st.sampled_from(["=1+1", "@SUM(A1)", "-2+3", "+x", "＝1", "-5", ",", ";", "\t", "|", "\r\n", '"', "'", " ", "a", "上海", "12"])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.one_of(st.text(max_size=12), st.lists(PIECES, max_size=8).map("".join)), min_size=1, max_size=3))
def test_no_countrys_spreadsheet_finds_a_formula_in_a_csv(texts: list[str], separator: str) -> None:
    written = to_csv(ResultSet(pa.table({f"c{number}": [text] for number, text in enumerate(texts)}), False, 0.0))
    assert not [field for row in fields_of(written, separator) for field in row if runs(field)]
    naive = re.split(r"[,;|\t\r\n]", written.decode("utf-8-sig"))
    assert not [field for field in naive if runs(field)]


def test_texts_of_a_csv_are_in_quotation_marks_and_numbers_are_not() -> None:
    row = to_csv(rows_of("SELECT 'a;=1+1' AS a, -5 AS b, 2.5 AS c, 'x, y' AS d")).decode("utf-8-sig").splitlines()[1]
    assert row == '"a;\'=1+1",-5,2.5,"x, y"'


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>&\"'a\u202e\x1b\u0000/ ="), max_size=30))
def test_a_page_shows_any_text_and_makes_nothing_of_it(text: str) -> None:
    table = ResultSet(pa.table({text or "a": [text]}), False, 0.0)
    page = dashboard_html(text, [Tile(text, None, table, text, text, text)], "en")
    tags = set(re.findall(r"<(?!/|!)\s*([^\s>/]*)", page))
    assert tags <= TAGS
    assert not set(page) & set("\u202e\x1b\x00")


def sheet_of(result: ResultSet, title: str = "") -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(to_excel(result, title))).active


def test_excel_keeps_the_types() -> None:
    sheet = sheet_of(
        rows_of("SELECT 1 AS n, 2.5::DECIMAL(5, 2) AS price, DATE '2024-01-05' AS day, true AS paid, '00123' AS code, NULL AS gap")
    )
    row = [cell.value for cell in sheet[2]]
    assert row[:2] == [1, 2.5]
    assert row[2].date() == date(2024, 1, 5)
    assert row[3:] == [True, "00123", None]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"


def test_excel_runs_no_formula_that_a_cell_holds() -> None:
    sheet = sheet_of(rows_of(HOSTILE))
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert sheet["A2"].value.startswith("'=")
    assert sheet["D2"].value == -5


def test_excel_takes_what_a_sheet_cannot_hold() -> None:
    sheet = sheet_of(
        rows_of("SELECT 'bad' || chr(1) AS a, 9007199254740993 AS b, DATE '1850-01-01' AS c, TIMESTAMPTZ '2024-01-05 10:00:00+00' AS d"),
        "[Q1]: a/b?",
    )
    assert sheet["A2"].value == "bad"
    assert sheet["B2"].value == "9007199254740993"
    assert sheet["C2"].value == "1850-01-01"
    assert sheet.title == "Q1   a b"


# ------------------------------------------------------------------------------------------------ pages
OUTSIDE = re.compile(r"""(?:src|href|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE)


def without_plotly(page: str) -> str:
    """The page without plotly.js, whose own text names addresses that our charts never ask for."""
    return "".join(re.split(r"<script>/\*\*?\s*\n?\* plotly\.js.*?</script>", page, flags=re.DOTALL))


def pages(figure: go.Figure) -> list[str]:
    tile = Tile("城市", figure, rows_of(CITIES), "上海最高。", "销售额按城市", "SELECT 1")
    return [to_html(figure, "城市"), dashboard_html("看板", [tile], "zh"), image_panel_html(figure, "zh")]


def test_pages_ask_nothing_of_any_server(figure: go.Figure) -> None:
    for page in pages(figure):
        assert not OUTSIDE.search(without_plotly(page))
        assert "default-src 'none'" in page
        assert "cdn.plot.ly" not in without_plotly(page)
        assert '"showSendToCloud":false' in page
        assert page.count("plotly.js v") == 1


def test_cells_cannot_become_part_of_a_page(figure: go.Figure) -> None:
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(2)>"
    tiles = [Tile(evil, figure, None, evil, evil, evil), Tile("rows", None, rows_of(f"SELECT '{evil}' AS \"{evil}\""))]
    page = without_plotly(dashboard_html(evil, tiles, "en"))
    assert "<script>alert" not in page
    assert "<img src" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_dashboard_shows_rows_words_and_sql(figure: go.Figure) -> None:
    tile = Tile("城市", None, rows_of(CITIES), "上海最高。", "销售额按城市", "SELECT 城市")
    page = dashboard_html("看板", [tile], "zh", dark=True)
    assert 'lang="zh-CN"' in page
    assert all(
        words in page for words in ("<h1>看板</h1>", "上海最高。", "销售额按城市", "<summary>SQL</summary>", "SELECT 城市", "<td>北京</td>")
    )
    assert "plotly" not in page


def test_a_long_table_says_how_many_rows_are_not_shown() -> None:
    page = dashboard_html("d", [Tile("rows", None, rows_of("SELECT i FROM range(1500) t(i)"))], "en")
    assert "… and 1,300 more rows" in page


def test_a_table_has_no_picture_and_says_what_to_take_instead() -> None:
    for export in (to_png, to_svg, lambda none: to_html(none, "x"), lambda none: image_panel_html(none, "en")):
        with pytest.raises(AnalystError) as refused:
            export(None)
        assert "CSV" in refused.value.in_language("en")
        assert "Excel" in refused.value.in_language("zh")


# ------------------------------------------------------------------------------------------------ pictures
def test_without_a_browser_the_error_says_what_to_install(figure: go.Figure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AnalystError) as refused:
        to_png(figure)
    assert "HTML" in refused.value.in_language("en")
    assert "HTML" in refused.value.in_language("zh")


@pytest.mark.browser
def test_pictures_are_drawn_by_the_browser_of_this_machine(figure: go.Figure) -> None:
    assert to_png(figure).startswith(b"\x89PNG")
    texts = [element.text or "" for element in ElementTree.fromstring(to_svg(figure)).iter("{http://www.w3.org/2000/svg}text")]
    assert "上海" in texts


# ------------------------------------------------------------------------------------------------ code
def test_sql_is_laid_out_below_the_question() -> None:
    written = to_sql(Query("select a, sum(b) from t group by 1", "duckdb", ("t",)), "Sum of b\nby a?")
    assert written.startswith("-- Sum of b\n-- by a?\nSELECT\n")
    assert written.endswith("GROUP BY\n  1;\n")


def run(program: str, folder: Path) -> str:
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    done = subprocess.run([sys.executable, "-X", "utf8", str(path)], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_program_reads_a_plain_file_and_gives_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "my orders.csv"
    path.write_text("region,sales\nWest,10\nEast,5\nWest,7\n", encoding="utf-8")
    sql = 'SELECT region, sum(sales) AS total FROM "my orders" WHERE region <> \'"""\' GROUP BY 1 ORDER BY 2 DESC'
    printed = run(to_python(Query(sql, "duckdb", ("my orders",)), [path], 'Total "sales"\nby region'), tmp_path)
    assert printed.split() == ["region", "total", "0", "West", "17.0", "1", "East", "5.0"]


def test_the_program_reads_a_file_as_it_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "销售.csv"
    path.write_bytes("2024年报表\n日期;金额;数量\n05/01/2024;1.234,50;3\n06/01/2024;(20,5);-\n无;3万;4\n".encode("gb18030"))
    columns = (
        LoadedColumn("日期", "日期", "DATE", "%d/%m/%Y"),
        LoadedColumn("金额", "金额", "DOUBLE", "1.234,5"),
        LoadedColumn("数量", "数量", "BIGINT"),
    )
    table = LoadedTable("销售", path, 3, columns, encoding="gb18030", delimiter=";", skipped_lines=1)
    sql = "SELECT count(日期) AS days, month(max(日期)) AS m, sum(金额) AS amount, sum(数量) AS pieces FROM 销售"
    printed = run(to_python(Query(sql, "duckdb", ("销售",)), [table], "金额合计"), tmp_path)
    assert printed.split()[4:] == ["0", "2", "1", "31214.0", "7.0"]


@pytest.mark.parametrize("ending", ["parquet", "json", "xlsx"])
def test_the_program_reads_other_kinds_of_files(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t.{ending}"
    rows = rows_of("SELECT 'a' AS name, 3 AS size")
    if ending == "xlsx":
        path.write_bytes(to_excel(rows))
    else:
        duckdb.sql(f"COPY (SELECT 'a' AS name, 3 AS size) TO '{path}'")
    assert run(to_python(Query("SELECT size * 2 AS twice FROM t", "duckdb", ("t",)), [path]), tmp_path).split() == ["twice", "0", "6"]


@pytest.mark.parametrize("ending", ["duckdb", "db"])
def test_the_program_reads_tables_of_a_database_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"shop.{ending}"
    connection = duckdb.connect(str(path)) if ending == "duckdb" else sqlite3.connect(path)
    connection.execute('CREATE TABLE "my t" AS SELECT 3 AS size')
    connection.commit()
    connection.close()
    tables = [LoadedTable(name, path, 1, (LoadedColumn("size", "size", "BIGINT"),)) for name in ("my t", "another")]
    program = to_python(Query('SELECT size * 2 AS twice FROM "my t"', "duckdb", ("my t",)), tables)
    assert run(program, tmp_path).split() == ["twice", "0", "6"]
