"""The box on the page into which large files are dropped; upload_box.js sends them to the route in uploads.py."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analyst.terms import Language
from analyst.ui.upload_words import BOX, size_words
from analyst.ui.uploads import ROUTE, TOKEN_HEADER, UPLOADS, upload_limit

HERE = Path(__file__).parent
HTML, CSS, JS = ((HERE / f"upload_box.{ending}").read_text(encoding="utf-8") for ending in ("html", "css", "js"))


def upload_box(folder: Path, language: Language, key: str = "upload_box", taking: bool = True) -> tuple[Path, ...]:
    """Draw the box; gives the files that have come into the folder since they were last taken, each once.

    The page is drawn again by itself as soon as a file has arrived. A page that cannot take files now leaves them for a later drawing.
    """
    token_key = f"{key}_token"
    if UPLOADS.folder(st.session_state.get(token_key, "")) != folder:
        st.session_state[token_key] = UPLOADS.admit(folder)
    token = st.session_state[token_key]
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    box = st.components.v2.component("upload_box", html=HTML, css=CSS, js=JS)
    box(
        key=key,
        data={
            "url": f"/{base}{ROUTE}" if base else ROUTE,
            "header": TOKEN_HEADER,
            "token": token,
            "limit": upload_limit(),
            "limitWords": size_words(upload_limit()),
            "language": language,
            "words": {name: words.in_language(language) for name, words in BOX.items()},
        },
        on_arrived_change=lambda: None,
    )
    return UPLOADS.take(token) if taking else ()
