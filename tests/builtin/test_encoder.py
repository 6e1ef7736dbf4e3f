"""The encoder: pieces of words, the parts of a plan and what it believes of questions over tables it never saw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyst.linking import link
from analyst.models.builtin.encoder.believed import beliefs_of, believed
from analyst.models.builtin.encoder.inputs import MOST, Name, inputs_of
from analyst.models.builtin.encoder.network import Beliefs, network
from analyst.models.builtin.encoder.parts import SHAPES, parts_of
from analyst.models.builtin.encoder.steps import believed_steps
from analyst.models.builtin.encoder.wordpiece import pieces
from analyst.models.builtin.model import catalog_of
from analyst.models.builtin.plan import Field, Measure
from analyst.models.builtin.readback import read_back
from analyst.terms import Prompt, Question
from analyst.workspace import Workspace, open_workspace

TABLES = {
    "vineyards": "vineyard_id,vineyard_name,region,hectares\n1,Clos Vert,Alsace,12\n2,Mas Rouge,Rhone,30\n3,Val Noir,Alsace,7\n",
    "wines": "wine_id,wine_name,vineyard_id,grape,vintage,price,score\n1,Aube,1,Riesling,2018,14,88\n2,Brise,1,Pinot,2019,22,91\n"
    "3,Cime,2,Syrah,2018,31,93\n4,Dune,2,Grenache,2020,12,84\n5,Etoile,3,Riesling,2021,18,90\n",
    "tastings": "tasting_id,wine_id,taster,stars\n1,1,Ann,4\n2,3,Bob,5\n3,3,Ann,4\n4,5,Cy,3\n",
}


@pytest.fixture(scope="module")
def cellar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Vineyards, their wines, and tastings of these."""
    folder = tmp_path_factory.mktemp("cellar")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = open_workspace(sorted(folder.glob("*.csv")), folder / "workspace")
    yield workspace
    workspace.close()


def beliefs(text: str, workspace: Workspace) -> Beliefs:
    assert workspace.data
    question = Question(text, "en")
    schema = workspace.data.schema
    return beliefs_of(Prompt("", question, schema, link(question, schema, workspace.data.values)), catalog_of(schema))


def played(text: str, role: str, workspace: Workspace) -> set[tuple[str, str]]:
    return {(name.table, name.column) for name, odds in beliefs(text, workspace).roles.items() if odds[role] > 0}


def told(text: str, shape: str, workspace: Workspace) -> str:
    cases = beliefs(text, workspace).shapes[shape]
    return max(cases, key=lambda case: cases[case])


def test_words_are_cut_into_the_longest_known_pieces() -> None:
    known = {"[UNK]": 0, "re": 1, "##run": 2, "##s": 3, "cafe": 4, "?": 5}
    assert [piece.id for piece in pieces("Reruns Café? zzz", known)] == [1, 2, 3, 4, 5, 0]
    assert [piece.start for piece in pieces("Reruns Café?", known)] == [0, 0, 0, 7, 11]


def test_the_parts_of_a_plan_name_what_each_column_is_used_for(cellar: Workspace) -> None:
    assert cellar.data
    sql = "SELECT grape, avg(price) FROM wines WHERE score > 85 GROUP BY grape ORDER BY avg(price) DESC LIMIT 1"
    plan = read_back(sql, cellar.data.schema)
    assert plan
    parts = parts_of(plan)
    assert parts.roles[Field("wines", "grape")] == {"shown", "grouped"}
    assert parts.roles[Field("wines", "price")] == {"figure", "ordered"}
    assert parts.roles[Field("wines", "score")] == {"compared"}
    assert parts.tables == {"wines"}
    assert {shape: parts.shape[shape] for shape in ("outputs", "avg", "groups", "order", "limit", "having")} == {
        "outputs": "2", "avg": "yes", "groups": "1", "order": "desc", "limit": "one", "having": "none",
    }  # fmt: skip
    assert all(case in SHAPES[shape] for shape, case in parts.shape.items())


def test_a_count_of_groups_is_told_from_a_list(cellar: Workspace) -> None:
    assert told("How many wines are there?", "count", cellar) == "yes"
    assert told("What are the names of all wines?", "count", cellar) == "no"
    assert told("How many wines does each grape have?", "groups", cellar) == "1"


def test_columns_are_believed_to_play_the_part_that_the_sentence_gives_them(cellar: Workspace) -> None:
    assert ("wines", "wine_name") in played("List the names of the wines.", "shown", cellar)
    assert ("wines", "price") in played("What is the average price of the wines?", "figure", cellar)
    assert ("wines", "price") in played("Show the names of wines sorted by price.", "ordered", cellar)


def test_a_plan_that_agrees_is_believed_more_than_one_that_does_not(cellar: Workspace) -> None:
    assert cellar.data
    held = beliefs("What is the average price of the wines?", cellar)
    sums = []
    for sql in ("SELECT avg(price) FROM wines", "SELECT price FROM wines", "SELECT avg(score) FROM wines", "SELECT count(*) FROM wines"):
        plan = read_back(sql, cellar.data.schema)
        assert plan
        sums.append(sum(believed(parts_of(plan), held).values()))
    assert max(sums) == sums[0]


def test_a_step_is_taken_towards_a_column_that_is_believed(cellar: Workspace) -> None:
    assert cellar.data
    held = beliefs("What is the average price of the wines?", cellar)
    plan = read_back("SELECT avg(score) FROM wines", cellar.data.schema)
    assert plan
    found = dict(believed_steps(plan, held, catalog_of(cellar.data.schema)))
    assert found["believed figure"].select == (Measure("avg", Field("wines", "price")),)


def test_a_schema_of_a_thousand_columns_leaves_room_for_those_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(
        ",".join([f"measure_{n}" for n in range(1000)] + ["harbour"]) + "\n" + ",".join(["1"] * 1000 + ["Oslo"]) + "\n"
    )
    with_wide = open_workspace([tmp_path / "wide.csv"], tmp_path / "workspace")
    assert with_wide.data
    question, schema = Question("list every harbour", "en"), with_wide.data.schema
    inputs = inputs_of(question.text, link(question, schema, with_wide.data.values), catalog_of(schema), network().vocabulary)
    with_wide.close()
    assert len(inputs.pieces) <= MOST
    assert Name("wide", "harbour") in inputs.names
