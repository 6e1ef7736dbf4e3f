"""One person's data: added, replaced, removed, and still there after a restart."""

from pathlib import Path

import pytest

from analyst.errors import FileRejected
from analyst.home import open_home
from analyst.store import Store
from analyst.terms import ColumnEdit
from analyst.workspace import Workspace, open_workspace
from connectors.files import LoadReport, Source


def load(workspace: Workspace, *files: Path) -> LoadReport:
    *_, report = workspace.load([Source(file) for file in files], in_child=False)
    assert isinstance(report, LoadReport)
    return report


def names(workspace: Workspace) -> list[str]:
    assert workspace.data
    return sorted(table.name for table in workspace.data.schema.tables)


def test_a_file_read_again_replaces_its_table_and_says_so(orders: Workspace, orders_file: Path) -> None:
    orders_file.write_text("Region,Sales\nWest,5\n", encoding="utf-8")
    report = load(orders, orders_file)
    assert report.tables[0].replaced
    assert names(orders) == ["orders"]
    assert orders.data.schema.tables[0].rows == 1


def test_a_second_file_leaves_the_first_in_place(orders: Workspace, shops_file: Path) -> None:
    load(orders, shops_file)
    assert names(orders) == ["orders", "门店销售"]


def test_a_question_under_way_finishes_on_the_rows_it_began_with(orders: Workspace, orders_file: Path) -> None:
    before = orders.data
    orders_file.write_text("Region,Sales\nWest,5\n", encoding="utf-8")
    load(orders, orders_file)
    assert before.connector.values("orders", "Region", 10)


def test_loading_that_is_given_up_leaves_everything_as_it_was(orders: Workspace, shops_file: Path) -> None:
    loading = orders.load([Source(shops_file)], in_child=False)
    next(loading)
    loading.close()
    assert names(orders) == ["orders"]
    load(orders, shops_file)
    assert names(orders) == ["orders", "门店销售"]


def test_old_versions_of_the_data_are_cleared_away(orders: Workspace, orders_file: Path) -> None:
    for _ in range(4):
        load(orders, orders_file)
    assert len(list((orders.folder / "data").glob("*.duckdb"))) <= 2


def test_a_removed_table_is_gone_and_its_file_stays(orders: Workspace, orders_file: Path, shops_file: Path) -> None:
    load(orders, shops_file)
    orders.remove_table("orders")
    assert names(orders) == ["门店销售"]
    assert orders_file.exists()


def test_the_first_opening_of_a_home_holds_the_sample_tables_and_the_next_what_was_left(tmp_path: Path, shops_file: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    workspace = open_home(tmp_path / "home", store)
    assert "orders" in names(workspace)
    workspace.remove_table("orders")
    load(workspace, shops_file)
    left = names(workspace)
    workspace.close()
    again = open_home(tmp_path / "home", store)
    assert names(again) == left
    again.close()


def test_what_the_person_says_of_a_column_holds_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    workspace = open_home(tmp_path / "home", store)
    store.set_column_edit("orders", "Sales", ColumnEdit(unit="€", description="net of tax"))
    workspace.edits_changed()
    workspace.close()
    again = open_home(tmp_path / "home", store)
    column = again.data.schema.table("orders").column("Sales")
    again.close()
    assert (column.unit, column.description) == ("€", "net of tax")


def test_a_temporary_workspace_leaves_nothing_behind(orders_file: Path) -> None:
    workspace = open_workspace([orders_file])
    folder = workspace.folder
    workspace.close()
    assert not folder.exists()


def test_a_file_that_gives_no_table_is_named(tmp_path: Path, orders_file: Path) -> None:
    with pytest.raises(FileRejected, match=r"gone\.csv"):
        open_workspace([orders_file, tmp_path / "gone.csv"])


def test_no_file_at_all_says_what_to_do() -> None:
    with pytest.raises(FileRejected) as caught:
        open_workspace([])
    assert "file" in caught.value.hint.en
