"""What the ablation of docs/benchmarks.md leaves out is really left out: for each part there is a question that is read otherwise without
it, and read as before when it is back."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from analyst.linking import link
from analyst.models.builtin import BuiltinModel
from analyst.terms import Candidate, Prompt, Question, Turn
from analyst.workspace import open_workspace
from benchmarks.ablation import PARTS, without

TABLES = {
    "authors": "author_id,name,country\n1,Ada Lund,Norway\n2,Ben Ode,Chile\n3,Cy Moss,Norway\n4,Di Park,United Kingdom\n",
    "books": "book_id,title,author_id,genre,year,price\n11,Cold Pier,1,Crime,2001,10\n12,Long Road,1,Travel,2010,12\n"
    "13,Salt,2,Crime,2004,9\n14,Fog,3,Poetry,2015,20\n",
    "loans": "loan_id,book_id,member_id,city\n31,11,1,Oslo\n32,12,2,Oslo\n33,13,2,Bergen\n34,11,1,Bergen\n",
    "members": "member_id,first_name,last_name,fines\n1,Eve,Moe,5\n2,Flo,Lie,7\n",
}
LISTED = Turn("list the books", "SELECT book_id FROM books WHERE genre = 'Crime'")
NEEDING = {
    "synonyms of headers": ("total cost by genre", ()),
    "word vectors": ("how many novelists are there?", ()),
    "other words for values": ("authors from the UK", ()),
    "parts of values": ("books by Lund", ()),
    "corrected spelling": ("how many loans in Bregen", ()),
    "other readings": ("loans over 5", ()),
    "weighed plans": ("What are the names of authors who wrote Crime books after 2001?", ()),
    "the encoder": ("What are the names of authors who wrote Crime books after 2001?", ()),
    "names for keys": ("which member has the highest fines", ()),
    "learned order of follow-ups": ("and their titles?", (LISTED,)),
    "the query before": ("and their titles?", (LISTED,)),
}
"""A question for each part that needs it."""


def readings(text: str, history: tuple[Turn, ...], folder: Path) -> list[tuple[str, float]]:
    """The candidates for a question and their chances, over tables that were just opened."""
    folder.mkdir()
    files = [folder / f"{name}.csv" for name in TABLES]
    for file in files:
        file.write_text(TABLES[file.stem], encoding="utf-8")
    workspace = open_workspace(files, folder / "workspace")
    assert workspace.data
    question = Question(text, "en", history)
    prompt = Prompt("", question, workspace.data.schema, link(question, workspace.data.schema, workspace.data.values))
    found = [(step.sql, round(step.score, 4)) for step in BuiltinModel().propose(prompt, Event()) if isinstance(step, Candidate)]
    workspace.close()
    return found


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_left_out_is_missed_and_comes_back(part: str, tmp_path: Path) -> None:
    whole = readings(*NEEDING[part], tmp_path / "whole")
    with without(part):
        assert readings(*NEEDING[part], tmp_path / "without") != whole
    assert readings(*NEEDING[part], tmp_path / "again") == whole
