"""Web pages of one file each: a chart, a dashboard, a panel that saves pictures. They ask nothing of any server."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from analyst.draw.theme import CONFIG, FONT, Theme, theme
from analyst.errors import AnalystError
from analyst.export.images import NO_FIGURE
from analyst.terms import Bilingual, Cell, Language, ResultSet
from analyst.writing.numerals import exact
from analyst.writing.plain import visible

MOST_ROWS = 200
"""Rows of a table on a dashboard; the rest is counted."""

DRAW = """
for (const holder of document.querySelectorAll(".chart")) {
  const chart = JSON.parse(holder.nextElementSibling.textContent);
  Plotly.newPlot(holder, chart.data, chart.layout, chart.config);
}
"""
SAVE = """
const chart = JSON.parse(document.getElementById("chart").textContent);
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    const scale = button.dataset.format === "png" ? 2 : 1;
    const size = {format: button.dataset.format, width: 1000, height: chart.layout.height || 420, scale};
    const link = document.createElement("a");
    link.href = await Plotly.toImage({data: chart.data, layout: chart.layout, config: chart.config}, size);
    link.download = chart.name + "." + button.dataset.format;
    document.body.append(link);
    link.click();
    link.remove();
  });
}
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One answer on a dashboard."""

    title: str
    figure: go.Figure | None = None
    result: ResultSet | None = None
    """Shown as a table where there is no figure."""
    commentary: str = ""
    reading: str = ""
    """How the question was read."""
    sql: str = ""


def to_html(figure: go.Figure | None, title: str) -> str:
    """A page with the chart alone. Raises AnalystError for a table."""
    drawn = _drawn(figure)
    head: tuple[str, Language] = (title, "zh" if _is_chinese(title) else "en")
    return _page(head, theme(_is_dark(drawn)), _chart(drawn), [plotly_script(), DRAW], webgl=_needs_webgl([drawn]))


def _drawn(figure: go.Figure | None) -> go.Figure:
    """The figure. Raises AnalystError where there is none."""
    if figure is None:
        raise AnalystError(*NO_FIGURE)
    return figure


def _is_dark(figure: go.Figure) -> bool:
    return bool(figure.layout.paper_bgcolor == theme(True).background)


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def dashboard_html(title: str, tiles: Sequence[Tile], language: Language, dark: bool = False) -> str:
    """A page with all tiles in a grid; a phone shows one below the other, paper breaks between them."""
    body = f"<h1>{shown(title)}</h1>\n<main>{''.join(_tile(tile, language) for tile in tiles)}</main>"
    figures = [tile.figure for tile in tiles if tile.figure is not None]
    scripts = [plotly_script(), DRAW] if figures else []
    return _page((title, language), theme(dark), body, scripts, webgl=_needs_webgl(figures))


def image_panel_html(figure: go.Figure | None, language: Language, name: str = "chart") -> str:
    """A small page with two buttons, PNG and SVG, that save the picture from the reader's own browser. Raises AnalystError for a table."""
    drawn = _drawn(figure)
    words = Bilingual("Save as {}", "保存为 {}").in_language(language)
    buttons = "".join(f'<button type="button" data-format="{form}">{words.format(form.upper())}</button>' for form in ("png", "svg"))
    chart = f'<div class="panel">{buttons}</div><script type="application/json" id="chart">{_chart_json(drawn, name)}</script>'
    return _page((name, language), theme(_is_dark(drawn)), chart, [plotly_script(), SAVE], webgl=_needs_webgl([drawn]))


# ------------------------------------------------------------------------------------------------ parts
def shown(text: str) -> str:
    """Text of data and of models as HTML that shows it and makes nothing of it."""
    return html.escape(visible(text))


@cache
def plotly_script() -> str:
    """plotly.js, as installed with plotly."""
    # A browser reads \\r\\n as \\n, so the hash below has to be of the same text.
    return str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n")


def _chart(figure: go.Figure) -> str:
    height = figure.layout.height or 400
    return f'<div class="chart" style="height:{int(height)}px"></div><script type="application/json">{_chart_json(figure)}</script>'


def _chart_json(figure: go.Figure, name: str = "chart") -> str:
    """Data, layout and settings as JSON in which no cell can end the script that holds it."""
    chart = json.loads(figure.to_json()) | {"config": CONFIG, "name": name}
    written = json.dumps(chart, ensure_ascii=False, separators=(",", ":"))
    return (
        written.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _needs_webgl(figures: Sequence[go.Figure]) -> bool:
    return any(trace.type == "scattergl" for figure in figures for trace in figure.data)


def _tile(tile: Tile, language: Language) -> str:
    parts = [f"<h2>{shown(tile.title)}</h2>"]
    if tile.figure is not None:
        parts.append(_chart(_untitled(tile.figure)))
    elif tile.result is not None:
        parts.append(_table(tile.result, language))
    if tile.commentary:
        parts.append(f'<p class="commentary">{shown(tile.commentary)}</p>')
    if tile.reading:
        parts.append(f'<p class="reading">{shown(tile.reading)}</p>')
    if tile.sql:
        parts.append(f"<details><summary>SQL</summary><pre><code>{shown(tile.sql)}</code></pre></details>")
    return f"<article>{''.join(parts)}</article>\n"


def _untitled(figure: go.Figure) -> go.Figure:
    """The figure without its title, which the tile has already; what it tells of its rows stays."""
    notes, top = figure.layout.title.subtitle.text or "", figure.layout.margin.t or 60
    bare = go.Figure(figure)
    bare.update_layout(
        title={"text": notes, "subtitle": {"text": ""}, "font": {"size": 12}, "pad": {"l": 0, "t": 0}}, margin={"t": max(top - 34, 12)}
    )
    return bare


def _table(result: ResultSet, language: Language) -> str:
    rows = result.rows()
    head = "".join(f'<th scope="col">{shown(name)}</th>' for name in result.columns)
    body = "".join(f"<tr>{''.join(_cell(cell, language) for cell in row)}</tr>" for row in rows[:MOST_ROWS])
    hidden = len(rows) - MOST_ROWS
    more = Bilingual(f"… and {hidden:,} more rows", f"… 另有 {hidden:,} 行").in_language(language)
    table = f'<div class="rows" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return table + (f'<p class="reading">{more}</p>' if hidden > 0 else "")


def _cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, float):
        return f'<td class="number">{shown(exact(cell, language))}</td>'
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f'<td class="number">{cell}</td>'
    return f"<td>{'' if cell is None else shown(str(cell))}</td>"


def _page(head: tuple[str, Language], look: Theme, body: str, scripts: Sequence[str], webgl: bool) -> str:
    """The whole page; its policy lets run only the scripts written here and forbids every request."""
    title, language = head
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts)
    # WebGL charts compile their drawing code in the page.
    running = f"{hashes} 'unsafe-eval'" if webgl else hashes or "'none'"
    policy = (
        f"default-src 'none'; script-src {running}; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'"
    )
    code = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown(title)}</title>\n<style>{_style(look)}</style>\n</head>\n<body>\n{body}\n{code}</body>\n</html>\n"
    )


def _style(look: Theme) -> str:
    return f"""
:root {{ color-scheme: {"dark" if look is theme(True) else "light"}; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 16px; max-width: 1600px; font: 15px/1.55 {FONT}; color: {look.text}; background: {look.background}; }}
h1 {{ font-size: 24px; margin: 4px 0 16px; overflow-wrap: anywhere; }}
h2 {{ font-size: 17px; margin: 0 0 8px; overflow-wrap: anywhere; }}
main {{ display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); align-items: start; }}
article {{ border: 1px solid {look.grid}; border-radius: 10px; padding: 14px; min-width: 0; break-inside: avoid; }}
.chart {{ width: 100%; }}
.rows {{ overflow: auto; max-height: 380px; }}
table {{ border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 5px 10px; text-align: left; border-bottom: 1px solid {look.grid}; white-space: nowrap; }}
th {{ position: sticky; top: 0; background: {look.background}; }}
.number {{ text-align: right; }}
.commentary {{ margin: 10px 0 0; white-space: pre-line; overflow-wrap: anywhere; }}
.reading {{ margin: 8px 0 0; font-size: 13px; color: {look.quiet}; overflow-wrap: anywhere; }}
details {{ margin-top: 8px; font-size: 13px; }}
summary {{ cursor: pointer; color: {look.quiet}; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: 6px 0 0; }}
.panel {{ display: flex; gap: 8px; }}
button {{ font: inherit; padding: 6px 14px; border-radius: 8px; border: 1px solid {look.quiet}; cursor: pointer; }}
button {{ background: {look.background}; color: {look.text}; }}
button:hover, button:focus-visible {{ border-color: {look.colors[0]}; outline: 2px solid {look.colors[0]}; outline-offset: 1px; }}
@media print {{ body {{ padding: 0; }} .rows {{ max-height: none; overflow: visible; }} }}
"""
