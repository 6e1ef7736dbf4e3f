"""The tables that open on the first run; made by make.py, about nobody real."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

FILES: tuple[Path, ...] = (FOLDER / "orders.csv", FOLDER / "customers.csv", FOLDER / "门店销售.csv")
