"""A figure as PNG or SVG, drawn by a browser of this machine; nothing is fetched from outside."""

from __future__ import annotations

from typing import Any, Literal

import kaleido
import plotly.graph_objects as go
from choreographer.errors import BrowserClosedError, BrowserDepsError, BrowserFailedError, ChannelClosedError, ChromeNotFoundError
from kaleido.errors import KaleidoError

from analyst.errors import AnalystError
from analyst.terms import Bilingual

WIDTH = 900
SECONDS = 60.0
"""A browser that has not drawn by then hangs."""

NO_FIGURE = (
    Bilingual("A table has no picture.", "表格没有可导出的图片。"),
    Bilingual("Export it as CSV or Excel.", "请导出为 CSV 或 Excel。"),
)
NO_BROWSER = (
    Bilingual("No Chrome or Chromium was found on this machine to draw the picture.", "本机没有找到可用于绘图的 Chrome 或 Chromium。"),
    Bilingual(
        "Install one (on Debian: apt install chromium), set BROWSER_PATH to it, or export as HTML, which needs none.",
        "请安装其中之一（Debian：apt install chromium），或用 BROWSER_PATH 指明其位置；也可以导出为 HTML，无需浏览器。",
    ),
)
BROWSER_FAILED = (
    Bilingual("The browser of this machine started but could not draw the picture.", "本机浏览器已启动，但没能画出图片。"),
    Bilingual("Try again, or export as HTML, which needs no browser here.", "请重试，或导出为 HTML，无需本机浏览器。"),
)


def to_png(figure: go.Figure | None, width: int = WIDTH, scale: float = 2.0) -> bytes:
    """The figure as PNG. Raises AnalystError for a table and where no browser can draw."""
    return _image(figure, "png", width, scale)


def to_svg(figure: go.Figure | None, width: int = WIDTH) -> bytes:
    """The figure as SVG. Raises AnalystError for a table and where no browser can draw."""
    return _image(figure, "svg", width, 1.0)


def _image(figure: go.Figure | None, form: Literal["png", "svg"], width: int, scale: float) -> bytes:
    if figure is None:
        raise AnalystError(*NO_FIGURE)
    options: dict[str, Any] = {"format": form, "width": width, "height": figure.layout.height or 400, "scale": scale}
    try:
        # Without mathjax=False the browser would be told to fetch MathJax from its maker's server.
        image = kaleido.calc_fig_sync(figure.to_dict(), opts=options, kopts={"mathjax": False, "timeout": SECONDS})
    except ChromeNotFoundError as error:
        raise AnalystError(*NO_BROWSER) from error
    except (BrowserFailedError, BrowserDepsError, BrowserClosedError, ChannelClosedError, KaleidoError, TimeoutError, OSError) as error:
        raise AnalystError(*BROWSER_FAILED) from error
    return bytes(image)
