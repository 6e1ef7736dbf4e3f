"""How every chart looks: colours told apart by everyone, fonts that hold Chinese, margins that fit a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
"""Latin first, then the Chinese faces of macOS, Windows and Linux; fonts of the reader's machine only."""

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    # plotly.js would offer a button that sends the rows to a server of its maker.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "chart"},
}
"""For plotly.js wherever a chart is shown."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one appearance."""

    background: str
    text: str
    quiet: str
    """For notes, axis titles and what stands behind."""
    grid: str
    colors: tuple[str, ...]
    """For categories: the first two after Okabe and Ito, then what lies farthest from those before for every kind of colour vision;
    each with a contrast of at least 3 to the background (WCAG 2.2, 1.4.11)."""
    rest: str
    """For categories beyond those that can be told apart."""
    ramp: tuple[str, ...]
    """From least to most, even in lightness."""
    diverging: tuple[str, ...]
    """From below zero through zero to above."""


LIGHT = Theme(
    background="#ffffff",
    text="#1f2328",
    quiet="#5f6670",
    grid="#e4e7eb",
    colors=("#0072b2", "#d55e00", "#00a087", "#5b2a86", "#6b3a12", "#8f86e8", "#b0417a", "#2b2f36"),
    rest="#a9afb8",
    ramp=("#eef4fa", "#c3dbee", "#8dbfe0", "#4f9bcb", "#1f74ad", "#0a4a7a", "#06294a"),
    diverging=("#a63c06", "#d97b3f", "#f2c7a5", "#f5f5f5", "#b3d3ea", "#4f9bcb", "#0a4a7a"),
)
DARK = Theme(
    background="#0e1117",
    text="#e8eaed",
    quiet="#a4abb6",
    grid="#2a303a",
    colors=("#56b4e9", "#ff9d4d", "#b0f0d8", "#8a6bff", "#f0e442", "#c0407a", "#3a7ab8", "#d8dbe0"),
    rest="#5d6570",
    ramp=("#16222f", "#1b3d5a", "#1f5e8c", "#2f83bd", "#5cabdf", "#97cff3", "#d6eefc"),
    diverging=("#ffb27a", "#d97b3f", "#7a4526", "#22262e", "#1f5e8c", "#5cabdf", "#bfe3fa"),
)

DASHES = ("solid", "dash", "dot")
PATTERNS = ("", "/", ".")
"""Once all colours are used they come again, dashed or hatched."""


def theme(dark: bool) -> Theme:
    """The colours for a dark or a light page."""
    return DARK if dark else LIGHT


def color_of(index: int, look: Theme) -> str:
    """The colour of a category by its place; the last look of all beyond the second round."""
    return look.colors[index % len(look.colors)] if index < 2 * len(look.colors) else look.rest


def round_of(index: int, look: Theme) -> int:
    """How often the colours have been used up before this place: 0, 1 or 2."""
    return min(index // len(look.colors), 2)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the marks."""

    title: str
    notes: str
    height: int
    """Pixels without the legend."""
    legend: int
    """Entries of the legend; none where it is not needed."""
    above: int = 0
    """Pixels for headings between title and marks."""


def dressed(figure: go.Figure, look: Theme, frame: Frame) -> go.Figure:
    """The figure with title, notes under it, fonts, and a legend below that leaves a narrow screen to the marks."""
    title, notes = frame.title, frame.notes
    lines = title.count("<br>") + 1
    note_lines = notes.count("<br>") + 1 if notes else 0
    # On a phone every entry of the legend takes a line, on a wide screen five share one.
    below = 24 + 11 * min(frame.legend, 16) if frame.legend else 0
    dress = {
        "template": "none",
        "font": {"family": FONT, "size": 13, "color": look.text},
        "paper_bgcolor": look.background,
        "plot_bgcolor": look.background,
        "colorway": list(look.colors),
        "title": {
            "text": title,
            "subtitle": {"text": notes, "font": {"size": 12, "color": look.quiet}},
            "x": 0.0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 12, "t": 12},
            "y": 1.0,
            "yanchor": "top",
            "font": {"size": 16, "color": look.text},
        },
        "margin": {"l": 12, "r": 16, "t": 26 + 21 * lines + 17 * note_lines + frame.above, "b": 16, "pad": 2},
        "height": frame.height + below,
        "showlegend": frame.legend > 0,
        "legend": {
            "orientation": "h", "x": 0.0, "xanchor": "left", "y": 0.0, "yref": "container", "yanchor": "bottom",
            "font": {"size": 12}, "itemsizing": "constant", "traceorder": "normal", "bgcolor": "rgba(0,0,0,0)",
        },
        "hoverlabel": {
            "bgcolor": look.background, "bordercolor": look.quiet, "align": "left", "namelength": -1,
            "font": {"family": FONT, "size": 13, "color": look.text},
        },
        "bargap": 0.28,
        "bargroupgap": 0.06,
        "dragmode": False,
        "separators": ".,",
    }  # fmt: skip
    axis = {
        "automargin": True,
        "ticks": "",
        "gridcolor": look.grid,
        "linecolor": look.grid,
        "zerolinecolor": look.quiet,
        "tickfont": {"size": 12, "color": look.text},
        "title": {"font": {"size": 12, "color": look.quiet}, "standoff": 8},
    }
    layout = {name: part for name, part in figure.layout.to_plotly_json().items() if name != "template"}
    axes = {"xaxis", "yaxis"} | {name for name in layout if name.startswith(("xaxis", "yaxis"))}
    # Put in as a whole: the library's own updates look at each part anew, which takes ten times as long.
    figure.layout = laid_over(layout, dress | dict.fromkeys(axes, axis))
    return figure


def laid_over(beneath: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both, the upper one's leaves in the place of the lower one's."""
    both = beneath | above
    for name in beneath.keys() & above.keys():
        if isinstance(beneath[name], dict) and isinstance(above[name], dict):
            both[name] = laid_over(beneath[name], above[name])
    return both
