"""Rankings of things by their own single rows say nothing; the rows that point to them are counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyst import Answer, Workspace, ask
from analyst.workspace import open_workspace

MEMBERS = "member_id,member_name,town\n1,Ann,Bath\n2,Bob,York\n3,Cid,Bath\n4,Dot,Ely\n"
HIRES = "hire_id,member_id,day,price\n" + "".join(
    f"{number},{member},2024-0{1 + number % 6}-11,{number * 3}\n" for number, member in enumerate((2, 2, 1, 2, 3, 1), 1)
)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Members, one row each, and what they hired."""
    folder: Path = tmp_path_factory.mktemp("club")
    for name, text in (("members", MEMBERS), ("hires", HIRES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = open_workspace([str(folder / "members.csv"), str(folder / "hires.csv")], folder / "workspace")
    yield workspace
    workspace.close()


@pytest.mark.parametrize("question", ["which member_name hired the most", "which member has the most hires"])
def test_things_are_ranked_by_the_rows_that_point_to_them(club: Workspace, question: str) -> None:
    *_, reply = ask(question, club)
    assert isinstance(reply, Answer)
    assert reply.result.rows()[0][0] == "Bob"


def test_what_several_rows_share_is_ranked_by_its_own_rows(club: Workspace) -> None:
    *_, reply = ask("which town has the most members", club)
    assert isinstance(reply, Answer)
    assert reply.result.rows()[0][0] == "Bath"
