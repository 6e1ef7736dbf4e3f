"""The few things that Streamlit's theme cannot say."""

from __future__ import annotations

import streamlit as st

from analyst.ui import words
from analyst.ui.person import say

STYLE = """
<style>
.stMainBlockContainer {max-width: 68rem; padding-top: 4rem; padding-bottom: 2rem;}
.stBottomBlockContainer, [data-testid="stBottomBlockContainer"] {max-width: 68rem;}
[data-testid="stChatMessage"] {padding: 0.6rem 0; background: transparent;}
[class*="st-key-question-"] {scroll-margin-top: 4rem;}
[class*="st-key-question-"] [data-testid="stChatMessage"] {background: rgba(127, 140, 165, 0.12); padding: 0.6rem 0.8rem;}
[data-testid="stChatMessage"] [data-testid="stCaptionContainer"] p {margin-bottom: 0;}
[data-testid="stStatusWidget"] {display: none;}
[class*="st-key-lines-"] thead {display: none;}
[class*="st-key-lines-"] td:first-child {opacity: 0.72; white-space: nowrap;}
.stPlotlyChart {min-height: 6rem;}
[class*="st-key-chips-"] button {min-height: 2rem; padding: 0.15rem 0.7rem; border-radius: 1rem;}
[class*="st-key-open-"] button, [class*="st-key-open-"] button > div {justify-content: flex-start; text-align: left;}
[class*="st-key-open-"] button {min-height: 2.1rem; padding: 0.15rem 0.6rem;}
[class*="st-key-open-"] button p {overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
[data-testid="stSidebarUserContent"] {padding-bottom: 2rem;}
@media (max-width: 640px) {
  .stMainBlockContainer {padding-left: 0.9rem; padding-right: 0.9rem;}
  [data-testid="stChatMessage"] > :first-child {display: none;}
}
</style>
"""


TO_THE_QUESTION = """
<script>
{{ /* {question} */
/* Again while the chart below grows, until the person scrolls. */
const moves = [60, 400, 1000, 1800].map((wait) => setTimeout(() => {{
  const asked = document.querySelectorAll('[class*="st-key-question-"]');
  asked[asked.length - 1]?.scrollIntoView({{block: "start"}});
}}, wait));
for (const own of ["wheel", "touchstart", "keydown", "pointerdown"]) {{
  addEventListener(own, () => moves.forEach(clearTimeout), {{once: true, passive: true}});
}} }}
</script>
"""


UPLOADER = """
<style>
[data-testid="stFileUploaderDropzone"] button p, [data-testid="stFileUploaderDropzoneInstructions"],
[data-testid="stFileUploaderDropzoneInstructions"] * {{font-size: 0;}}
[data-testid="stFileUploaderDropzone"] button p::after {{content: "{choose}"; font-size: 0.875rem;}}
[data-testid="stFileUploaderDropzoneInstructions"]::after {{content: "{limit}"; font-size: 0.875rem; opacity: 0.7;}}
</style>
"""


def dress() -> None:
    """Lay the style over the page."""
    st.html(STYLE)


def scroll_to_question(question: int) -> None:
    """Bring the newest question to the top of the window, so that its answer is read from its beginning.

    The number makes each call another text: the browser runs a text once.
    """
    st.html(TO_THE_QUESTION.format(question=int(question)), unsafe_allow_javascript=True)


def word_uploader(megabytes: int) -> None:
    """The uploader's own words, which Streamlit writes in English only."""
    st.html(UPLOADER.format(choose=say(words.CHOOSE_FILES), limit=say(words.EACH_UP_TO, size=megabytes)))


def widen() -> None:
    """Let the page take the whole window, as tiles want it."""
    st.html("<style>.stMainBlockContainer {max-width: 110rem;}</style>")
