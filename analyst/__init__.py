"""Ask tables in plain English or Chinese; the way of a question, in order:

workspace (the data) -> linking (what the words speak of) -> prompt -> models (SQL) -> validation -> connectors (rows) -> voting
-> chart -> facts -> meaning, reading (what to be careful of, how it was read) -> commentary. analyst/ask.py shows it on one screen.

    from analyst import ask, open_workspace
    *_, reply = ask("total sales by region", open_workspace(["orders.csv"]))
"""

from analyst.ask import ask, run_sql
from analyst.errors import AnalystError
from analyst.terms import Answer, Clarification, Failure, Refusal, Reply
from analyst.workspace import Workspace, open_workspace

__all__ = ["AnalystError", "Answer", "Clarification", "Failure", "Refusal", "Reply", "Workspace", "ask", "open_workspace", "run_sql"]
