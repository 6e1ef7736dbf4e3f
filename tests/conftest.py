"""Tables that the tests of several rooms ask about; made here, so that nothing outside is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from analyst.workspace import Workspace, open_workspace

ORDERS = """Order ID,Order Date,Region,Product,Quantity,Sales,Profit
A-1,2024-01-15,West,Pen,10,100.5,20.1
A-2,2024-01-20,East,Desk,1,300.0,-15.0
A-3,2024-02-03,West,Lamp,3,90.0,30.0
A-4,2024-02-18,North,Pen,20,210.0,45.0
A-5,2024-03-05,East,Lamp,2,60.0,
A-6,2024-03-09,West,Desk,2,620.0,80.0
A-7,2024-04-11,South,Pen,5,52.5,11.0
A-8,2024-04-30,West,Lamp,4,120.0,33.0
"""

SHOPS = """门店,城市,日期,品类,销售额,数量
一号店,上海,2024-01-05,饮料,1200.5,30
二号店,北京,2024-01-09,零食,800,25
一号店,上海,2024-02-11,零食,950,40
三号店,广州,2024-02-20,饮料,430,12
二号店,北京,2024-03-02,饮料,1500,50
三号店,广州,2024-03-15,日用,610,18
"""


@pytest.fixture
def orders_file(tmp_path: Path) -> Path:
    """Eight orders; one profit is missing."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.fixture
def shops_file(tmp_path: Path) -> Path:
    """Six sales of three shops, in Chinese and in GB18030."""
    path = tmp_path / "门店销售.csv"
    path.write_text(SHOPS, encoding="gb18030")
    return path


@pytest.fixture
def orders(orders_file: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace over the eight orders."""
    workspace = open_workspace([orders_file], tmp_path / "workspace")
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def workspaces(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    """A workspace for each set of tables in a test module's `TABLES`, which holds CSV text by set and table."""
    sets: Mapping[str, Mapping[str, str]] = request.module.TABLES
    opened = {}
    for name, tables in sets.items():
        folder = tmp_path_factory.mktemp("tables")
        for table, text in tables.items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        opened[name] = open_workspace(sorted(folder.glob("*.csv")), folder / "workspace")
    yield opened
    for workspace in opened.values():
        workspace.close()
