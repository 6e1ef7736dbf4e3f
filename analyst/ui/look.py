"""The few things that Streamlit's theme cannot say."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
.stMainBlockContainer {max-width: 68rem; padding-top: 2.5rem; padding-bottom: 2rem;}
.stBottomBlockContainer, [data-testid="stBottomBlockContainer"] {max-width: 68rem;}
.st-key-wide-page {max-width: none;}
[data-testid="stChatMessage"] {padding: 0.6rem 0; background: transparent;}
[data-testid="stChatMessage"] [data-testid="stCaptionContainer"] p {margin-bottom: 0;}
[data-testid="stStatusWidget"] {display: none;}
.stPlotlyChart {min-height: 6rem;}
[class*="st-key-chips-"] button {min-height: 2rem; padding: 0.15rem 0.7rem; border-radius: 1rem;}
[class*="st-key-open-"] button, [class*="st-key-open-"] button > div {justify-content: flex-start; text-align: left;}
[class*="st-key-open-"] button p {overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
[data-testid="stSidebarUserContent"] {padding-bottom: 2rem;}
@media (max-width: 640px) {
  .stMainBlockContainer {padding-left: 0.9rem; padding-right: 0.9rem;}
  [data-testid="stChatMessage"] {gap: 0.4rem;}
}
</style>
"""


def dress() -> None:
    """Lay the style over the page."""
    st.html(STYLE)
