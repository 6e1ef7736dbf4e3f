"""The entry of the page: `streamlit run app.py`, or make run."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from analyst.ui.doors import Doors
from analyst.ui.uploads import upload_routes

app = st.App(Path(__file__).parent / "analyst" / "ui" / "page.py", routes=upload_routes(), middleware=[Middleware(Doors)])
