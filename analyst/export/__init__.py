"""An answer to take away: CSV, Excel, pictures, one-file web pages, SQL, and Python that gives the rows again."""

from analyst.export.code import to_python, to_sql
from analyst.export.images import to_png, to_svg
from analyst.export.pages import Tile, dashboard_html, image_panel_html, to_html
from analyst.export.rows import defused_csv, to_csv, to_excel

__all__ = [
    "Tile",
    "dashboard_html",
    "defused_csv",
    "image_panel_html",
    "to_csv",
    "to_excel",
    "to_html",
    "to_png",
    "to_python",
    "to_sql",
    "to_svg",
]
